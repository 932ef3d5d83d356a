using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using GatysGpu.Kernels.Conv3x3;

namespace GatysGpu.Bench;

/// <summary><c>bench micro</c>: the inner kernels alone, by BenchmarkDotNet.</summary>
public class MicroBenchmarks
{
    private KernelSet? kernels;

    [Params(64, 128, 512)]
    public int Channels { get; set; }

    /// <summary>Runs all and prints a table of medians.</summary>
    public static void Run()
    {
        // In this process: the kernels are compiled here with the settings that the program has.
        IConfig config = ManualConfig.CreateEmpty().AddJob(Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10))
            .AddLogger(NullLogger.Instance).AddColumnProvider(DefaultColumnProviders.Instance).WithOptions(ConfigOptions.DisableLogFile);
        Summary summary = BenchmarkRunner.Run<MicroBenchmarks>(config);
        foreach (BenchmarkDotNet.Validators.ValidationError error in summary.ValidationErrors) Console.Error.WriteLine(error.Message);
        Console.WriteLine($"{"kernel, one thread",-20}{"C",5}{"median µs",12}{"spread µs",12}");
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
        Console.WriteLine($"{kernel,-20}{channels,5}{median * 1e-3,12:F2}{spread * 1e-3,12:F2}");
    }
}
