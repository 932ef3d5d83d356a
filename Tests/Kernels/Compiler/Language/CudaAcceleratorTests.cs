using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Tests.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Compiler.Language;

// What the host side asks of the driver, seen by the driver's stub: no GPU is needed, and none computes anything.
[NonParallelizable]
public class CudaAcceleratorTests
{
    private const string KernelName = "CudaAcceleratorTests_Fill";
    private DriverStub stub = null!;
    private Context context = null!;
    private CudaAccelerator accelerator = null!;

    [SetUp]
    public void OpenAccelerator()
    {
        stub = DriverStub.Fresh();
        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), reason);
        context = Context.Create(builder => builder.Cuda(driver!).CPU());
        accelerator = context.CreateCudaAccelerator(0);
        stub.Parameters(KernelName, 8, 8, 4);
        stub.TakeLog();
    }

    [TearDown]
    public void NothingIsLeft()
    {
        if (context is null) return;
        context.Dispose();
        Assert.That(stub.Alive, Is.Empty, "what the driver still holds");
        context = null!;
    }

    [Test]
    public void Launch_Twice_LoadsOneModuleAndPassesTheArguments()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(100);
        var fill = accelerator.LoadStreamKernel<ArrayView<int>, int>(Fill);
        stub.TakeLog();
        fill((4, 32), y.View, 0x01020304);
        fill((new Index2D(5, 6), new Index2D(16, 2)), y.View.BaseView.SubView(2, 3), -1);
        string[] calls = stub.TakeCalls();
        Assert.That(calls.Count(c => c.StartsWith("cuModuleLoadDataEx(", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(calls.Where(c => c.StartsWith("cuLaunchKernel(", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            $"cuLaunchKernel({KernelName}, 4 1 1, 32 1 1, 0, stream#1, extra NULL, {Hex(y.Address)} {Hex(100L)} 04030201)",
            $"cuLaunchKernel({KernelName}, 5 6 1, 16 2 1, 0, stream#1, extra NULL, {Hex(y.Address + 8)} {Hex(3L)} ffffffff)",
        }));
    }

    [Test]
    public void LoadStreamKernel_OfOneMethodTwice_LoadsOneModule()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(100);
        stub.TakeLog();
        for (int i = 0; i < 2; i++) accelerator.LoadStreamKernel<ArrayView<int>, int>(Fill)((4, 32), y.View, i);
        string[] calls = stub.TakeCalls();
        Assert.That(calls.Count(c => c.StartsWith("cuModuleLoadDataEx(", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(calls.Count(c => c.StartsWith("cuLaunchKernel(", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public void LoadKernel_OnAStream_LaunchesThere()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(100);
        using AcceleratorStream stream = accelerator.CreateStream();
        accelerator.LoadKernel<ArrayView<int>, int>(Fill)(stream, (4, 32), y.View, 1);
        Assert.That(stub.TakeCalls(), Has.Some.StartsWith($"cuLaunchKernel({KernelName}, 4 1 1, 32 1 1, 0, stream#2"));
        y.MemSetToZero(stream);
        stream.Synchronize();
        Assert.That(stub.TakeCalls(), Is.EqualTo(new[] { "cuMemsetD8Async(memory#1+0, 0, 400, stream#2)",
            "cuStreamSynchronize(stream#2)" }));
    }

    [Test]
    public void Buffer_CopyInAndOut_GoesThroughPinnedMemoryInPieces()
    {
        byte[] data = new byte[(8 << 20) + 5], read = new byte[data.Length];
        new Random(1).NextBytes(data);
        using MemoryBuffer1D<byte, Stride1D.Dense> x = accelerator.Allocate1D<byte>(data.Length),
            y = accelerator.Allocate1D<byte>(data.Length);
        x.CopyFromCPU(data);
        x.View.BaseView.CopyTo(y.View);
        y.CopyToCPU(read);
        Assert.That(read.AsSpan().SequenceEqual(data));
        string[] calls = stub.TakeCalls();
        Assert.That(calls.Count(c => c.StartsWith("cuMemAllocHost_v2(", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(calls.Count(c => c.StartsWith("cuMemcpyHtoDAsync_v2(", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(calls.Count(c => c.StartsWith("cuMemcpyDtoHAsync_v2(", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public void Capture_IsReplayedAsOneLaunch()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(100);
        var fill = accelerator.LoadStreamKernel<ArrayView<int>, int>(Fill);
        fill((4, 32), y.View, 1);
        using CapturedGraph graph = accelerator.Capture(() =>
        {
            y.MemSetToZero();
            fill((4, 32), y.View, 2);
        });
        stub.TakeLog();
        graph.Launch();
        graph.Launch();
        Assert.That(stub.TakeCalls(), Is.EqualTo(Enumerable.Repeat("cuGraphLaunch(exec#1 with 2 operations, stream#1)", 2)));
    }

    [Test]
    public void Capture_KernelThatWasNeverLaunched_SaysSo()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(100);
        var fill = accelerator.LoadStreamKernel<ArrayView<int>, int>(Fill);
        Assert.That(() => accelerator.Capture(() => fill((4, 32), y.View, 2)), Throws.TypeOf<InvalidOperationException>()
            .With.Message.Contains(KernelName).And.Message.Contains("Launch it once before"));
        fill((4, 32), y.View, 2);
    }

    [Test]
    public void Allocate1D_MoreThanTheDeviceHas_SaysAskedFreeAndRemedy()
    {
        long half = accelerator.MemorySize / 2;
        using MemoryBuffer1D<byte, Stride1D.Dense> first = accelerator.Allocate1D<byte>(half);
        Assert.That(() => accelerator.Allocate1D<byte>(half + 4096), Throws.TypeOf<DeviceOutOfMemoryException>()
            .With.Property(nameof(DeviceOutOfMemoryException.RequestedBytes)).EqualTo(half + 4096)
            .And.Message.Contains("was asked for").And.Message.Contains("are free")
                .And.Message.Contains("Lower the size of the picture"));
        Assert.That(accelerator.AllocatedBytes, Is.EqualTo(half), "the failed one is not on the account");
    }

    [Test]
    public void Buffer_Account_IsExact()
    {
        MemoryBuffer1D<float, Stride1D.Dense> x = accelerator.Allocate1D<float>(1000), y = accelerator.Allocate1D<float>(3);
        Assert.That((accelerator.AllocatedBytes, accelerator.Cuda.Memory.Usage.RequestedBytes), Is.EqualTo((4012L, 4012L)));
        x.Dispose();
        y.Dispose();
        Assert.That((accelerator.AllocatedBytes, accelerator.Cuda.Memory.Usage.RequestedBytes), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void CreateCudaAccelerator_WithoutADriver_SaysWhy()
    {
        using Context none = Context.Create(builder => builder.CudaMissing = "there is no NVIDIA driver: install it.");
        Assert.That(() => none.CreateCudaAccelerator(0), Throws.TypeOf<InvalidOperationException>()
            .With.Message.EqualTo("CUDA device 0 was asked for: there is no NVIDIA driver: install it."));
        Assert.That(() => context.CreateCudaAccelerator(99), Throws.TypeOf<InvalidOperationException>()
            .With.Message.Contains("Device 99 was asked for"));
    }

    [Test]
    public void View_OfTheOtherAccelerator_IsRefused()
    {
        using Accelerator checker = context.CreateCPUAccelerator(0);
        using MemoryBuffer1D<int, Stride1D.Dense> there = checker.Allocate1D<int>(4), here = accelerator.Allocate1D<int>(4);
        Assert.That(() => accelerator.LoadStreamKernel<ArrayView<int>, int>(Fill)((1, 32), there.View, 1),
            Throws.ArgumentException.With.Message.Contains("another accelerator"));
        Assert.That(() => here.View.BaseView.CopyTo(there.View), Throws.ArgumentException
            .With.Message.Contains("another accelerator"));
    }

    private static string Hex(long value) => Convert.ToHexStringLower(BitConverter.GetBytes(value));

    private static void Fill(ArrayView<int> y, int value)
    {
        int i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i < y.IntLength) y[i] = value;
    }
}
