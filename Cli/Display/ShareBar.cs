using System.Diagnostics;
using Spectre.Console;

namespace GatysGpu.Cli.Display;

/// <summary>Progress of a file that is copied or converted: a bar on a terminal, a line now and then elsewhere.</summary>
internal static class ShareBar
{
    private const double Whole = 100;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    /// <summary>How far the work is.</summary>
    /// <param name="Share">0 to 1, or null where it is not known.</param>
    /// <param name="Text">What there is so far.</param>
    /// <param name="Urgent">Whether the text must be seen, such as that something is tried again.</param>
    public readonly record struct Report(double? Share, string Text, bool Urgent = false);

    /// <summary>Does the work while showing what it reports, from any thread.</summary>
    public static T Show<T>(Terminal terminal, Func<Action<Report>, T> work)
    {
        if (terminal.Quiet) return work(_ => { });
        return terminal.Live ? Live(work) : Plain(terminal.Error, work);
    }

    private static T Live<T>(Func<Action<Report>, T> work) => LiveProgress.Bar(LiveProgress.ErrorStream()).Start(context =>
    {
        ProgressTask task = context.AddTask("preparing", maxValue: Whole);
        return work(report =>
        {
            task.Description = Markup.Escape(Terminal.OneLine(report.Text));
            task.Value = Whole * (report.Share ?? 0);
        });
    });

    private static T Plain<T>(TextWriter writer, Func<Action<Report>, T> work)
    {
        Stopwatch sinceLast = Stopwatch.StartNew();
        TextWriter safe = TextWriter.Synchronized(writer);
        return work(report =>
        {
            if (!report.Urgent && sinceLast.Elapsed < Least) return;
            sinceLast.Restart();
            safe.WriteLine(Terminal.OneLine(report.Share is { } share && !report.Urgent ? $"{share:P0} {report.Text}" : report.Text));
        });
    }
}
