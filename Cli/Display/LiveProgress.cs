using System.Globalization;
using GatysGpu.Engine.Transfer;
using Spectre.Console;

namespace GatysGpu.Cli.Display;

/// <summary>Progress as one bar that is redrawn, for terminals.</summary>
internal sealed class LiveProgress(IAnsiConsole console) : IProgressDisplay
{
    private const double Whole = 100;

    // The text takes about 60 columns; on a usual terminal of 80 a short bar is left.
    private const int ShortBar = 12, LongBar = 32, WideTerminal = 110;
    private readonly Pace pace = new();

    /// <summary>This process' error stream.</summary>
    public static IAnsiConsole ErrorStream() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <inheritdoc/>
    public T Show<T>(Func<Action<TransferProgress>, T> work, CancellationToken stop = default) => Bar(console).Start(context =>
    {
        ProgressTask task = context.AddTask("preparing", maxValue: Whole);
        using CancellationTokenRegistration said = stop.Register(() => task.Description = "stopping after this iteration");
        return work(at => Update(task, at));
    });

    /// <summary>A bar with its share and a text, which disappears when the work is done.</summary>
    public static Progress Bar(IAnsiConsole console) => console.Progress().AutoClear(true).Columns(
        new ProgressBarColumn { Width = console.Profile.Width < WideTerminal ? ShortBar : LongBar },
        new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left });

    private void Update(ProgressTask task, TransferProgress at)
    {
        pace.Add(at);
        // Spectre reads square brackets as markup.
        task.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture,
            $"{at.Scale}/{at.Scales} {at.Width}×{at.Height}  {at.Iteration}/{at.Iterations}  loss {at.Loss:G4}  {pace}"));
        task.Value = Whole * at.Done;
    }
}
