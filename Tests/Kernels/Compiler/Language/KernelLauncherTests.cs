using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Language;

// When a kernel is compiled, what a launch is given, and what is refused.
public class KernelLauncherTests
{
    [Test]
    public void Launch_SameKernelTwice_CompilesOnce()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.Int32);
        Action<KernelConfig, int> launch = a.LoadStreamKernel<int>(OneInt);
        Assert.That(a.Compilations, Is.Empty, "loading compiles nothing yet");
        launch((1, 32), 1);
        launch((2, 64), 2);
        Assert.That((a.Compilations.Count, a.Launches), Is.EqualTo((1, 2)));
        Assert.That(a.Compilations[0], Is.EqualTo(((IReadOnlyDictionary<int, object>?)null, false)));
    }

    [Test]
    public void Launch_SpecializedValues_CompileOnceForEachSet()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.Int32);
        Action<KernelConfig, SpecializedValue<int>, int, SpecializedValue<float>> launch =
            a.LoadStreamKernel<SpecializedValue<int>, int, SpecializedValue<float>>(Specialized);
        foreach ((int n, float f) in new[] { (1, 1f), (2, 1f), (1, 1f), (1, 2f), (2, 1f) })
            launch((1, 32), SpecializedValue.New(n), 77, SpecializedValue.New(f));
        Assert.That(a.Compilations.Select(c => (c.Specialized![0], c.Specialized[2])),
            Is.EqualTo(new (object, object)[] { (1, 1f), (2, 1f), (1, 2f) }));
        Assert.That(a.Compilations.All(c => c.Specialized!.Count == 2));
        Assert.That(a.ArgumentBytes, Is.EqualTo(4), "a specialised value is no argument");
        Assert.That(BitConverter.ToInt32(a.Arguments), Is.EqualTo(77));
    }

    [Test]
    public void Launch_SpecializedValueBehindTheSeventhParameter_IsFound()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create([.. Enumerable.Repeat(IrType.Int32, 8)]);
        a.LoadStreamKernel<int, int, int, int, int, int, int, int, SpecializedValue<int>>(NinthSpecialized)(
            (1, 32), 1, 2, 3, 4, 5, 6, 7, 8, SpecializedValue.New(9));
        Assert.That(a.Compilations[0].Specialized![8], Is.EqualTo(9));
        Assert.That(BitConverter.ToInt32(a.Arguments, 28), Is.EqualTo(8));
    }

    [Test]
    public void Launch_AfterTheFirst_AllocatesNothing()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.GlobalPointer, IrType.Int64, IrType.Int32);
        using MemoryBuffer1D<float, Stride1D.Dense> x = a.Allocate1D<float>(100);
        var launch = a.LoadStreamKernel<ArrayView<float>, SpecializedValue<int>, int>(ViewAndConstant);
        Run(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(1000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Run(int times)
        {
            for (int i = 0; i < times; i++) launch((4, 32), x.View, SpecializedValue.New(i & 1), i);
        }
    }

    [Test]
    public void Launch_OnAStream_GoesToThatStream()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.Int32), other = RecordingAccelerator.Create();
        using AcceleratorStream stream = a.CreateStream(), foreign = other.CreateStream();
        var launch = a.LoadKernel<int>(OneInt);
        launch(stream, ((Index1D)3, (Index1D)64), 1);
        Assert.That(a.LaunchStream, Is.SameAs(stream));
        a.LoadStreamKernel<int>(OneInt)((1, 32), 1);
        Assert.That(a.LaunchStream, Is.SameAs(a.DefaultStream));
        Assert.That(() => launch(foreign, (1, 32), 1), Throws.ArgumentException.With.Message.Contains("another accelerator"));
    }

    [Test]
    public void LoadAutoGroupedStreamKernel_CoversTheExtent()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.Int32, IrType.Float32);
        var launch = a.LoadAutoGroupedStreamKernel<Index1D, float>(Indexed);
        foreach ((int extent, int groups) in new[] { (1, 1), (256, 1), (257, 2), (1000, 4), (int.MaxValue, 8388608) })
        {
            launch(extent, 2f);
            Assert.That((a.Config.GridDim.X, a.Config.GroupDim.X), Is.EqualTo((groups, 256)), $"extent {extent}");
            Assert.That(BitConverter.ToInt32(a.Arguments), Is.EqualTo(extent));
        }
        int before = a.Launches;
        launch(0, 2f);
        Assert.That(a.Launches, Is.EqualTo(before), "an extent of 0 launches nothing");
        Assert.That(() => launch(-1, 2f), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(a.Compilations.Single().AutoGrouped);
    }

    [Test]
    public void LoadKernel_LambdaOrInstanceMethod_IsRefused()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.Int32);
        int captured = 1;
        Action<int>[] wrong = [_ => { }, static _ => { }, _ => captured++, InstanceMethod, (Action<int>)OneInt + OneInt];
        foreach (Action<int> kernel in wrong)
            Assert.That(() => a.LoadStreamKernel(kernel), Throws.TypeOf<KernelCompileException>()
                .With.Message.Contains("a lambda or an instance method").And.Message.Contains("named static method"));
    }

    [Test]
    public void LoadAutoGroupedKernel_IndexOfTwoDimensions_IsRefused()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.Int32);
        Assert.That(() => a.LoadAutoGroupedStreamKernel<Index2D, int>(Indexed2D),
            Throws.TypeOf<KernelCompileException>().With.Message.Contains("one thread for each Index2D"));
    }

    [Test]
    public void LoadStreamKernel_WithoutTypeArguments_FindsTheOverload()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.Int32);
        a.LoadStreamKernel<int>(OneInt)((1, 32), 5);
        Action<KernelConfig, int> launch = a.LoadStreamKernel((Action<int>)OneInt);
        launch((1, 32), 6);
        Assert.That(BitConverter.ToInt32(a.Arguments), Is.EqualTo(6));
    }

    [Test]
    public void Launch_ViewOfAnotherAccelerator_IsRefused()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.GlobalPointer, IrType.Int64),
            b = RecordingAccelerator.Create();
        using MemoryBuffer1D<float, Stride1D.Dense> x = b.Allocate1D<float>(3);
        var launch = a.LoadStreamKernel<ArrayView<float>>(OneView);
        Assert.That(() => launch((1, 32), x.View), Throws.ArgumentException.With.Message.Contains("Single[3]")
            .And.Message.Contains("Allocate it on the accelerator that uses it"));
    }

    [Test]
    public void Launch_ViewOfADisposedBuffer_IsRefused()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.GlobalPointer, IrType.Int64);
        MemoryBuffer1D<float, Stride1D.Dense> x = a.Allocate1D<float>(3);
        ArrayView<float> view = x.View;
        x.Dispose();
        var launch = a.LoadStreamKernel<ArrayView<float>>(OneView);
        Assert.That(() => launch((1, 32), view),
            Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("The buffer Single[3] was disposed"));
    }

    [Test]
    public void Launch_OnADisposedAccelerator_IsRefused()
    {
        RecordingAccelerator a = RecordingAccelerator.Create(IrType.Int32);
        var launch = a.LoadStreamKernel<int>(OneInt);
        a.Dispose();
        Assert.That(() => launch((1, 32), 1), Throws.TypeOf<ObjectDisposedException>());
    }

    private static void OneInt(int a)
    {
    }

    private static void OneView(ArrayView<float> a)
    {
    }

    private static void Specialized(SpecializedValue<int> a, int b, SpecializedValue<float> c)
    {
    }

    private static void NinthSpecialized(int a, int b, int c, int d, int e, int f, int g, int h, SpecializedValue<int> i)
    {
    }

    private static void ViewAndConstant(ArrayView<float> a, SpecializedValue<int> b, int c)
    {
    }

    private static void Indexed(Index1D index, float a)
    {
    }

    private static void Indexed2D(Index2D index, int a)
    {
    }

    private void InstanceMethod(int a) => GC.KeepAlive(this);
}
