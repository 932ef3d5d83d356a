using System.Diagnostics;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Bench;

/// <summary><c>bench shares</c>: what share of the processor's multiply-adds the matrix products reach, on one thread.</summary>
/// <remarks>A processor that others use too changes its speed within milliseconds: peak and kernel take turns of a few, and each
/// turn is compared with the peaks before and after it.</remarks>
internal static class PeakShares
{
    private const int Turns = 121;

    /// <summary>Prints medians and quartiles.</summary>
    public static void Run()
    {
        Console.WriteLine($"one thread, {Turns} turns; share of the FMA peak of the same moment: its quartiles");
        Console.WriteLine($"{"kernel",-8}{"C",5}{"GFLOP/s",10}{"peak",8}{"25 %",8}{"50 %",8}{"75 %",8}   of what is computed");
        foreach (int channels in new[] { 64, 128, 256, 512 })
        {
            using KernelSet set = KernelSet.Widest(channels);
            double gemm = 2.0 * KernelSet.Tiles * channels * set.Columns;
            Print("GEMM", channels, set.Multiply, gemm, 1);
            // Of a symmetric product a triangle is needed; blocks on the diagonal are computed whole.
            double gram = (double)channels * (channels + 1) * KernelSet.Positions;
            Print("Gram", channels, set.Gram, gram, (double)(channels + set.Lanes) / (channels + 1));
        }
    }

    private static void Print(string name, int channels, Action kernel, double work, double computed)
    {
        (double speed, double peak, double[] shares) = Measure(kernel, work);
        Console.Write($"{name,-8}{channels,5}{speed,10:F0}{peak,8:F0}");
        foreach (int quarter in new[] { 1, 2, 3 }) Console.Write($"{shares[shares.Length * quarter / 4],8:P0}");
        Console.WriteLine($"{shares[shares.Length / 2] * computed,8:P0}");
    }

    /// <summary>Median speeds of kernel and peak, and the shares in ascending order.</summary>
    private static (double Speed, double Peak, double[] Shares) Measure(Action kernel, double work)
    {
        using WorkerPool one = new(1);
        double[] shares = new double[Turns], speeds = new double[Turns], peaks = new double[Turns];
        for (int i = 0; i < Turns; i++)
        {
            double before = PeakBenchmark.Once(one, 500_000);
            int runs = 0;
            long start = Stopwatch.GetTimestamp();
            for (; Stopwatch.GetElapsedTime(start).TotalMilliseconds < 2; runs++) kernel();
            speeds[i] = work * runs / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            peaks[i] = (before + PeakBenchmark.Once(one, 500_000)) / 2;
            shares[i] = speeds[i] / peaks[i];
        }
        Array.Sort(shares);
        Array.Sort(speeds);
        Array.Sort(peaks);
        return (speeds[Turns / 2], peaks[Turns / 2], shares);
    }
}
