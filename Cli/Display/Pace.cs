using System.Globalization;
using GatysGpu.Engine.Transfer;

namespace GatysGpu.Cli.Display;

/// <summary>How fast a transfer goes, and how long it will take.</summary>
internal sealed class Pace
{
    // About as far back as a person would count.
    private const int Window = 10;

    // A year: what a TimeSpan holds, and longer than anyone waits.
    private const double LongestSeconds = 365 * 24 * 3600;
    private readonly Queue<(TimeSpan End, double Done)> ends = new();
    private int scale;

    /// <summary>Iterations a second lately, or null after the first iteration of a scale, whose time holds the filters' learning.</summary>
    public double? Rate { get; private set; }

    /// <summary>Time left if the share of the work that is done goes on growing as it did lately; null where <see cref="Rate"/> is.</summary>
    public TimeSpan? Left { get; private set; }

    /// <summary>Takes an iteration's end into account.</summary>
    public void Add(TransferProgress at)
    {
        if (at.Scale != scale) ends.Clear();
        scale = at.Scale;
        ends.Enqueue((at.Elapsed, at.Done));
        if (ends.Count > Window + 1) ends.Dequeue();
        (TimeSpan end, double done) = ends.Peek();
        double seconds = (at.Elapsed - end).TotalSeconds;
        bool known = ends.Count > 1 && seconds > 0 && at.Done > done;
        Rate = known ? (ends.Count - 1) / seconds : null;
        Left = known ? TimeSpan.FromSeconds(Math.Min((1 - at.Done) / (at.Done - done) * seconds, LongestSeconds)) : null;
    }

    /// <summary><c>12.3 it/s, 0:45 left</c>.</summary>
    public override string ToString()
    {
        string rate = Rate is { } r ? $"{r.ToString(r < 9.95 ? "0.00" : "0.0", CultureInfo.InvariantCulture)} it/s" : "– it/s";
        return Left is { } left ? $"{rate}, {Clock(left)} left" : rate;
    }

    /// <summary><c>0:45</c>, <c>1:02:03</c>.</summary>
    public static string Clock(TimeSpan time)
    {
        // Rounded up: what is not over does not say 0:00.
        TimeSpan whole = TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));
        return whole.TotalHours >= 1 ? $"{(long)whole.TotalHours}:{whole:mm\\:ss}" : $"{whole.Minutes}:{whole:ss}";
    }
}
