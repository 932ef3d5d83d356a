using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Bench;

/// <summary><c>bench micro</c>: the inner kernels alone, by BenchmarkDotNet, beside the peak of one core.</summary>
public class MicroBenchmarks
{
    private KernelSet? kernels;

    [Params(64, 128, 512)]
    public int Channels { get; set; }

    /// <summary>Runs all and prints a table of medians, with the share of the peak where a kernel is all multiply-adds.</summary>
    public static void Run()
    {
        // In this process: the kernels are compiled here with the settings that the program has.
        IConfig config = ManualConfig.CreateEmpty().AddJob(Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10))
            .AddLogger(NullLogger.Instance).AddColumnProvider(DefaultColumnProviders.Instance).WithOptions(ConfigOptions.DisableLogFile);
        Summary summary = BenchmarkRunner.Run<MicroBenchmarks>(config);
        foreach (BenchmarkDotNet.Validators.ValidationError error in summary.ValidationErrors) Console.Error.WriteLine(error.Message);
        Console.WriteLine("one thread; shares of the FMA peak are medians of turns that peak and kernel take, a few milliseconds each");
        Console.WriteLine($"{"kernel",-12}{"C",5}{"median µs",12}{"spread µs",12}{"GFLOP/s",10}{"of peak",9}{"quartiles",14}");
        foreach (BenchmarkReport report in summary.Reports.Where(r => r.ResultStatistics is not null)) Print(report);
    }

    [GlobalSetup]
    public void Setup() => kernels = KernelSet.Widest(Channels);

    [GlobalCleanup]
    public void Cleanup() => kernels?.Dispose();

    [Benchmark]
    public void Gemm() => kernels!.Multiply();

    [Benchmark]
    public void Gram() => kernels!.Gram();

    [Benchmark]
    public void Input2x2() => kernels!.Input<Winograd2x2>();

    [Benchmark]
    public void Input4x4() => kernels!.Input<Winograd4x4>();

    [Benchmark]
    public void Output2x2() => kernels!.Output<Winograd2x2>();

    [Benchmark]
    public void Output4x4() => kernels!.Output<Winograd4x4>();

    [Benchmark]
    public void Filters2x2() => kernels!.Filters<Winograd2x2>();

    [Benchmark]
    public void Filters4x4() => kernels!.Filters<Winograd4x4>();

    private static void Print(BenchmarkReport report)
    {
        string kernel = report.BenchmarkCase.Descriptor.WorkloadMethod.Name;
        int channels = (int)report.BenchmarkCase.Parameters["Channels"];
        double median = report.ResultStatistics!.Median, spread = report.ResultStatistics.InterquartileRange;
        using KernelSet set = KernelSet.Widest(channels);
        // Multiply-adds of what must be computed: of a symmetric product, a triangle.
        double work = kernel switch
        {
            nameof(Gemm) => 2.0 * KernelSet.Tiles * channels * set.Columns,
            nameof(Gram) => (double)channels * (channels + 1) * KernelSet.Positions,
            _ => 0,
        };
        Console.Write($"{kernel,-12}{channels,5}{median * 1e-3,12:F2}{spread * 1e-3,12:F2}");
        if (work > 0)
        {
            double[] shares = Shares(kernel == nameof(Gemm) ? set.Multiply : set.Gram, work);
            Console.Write($"{work / median,10:F0}{shares[shares.Length / 2],9:P0}{$"{shares[shares.Length / 4]:P0}–{shares[shares.Length * 3 / 4]:P0}",14}");
        }
        Console.WriteLine();
    }

    /// <summary>A kernel's share of the peak of the same moment, in ascending order: a processor that others use too changes its speed
    /// within seconds.</summary>
    private static double[] Shares(Action kernel, double work)
    {
        using WorkerPool one = new(1);
        double[] shares = new double[61];
        for (int i = 0; i < shares.Length; i++)
        {
            double before = PeakBenchmark.Once(one, 1_000_000);
            int runs = 0;
            long start = Stopwatch.GetTimestamp();
            for (; Stopwatch.GetElapsedTime(start).TotalMilliseconds < 3; runs++) kernel();
            double speed = work * runs / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            shares[i] = speed / ((before + PeakBenchmark.Once(one, 1_000_000)) / 2);
        }
        Array.Sort(shares);
        return shares;
    }
}
