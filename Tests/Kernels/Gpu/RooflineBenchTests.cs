using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Gpu;
using GatysGpu.Tests.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Gpu;

/// <summary>The benchmark's way through the driver, on the driver's stub: it computes nothing, and its clock goes on by 1.25 ms
/// a mark.</summary>
[NonParallelizable]
public class RooflineBenchTests
{
    private static readonly RooflineLayer[] Small = [new("conv1_1", 3, 64, 16, 32), new("conv1_2", 64, 64, 16, 32)];
    private DriverStub stub = null!;
    private RooflineBench bench = null!;

    [SetUp]
    public void OpenBench()
    {
        stub = DriverStub.Fresh();
        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), reason);
        Context context = Context.Create(builder => builder.Cuda(driver!));
        bench = new RooflineBench(context, context.CreateCudaAccelerator(0), Small);
    }

    [TearDown]
    public void NothingIsLeft()
    {
        if (bench is null) return;
        bench.Dispose();
        Assert.That(stub.Alive, Is.Empty, "what the driver still holds");
        bench = null!;
    }

    [Test]
    public void Peaks_AreWorkOverTheTimeOfTheEvents()
    {
        // Two marks are 1.25 ms apart: two launches fill a sample of 2 ms.
        int groups = 8 * bench.Device.Multiprocessors;
        Assert.That(bench.Peaks.FmaPerSecond, Is.EqualTo(RooflinePeaks.FmaFlops(groups, 4096) / 0.625e-3).Within(1e-6).Percent);
        Assert.That(bench.Peaks.Tf32PerSecond, Is.EqualTo(RooflinePeaks.TensorCoreFlops(groups, 2048) / 0.625e-3)
            .Within(1e-6).Percent);
        Assert.That(bench.Peaks.MemoryBytesPerSecond, Is.GreaterThan(bench.Peaks.CacheBytesPerSecond).And.GreaterThan(0));
        Assert.That(bench.Peaks.CacheBytes, Is.EqualTo(bench.Device.L2CacheBytes / 2));
    }

    [Test]
    public void Run_All_TimesEveryCase()
    {
        RooflineRow[] rows = [.. bench.Run()];
        Assert.That(rows.Select(r => (r.Kernel, r.Shape)), Is.EqualTo(RooflineCases.All(Small).Select(c => (c.Kernel, c.Shape))));
        Assert.That(rows.Select(r => r.Failure), Is.All.Null);
        Assert.That(rows.Select(r => r.Time), Is.All.EqualTo(new LaunchTime(0.625e-3, 0, 9, 2)));
    }

    [Test]
    public void Run_One_WarmsUpThenReplaysAGraph()
    {
        stub.TakeLog();
        RooflineRow row = bench.Run("VectorsGpu.Clamp").Single();
        Assert.That(row.Kernel, Is.EqualTo("VectorsGpu.Clamp"));
        string[] calls = [.. stub.TakeCalls().Where(c => c.StartsWith("cuLaunchKernel(VectorsGpu_Clamp", StringComparison.Ordinal)
            || c.StartsWith("cuGraphLaunch(", StringComparison.Ordinal)
            || c.StartsWith("cuEventRecord(", StringComparison.Ordinal))];
        // Two to warm up, one between events to see how long it takes, two recorded; the graph once to warm up, nine times
        // between events.
        Assert.That(calls.Count(c => c.StartsWith("cuLaunchKernel(", StringComparison.Ordinal)), Is.EqualTo(5));
        Assert.That(calls.Count(c => c.StartsWith("cuGraphLaunch(", StringComparison.Ordinal)), Is.EqualTo(10));
        Assert.That(calls.Count(c => c.StartsWith("cuEventRecord(", StringComparison.Ordinal)), Is.EqualTo(20));
    }

    [Test]
    public void AKernelThatTheDriverRefuses_IsTold_AndTheNextIsTimed()
    {
        stub.Fail("cuGraphInstantiateWithFlags", 1, 2);
        RooflineRow[] rows = [.. bench.Run("Conv3x3Naive.Forward"), .. bench.Run("Conv3x3SharedTile.Forward")];
        Assert.That(rows[0].Failure, Does.Contain("cuGraphInstantiateWithFlags"));
        Assert.That(rows[1].Failure, Is.Null);
    }

    [Test]
    public void LaunchTime_IsMedianAndQuartiles()
    {
        LaunchTime time = LaunchTime.Of([5, 1, 9, 2, 8, 3, 7, 4, 6], 3);
        Assert.That(time, Is.EqualTo(new LaunchTime(5, (7 - 3) / 5.0, 9, 3)));
    }
}
