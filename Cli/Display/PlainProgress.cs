using System.Globalization;
using GatysGpu.Engine.Transfer;

namespace GatysGpu.Cli.Display;

/// <summary>Progress as lines of text, for files and pipes: a scale's first and last iteration, and every tenth, at most two a second.</summary>
internal sealed class PlainProgress(TextWriter writer) : IProgressDisplay
{
    private const int Every = 10;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.5);
    private readonly Pace pace = new();
    private TimeSpan last;

    /// <inheritdoc/>
    public T Show<T>(Func<Action<TransferProgress>, T> work, CancellationToken stop = default) => work(Add);

    private void Add(TransferProgress at)
    {
        pace.Add(at);
        bool edge = at.Iteration == 1 || at.Iteration == at.Iterations;
        if (!edge && (at.Iteration % Every != 0 || at.Elapsed - last < Least)) return;
        last = at.Elapsed;
        writer.WriteLine(Text(at, pace));
    }

    /// <summary><c>scale 1/3, 128×96, iteration 10/225, loss 0.4321, 12.3 it/s, 0:45 left</c>.</summary>
    public static string Text(TransferProgress at, Pace pace) => string.Create(CultureInfo.InvariantCulture,
        $"scale {at.Scale}/{at.Scales}, {at.Width}×{at.Height}, iteration {at.Iteration}/{at.Iterations}, loss {at.Loss:G5}, {pace}");
}
