using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;

namespace GatysGpu.Tests.Kernels.Compiler.Language;

// Kernels from C# to results on the checker, through the same calls that run them on a GPU.
public class SimtAcceleratorTests
{
    private Context context = null!;
    private SimtAccelerator accelerator = null!;

    [SetUp]
    public void CreateAccelerator()
    {
        context = Context.Create(builder => builder.CPU());
        accelerator = context.CreateCPUAccelerator(0);
    }

    [TearDown]
    public void DisposeAccelerator() => context.Dispose();

    [Test]
    public void VectorAdd_OverSeveralGroups_AddsEveryElement()
    {
        const int N = 300;
        float[] x = [.. Enumerable.Range(0, N).Select(i => i * 0.5f)], y = [.. Enumerable.Range(0, N).Select(i => 1000f - i)];
        using MemoryBuffer1D<float, Stride1D.Dense> a = accelerator.Allocate1D(x), b = accelerator.Allocate1D(y),
            sum = accelerator.Allocate1D<float>(N);
        var add = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>>(VectorAdd);
        add((3, 128), a.View, b.View, sum.View);
        Assert.That(sum.GetAsArray1D(), Is.EqualTo(x.Zip(y, (p, q) => p + q)));
    }

    [Test]
    public void StructParameter_WithViews_ArrivesFieldByField()
    {
        using MemoryBuffer1D<float, Stride1D.Dense> x = accelerator.Allocate1D([1f, 2f, 3f]),
            y = accelerator.Allocate1D([10f, 20f, 30f]);
        var kernel = accelerator.LoadStreamKernel<bool, Line, long>(EvaluateLine);
        kernel((1, 32), true, new Line(x.View, 2f, new Shift(-1, 0.5), y.View), 1L << 33);
        Assert.That(y.GetAsArray1D(), Is.EqualTo(new[] { 1.5f, 3.5f, 5.5f }));
        kernel((1, 32), false, new Line(x.View, 0f, default, y.View), 1L << 33);
        Assert.That(y.GetAsArray1D(), Is.EqualTo(new[] { 1.5f, 3.5f, 5.5f }), "a false argument");
    }

    [Test]
    public void SpecializedValue_IsAConstantOfEachInstance()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(4);
        var kernel = accelerator.LoadStreamKernel<ArrayView<int>, SpecializedValue<int>, int>(Power);
        foreach ((int exponent, int expected) in new[] { (2, 9), (3, 27), (2, 9), (0, 1) })
        {
            kernel((1, 32), y.View, SpecializedValue.New(exponent), 3);
            Assert.That(y.GetAsArray1D(), Is.EqualTo(Enumerable.Repeat(expected, 4)), $"exponent {exponent}");
        }
        Assert.That(accelerator.Counters.Keys.Where(k => k.Contains(nameof(Power), StringComparison.Ordinal)).Count(),
            Is.EqualTo(3));
    }

    [Test]
    public void Capture_RunsNothingUntilTheGraphIsLaunched_AndKeepsArguments()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D([1, 2, 3, 4]), z = accelerator.Allocate1D<int>(4);
        var kernel = accelerator.LoadStreamKernel<ArrayView<int>, SpecializedValue<int>, int>(Power);
        kernel((1, 32), z.View, SpecializedValue.New(2), 3);
        int value = 5;
        using CapturedGraph graph = accelerator.Capture(() =>
        {
            z.MemSetToZero();
            y.View.BaseView.CopyTo(z.View.BaseView);
            kernel((1, 32), y.View, SpecializedValue.New(2), value);
        });
        Assert.That((y.GetAsArray1D(), z.GetAsArray1D()), Is.EqualTo((new[] { 1, 2, 3, 4 }, new[] { 9, 9, 9, 9 })));
        value = 6;
        graph.Launch();
        Assert.That((y.GetAsArray1D(), z.GetAsArray1D()), Is.EqualTo((new[] { 25, 25, 25, 25 }, new[] { 1, 2, 3, 4 })));
        graph.Launch();
        Assert.That(z.GetAsArray1D(), Is.EqualTo(new[] { 25, 25, 25, 25 }));
        Assert.That(graph.IsStale, Is.False);
        accelerator.Allocate1D<int>(1).Dispose();
        Assert.That(graph.IsStale, Is.True);
        graph.Dispose();
        Assert.That(graph.Launch, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Capture_OfWhatAGpuCannotRecord_IsRefused()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(4);
        var kernel = accelerator.LoadStreamKernel<ArrayView<int>, SpecializedValue<int>, int>(Power);
        foreach (Action wrong in new Action[]
        {
            accelerator.Synchronize, accelerator.DefaultStream.Synchronize, () => y.CopyFromCPU(new int[4]),
            () => y.GetAsArray1D(), () => accelerator.Allocate1D<int>(4),
            () => kernel((1, 32), y.View, SpecializedValue.New(2), 3),
            () => accelerator.Capture(() => { }),
        })
        {
            Assert.That(() => accelerator.Capture(wrong),
                Throws.InvalidOperationException.With.Message.Contains("before or after"));
            Assert.That(accelerator.Synchronize, Throws.Nothing, "the capture has ended");
        }
    }

    [TestCase(1)]
    [TestCase(255)]
    [TestCase(257)]
    public void AutoGrouped_RunsOneThreadAnIndex(int extent)
    {
        int[] before = [.. Enumerable.Repeat(-1, 600)];
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D(before);
        var kernel = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>, int>(WriteIndex);
        kernel(extent, y.View, 7);
        Assert.That(y.GetAsArray1D(), Is.EqualTo(before.Select((v, i) => i < extent ? 7 * i : v)));
    }

    [Test]
    public void TwoDimensionalGrid_GivesEachThreadItsPlace()
    {
        const int W = 37, H = 11;
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(W * H);
        y.MemSetToZero();
        var kernel = accelerator.LoadStreamKernel<ArrayView<int>, int, int>(WritePlace);
        kernel((new Index2D(3, 2), new Index2D(16, 8)), y.View, W, H);
        Assert.That(y.GetAsArray1D(), Is.EqualTo(Enumerable.Range(0, W * H).Select(i => i / W * 1000 + i % W)));
    }

    [Test]
    public void DynamicSharedMemory_HasTheSizeOfTheLaunch()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(64);
        var kernel = accelerator.LoadKernel<ArrayView<int>>(ReverseThroughShared);
        using AcceleratorStream stream = accelerator.CreateStream();
        kernel(stream, new KernelConfig((Index1D)1, 64, SharedMemoryConfig.RequestDynamic<int>(64)), y.View);
        stream.Synchronize();
        Assert.That(y.GetAsArray1D(), Is.EqualTo(Enumerable.Range(0, 64).Reverse()));
    }

    [Test]
    public void Fault_NamesTheBufferAndTheKernel()
    {
        using MemoryBuffer1D<float, Stride1D.Dense> a = accelerator.Allocate1D<float>(64),
            sum = accelerator.Allocate1D<float>(10);
        var kernel = accelerator.LoadStreamKernel<ArrayView<float>, float>(WriteWithoutLimit);
        Assert.That(() => kernel((1, 32), sum.View, 1f), Throws.TypeOf<KernelFaultException>()
            .With.Property(nameof(KernelFaultException.Kind)).EqualTo(FaultKind.IndexOutsideView)
            .And.Message.Contains(nameof(WriteWithoutLimit)).And.Message.Contains("SimtAcceleratorTests.cs"));
    }

    [Test]
    public void Launch_ShapeBeyondTheDevice_IsAFaultOfTheLaunch()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(1);
        var kernel = accelerator.LoadStreamKernel<ArrayView<int>>(ReverseThroughShared);
        AssertFault(FaultKind.BadLaunch, (1, 1025));
        AssertFault(FaultKind.BadLaunch, (0, 32));
        AssertFault(FaultKind.BadLaunch, (new Index2D(1, 65536), new Index2D(1, 1)));
        AssertFault(FaultKind.SharedMemoryTooLarge, new KernelConfig((Index1D)1, 32,
            SharedMemoryConfig.RequestDynamic<int>(25600)));

        void AssertFault(FaultKind kind, KernelConfig config) => Assert.That(() => kernel(config, y.View),
            Throws.TypeOf<KernelFaultException>().With.Property(nameof(KernelFaultException.Kind)).EqualTo(kind));
    }

    [Test]
    public void Counters_AddUpOverLaunches()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> y = accelerator.Allocate1D<int>(256);
        var kernel = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>, int>(WriteIndex);
        kernel(256, y.View, 1);
        kernel(256, y.View, 1);
        SimtCounters counters = accelerator.Counters.Values.Single();
        Assert.That((counters.Launches, counters.GlobalStores.Bytes), Is.EqualTo((2L, 2 * 256 * 4L)));
        accelerator.ResetCounters();
        Assert.That(accelerator.Counters, Is.Empty);
    }

    [Test]
    public void Options_OfTheDevice_AreTheCheckersLimits()
    {
        using Context small = Context.Create(builder => builder.CPU(new SimtOptions { SharedBytes = 128, CountLines = true }));
        using SimtAccelerator limited = small.CreateCPUAccelerator(0);
        Assert.That(limited.MaxSharedMemoryPerGroup, Is.EqualTo(128));
        using MemoryBuffer1D<int, Stride1D.Dense> y = limited.Allocate1D<int>(64);
        var kernel = limited.LoadStreamKernel<ArrayView<int>>(ReverseThroughShared);
        Assert.That(() => kernel(new KernelConfig((Index1D)1, 64, SharedMemoryConfig.RequestDynamic<int>(64)), y.View),
            Throws.TypeOf<KernelFaultException>()
                .With.Property(nameof(KernelFaultException.Kind)).EqualTo(FaultKind.SharedMemoryTooLarge));
        kernel(new KernelConfig((Index1D)1, 32, SharedMemoryConfig.RequestDynamic<int>(32)), y.View.BaseView.SubView(0, 32));
        Assert.That(limited.Counters.Values.Single().Lines, Is.Not.Empty);
    }

    [Test]
    public void Allocate1D_MoreThanThereIs_SaysWhatWasAskedFor() =>
        Assert.That(() => accelerator.Allocate1D<byte>((1L << 40) - 1), Throws.TypeOf<InsufficientMemoryException>()
            .With.Message.Contains("1099511627775 bytes").And.Message.Contains("Lower the size of the picture"));

    private static void VectorAdd(ArrayView<float> x, ArrayView<float> y, ArrayView<float> sum)
    {
        int i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i < sum.IntLength) sum[i] = x[i] + y[i];
    }

    private static void EvaluateLine(bool write, Line line, long large)
    {
        int i = Group.IdxX;
        if (write && i < line.X.IntLength && large == 1L << 33)
            line.Y[i] = line.Slope * line.X[i] + line.Shift.Whole + (float)line.Shift.Part;
    }

    private static void Power(ArrayView<int> y, SpecializedValue<int> exponent, int x)
    {
        int power = 1;
        for (int i = 0; i < exponent; i++) power *= x;
        if (Group.IdxX < y.IntLength) y[Group.IdxX] = power;
    }

    private static void WriteIndex(Index1D index, ArrayView<int> y, int factor) => y[index] = factor * index;

    private static void WritePlace(ArrayView<int> y, int w, int h)
    {
        int x = Grid.IdxX * Group.DimX + Group.IdxX, row = Grid.IdxY * Group.DimY + Group.IdxY;
        if (x < w && row < h) y[row * w + x] = row * 1000 + x;
    }

    private static void ReverseThroughShared(ArrayView<int> y)
    {
        ArrayView<int> shared = SharedMemory.GetDynamic<int>();
        shared[Group.IdxX] = Group.IdxX;
        Group.Barrier();
        y[Group.IdxX] = shared[Group.DimX - 1 - Group.IdxX];
    }

    private static void WriteWithoutLimit(ArrayView<float> y, float value) => y[Group.IdxX] = value;

    private readonly record struct Shift(int Whole, double Part);

    private readonly record struct Line(ArrayView<float> X, float Slope, Shift Shift, ArrayView1D<float, Stride1D.Dense> Y);
}
