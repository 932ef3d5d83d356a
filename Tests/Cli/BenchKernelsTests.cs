using System.Text.Json;
using GatysGpu.Cli.Display;
using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Tests.Cli;

/// <summary><c>gatys bench kernels</c> without a GPU: what it refuses, and how it prints times that were made up.</summary>
public class BenchKernelsTests
{
    private static readonly CudaDeviceInfo Device = new()
    {
        Ordinal = 0, Name = "Example GPU", ComputeCapabilityMajor = 8, ComputeCapabilityMinor = 6,
        TotalMemoryBytes = 12L << 30, Multiprocessors = 28, WarpSize = 32,
        MaxThreadsPerBlock = 1024, MaxBlock = new CudaDim3(1024, 1024, 64), MaxGrid = new CudaDim3(int.MaxValue, 65535, 65535),
        MaxThreadsPerMultiprocessor = 1536, MaxBlocksPerMultiprocessor = 16,
        SharedBytesPerBlock = 48 << 10, SharedBytesPerBlockOptIn = 99 << 10,
        SharedBytesPerMultiprocessor = 100 << 10, ReservedSharedBytesPerBlock = 1024,
        RegistersPerBlock = 65536, RegistersPerMultiprocessor = 65536,
        ClockKilohertz = 1_777_000, MemoryClockKilohertz = 7_501_000, MemoryBusBits = 192, L2CacheBytes = 3 << 20,
        CopyEngines = 2, HasEcc = false, IsIntegrated = false,
    };

    // 10 and 20 TFLOP/s, 300 GB/s, and 1 TB/s below 1.5 MiB.
    private static readonly RooflinePeaks Peaks = new(10e12, 20e12, 300e9, 1e12, 3 << 19);
    private static readonly RooflineRow[] Rows =
    [
        Row("Conv3x3RegisterTile.Forward", new RooflineWork(20e9, 30e6), 2.5e-3, tensorCores: false),
        Row("Conv3x3TensorCore.Forward", new RooflineWork(20e9, 30e6), 2e-3, tensorCores: true),
        Row("Pool2x2Gpu.MaxForward", new RooflineWork(0, 30e6), 125e-6, tensorCores: false),
        Row("VectorsGpu.Clamp", new RooflineWork(0, 1e6), 4e-6, tensorCores: false),
    ];

    [Test]
    public void Rows_AreHeldAgainstTheLowerRoof()
    {
        Assert.That(Rows.Select(r => r.Bound), Is.EqualTo(new[] { "FMA", "TF32", "memory", "L2" }));
        Assert.That(Rows.Select(r => r.Share), Is.EqualTo(new[] { 0.8, 0.5, 0.8, 0.25 }).Within(1e-12));
        Assert.That(Rows[0].FlopsPerSecond, Is.EqualTo(8e12).Within(1));
        Assert.That(Rows[2].BytesPerSecond, Is.EqualTo(240e9).Within(1));
    }

    [Test]
    public void Table_HasTheDeviceThePeaksAndALineAKernel()
    {
        StringWriter to = new();
        Assert.That(Report(to).PrintTable(Rows));
        string[] lines = to.ToString().TrimEnd().Split('\n');
        Assert.That(lines[0], Does.StartWith("2026-05-04 03:02 UTC, gatys bench kernels: VGG-19 at 512×512"));
        Assert.That(lines[1],
            Does.StartWith("Example GPU, sm_86, 28 multiprocessors at up to 1777 MHz, 12.0 GiB, L2 3 MiB, driver for CUDA 12.4"));
        Assert.That(lines[2],
            Does.Contain("FMA 10.00 TFLOP/s (79 % of nominal), TF32 20.00 TFLOP/s").And.Contain("memory 0.300 TB/s (83 % of nominal)")
            .And.Contain("L2 1.000 TB/s for what fits into 1.5 MiB"));
        Assert.That(lines[5],
            Does.Match(@"^Conv3x3RegisterTile\.Forward +layer +2500   2\.0    20\.00    30\.00    666\.7    8\.000   0\.012  FMA     80\.0 %$"));
        Assert.That(lines[7],
            Does.Match(@"^Pool2x2Gpu\.MaxForward +layer +125\.0   2\.0        –    30\.00        –        –   0\.240  memory  80\.0 %$"));
        Assert.That(lines, Has.Length.EqualTo(9).And.All.Length.LessThanOrEqualTo(200));
    }

    [Test]
    public void AKernelThatCannotRun_IsNamed()
    {
        StringWriter table = new(), json = new();
        RooflineRow[] rows = [Rows[0], Rows[1] with { Failure = "out of registers" }];
        Assert.That(Report(table).PrintTable(rows), Is.False);
        Assert.That(table.ToString(), Does.Contain("FAILED: out of registers"));
        Assert.That(Report(json).PrintJson(rows), Is.False);
        Assert.That(JsonDocument.Parse(json.ToString()).RootElement.GetProperty("kernels")[1].GetProperty("failure")
            .GetString(), Is.EqualTo("out of registers"));
    }

    [Test]
    public void Json_Parses_AndHasTheSame()
    {
        StringWriter to = new();
        Assert.That(Report(to).PrintJson(Rows));
        JsonElement json = JsonDocument.Parse(to.ToString()).RootElement;
        Assert.That(json.GetProperty("date").GetString(), Is.EqualTo("2026-05-04T03:02:01Z"));
        Assert.That(json.GetProperty("peaks").GetProperty("tf32_flops").GetDouble(), Is.EqualTo(20e12));
        JsonElement row = json.GetProperty("kernels")[2];
        Assert.That(row.GetProperty("roof").GetString(), Is.EqualTo("memory"));
        Assert.That(row.GetProperty("seconds").GetDouble(), Is.EqualTo(125e-6));
        Assert.That(row.GetProperty("share").GetDouble(), Is.EqualTo(0.8).Within(1e-12));
    }

    [Test]
    public void WithoutAGpu_SaysWhatToDoInstead()
    {
        if (GpuDevice.CudaDevices.Count > 0) Assert.Ignore("this machine has a GPU");
        GatysRun.Of("bench", "kernels").Refused("--device cuda:0: ", "'gatys kernels check' counts without one");
    }

    [Test]
    public void WhatCannotBe_IsRefused()
    {
        GatysRun.Of("bench", "kernels", "--device", "cpu").Refused("--device 'cpu'", "cuda, cuda:0");
        GatysRun.Of("bench", "kernels", "--device", "rubbish").Refused("--device 'rubbish'", "only GPUs are timed");
        GatysRun.Of("bench", "kernels", "Conv").Refused("NAME 'Conv' is not a kernel", "'gatys kernels list'");
        GatysRun.Of("bench").Refused("a command is missing", "kernels");
    }

    private static RooflineReport Report(TextWriter to) =>
        new(to, Device, new Version(12, 4), Peaks, new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc));

    private static RooflineRow Row(string kernel, RooflineWork work, double seconds, bool tensorCores) =>
        RooflineRow.Of(new RooflineCase(kernel, "layer", work, _ => () => { }) { TensorCores = tensorCores },
            new LaunchTime(seconds, 0.02, 9, 1), Peaks);
}
