using System.Globalization;
using GatysGpu.Engine.Transfer;

namespace GatysGpu.Cli.Display;

/// <summary>How fast a transfer goes, and how long it will take.</summary>
internal sealed class Pace
{
    // About as far back as a person would count.
    private const int Window = 10;
    private readonly Queue<TimeSpan> ends = new();
    private int scale;

    /// <summary>Iterations a second lately, or null after the first iteration of a scale, whose time holds the filters' learning.</summary>
    public double? Rate { get; private set; }

    /// <summary>Estimated time left, by the share of the work that is done; null at the start.</summary>
    public TimeSpan? Left { get; private set; }

    /// <summary>Takes an iteration's end into account.</summary>
    public void Add(TransferProgress at)
    {
        if (at.Scale != scale) ends.Clear();
        scale = at.Scale;
        ends.Enqueue(at.Elapsed);
        if (ends.Count > Window + 1) ends.Dequeue();
        double seconds = (at.Elapsed - ends.Peek()).TotalSeconds;
        Rate = ends.Count > 1 && seconds > 0 ? (ends.Count - 1) / seconds : null;
        Left = at.Done > 0 ? at.Elapsed * ((1 - Math.Min(at.Done, 1)) / at.Done) : null;
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
