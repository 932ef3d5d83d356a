using GatysGpu.Engine.Transfer;
using Spectre.Console;

namespace GatysGpu.Cli.Display;

/// <summary>Progress as one bar that is redrawn, for terminals.</summary>
internal sealed class LiveProgress(IAnsiConsole console) : IProgressDisplay
{
    private const double Whole = 100;
    private readonly Pace pace = new();

    /// <summary>A bar on this process' error stream.</summary>
    public static LiveProgress OnErrorStream() => new(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));

    /// <inheritdoc/>
    public T Show<T>(Func<Action<TransferProgress>, T> work) => console.Progress()
        .AutoClear(true)
        .Columns(new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            ProgressTask task = context.AddTask("preparing", maxValue: Whole);
            return work(at => Update(task, at));
        });

    private void Update(ProgressTask task, TransferProgress at)
    {
        pace.Add(at);
        // Spectre reads square brackets as markup.
        task.Description = Markup.Escape(PlainProgress.Text(at, pace));
        task.Value = Whole * at.Done;
    }
}
