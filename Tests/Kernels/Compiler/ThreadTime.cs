using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Processor time of the calling thread, where the system tells it: tests that run at the same time do not count.</summary>
internal static unsafe partial class ThreadTime
{
    // CLOCK_THREAD_CPUTIME_ID of linux/time.h.
    private const int ThreadClock = 3;

    /// <summary>Milliseconds that an action takes at its best, tried until it takes less than some number.</summary>
    /// <param name="limit">The number.</param>
    /// <param name="attempts">Tries at most.</param>
    /// <param name="action">What is measured.</param>
    public static double Best(double limit, int attempts, Action action)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < attempts && !(best < limit); i++)
        {
            double start = Now();
            action();
            best = Math.Min(best, Now() - start);
        }
        return best;
    }

    private static double Now()
    {
        if (!OperatingSystem.IsLinux()) return Stopwatch.GetTimestamp() * 1000.0 / Stopwatch.Frequency;
        Time now;
        Assert.That(ClockGetTime(ThreadClock, &now), Is.Zero);
        return now.Seconds * 1000.0 + now.Nanoseconds / 1e6;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, Time* time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
