using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Language;

// Memory of the checker: copies, parts, lifetimes and the account of bytes.
public class MemoryBufferTests
{
    private Context context = null!;
    private Accelerator accelerator = null!;

    [SetUp]
    public void CreateAccelerator()
    {
        context = Context.Create(builder => builder.Cuda().CPU());
        accelerator = context.CreateCPUAccelerator(0);
    }

    [TearDown]
    public void DisposeAccelerator() => context.Dispose();

    [Test]
    public void Buffer_CopyInAndOut_GivesTheSame()
    {
        using MemoryBuffer1D<float, Stride1D.Dense> x = accelerator.Allocate1D<float>(5);
        float[] read = new float[5];
        x.CopyFromCPU([1, 2, 3, 4, float.NaN]);
        x.CopyToCPU(read);
        Assert.That(read, Is.EqualTo(new[] { 1, 2, 3, 4, float.NaN }));
        Assert.That(x.GetAsArray1D(), Is.EqualTo(read));
        Assert.That((x.Length, x.LengthInBytes, x.View.IntLength, x.View.IntExtent.X), Is.EqualTo((5L, 20L, 5, 5)));
    }

    [Test]
    public void Buffer_MemSetToZero_ClearsAllOfIt()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> x = accelerator.Allocate1D([1, 2, 3]);
        x.MemSetToZero();
        Assert.That(x.GetAsArray1D(), Is.EqualTo(new int[3]));
    }

    [Test]
    public void View_PartsAndSpans_TouchOnlyTheirElements()
    {
        using MemoryBuffer1D<short, Stride1D.Dense> x = accelerator.Allocate1D<short>([1, 2, 3, 4, 5, 6]);
        x.View.BaseView.SubView(1, 2).CopyFromCPU(new short[] { 20, 30 });
        x.View.SubView(3, 1).CopyFromCPU(new short[] { 40 });
        x.View.BaseView.SubView(5).MemSetToZero();
        Span<short> part = stackalloc short[3];
        x.View.BaseView.SubView(2, 3).CopyToCPU(part);
        Assert.That(x.GetAsArray1D(), Is.EqualTo(new short[] { 1, 20, 30, 40, 5, 0 }));
        Assert.That(part.ToArray(), Is.EqualTo(new short[] { 30, 40, 5 }));
    }

    [Test]
    public void View_CopyTo_CopiesOnTheDevice()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> x = accelerator.Allocate1D([1, 2, 3, 4]), y = accelerator.Allocate1D([9, 9, 9]);
        x.View.BaseView.SubView(1, 2).CopyTo(y.View.BaseView.SubView(1));
        Assert.That(y.GetAsArray1D(), Is.EqualTo(new[] { 9, 2, 3 }));
    }

    [Test]
    public void Copy_OtherLength_SaysBoth()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> x = accelerator.Allocate1D<int>(4);
        Assert.That(() => x.CopyFromCPU(new int[3]), Throws.ArgumentException
            .With.Message.Contains("the view has 4 elements, the other side 3"));
        Assert.That(() => x.CopyToCPU(new int[5]), Throws.ArgumentException
            .With.Message.Contains("the view has 4 elements, the other side 5"));
        Assert.That(() => x.View.BaseView.CopyTo(x.View.BaseView.SubView(1)), Throws.ArgumentException);
    }

    [Test]
    public void SubView_BeyondTheView_SaysBoth()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> x = accelerator.Allocate1D<int>(4);
        Assert.That(() => x.View.BaseView.SubView(2, 3), Throws.InstanceOf<ArgumentOutOfRangeException>()
            .With.Message.Contains("3 elements from 2 on does not lie in a view of 4"));
    }

    [Test]
    public void Buffer_Empty_CopiesNothing()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> x = accelerator.Allocate1D<int>(0);
        x.CopyFromCPU([]);
        x.MemSetToZero();
        Assert.That(x.GetAsArray1D(), Is.Empty);
        Assert.That(accelerator.AllocatedBytes, Is.Zero);
    }

    [Test]
    public void Buffer_DisposedTwice_IsFreedOnce()
    {
        MemoryBuffer1D<int, Stride1D.Dense> x = accelerator.Allocate1D<int>(4), y = accelerator.Allocate1D<int>(10);
        Assert.That(accelerator.AllocatedBytes, Is.EqualTo(56));
        x.Dispose();
        x.Dispose();
        Assert.That(accelerator.AllocatedBytes, Is.EqualTo(40));
        y.Dispose();
        Assert.That((accelerator.AllocatedBytes, accelerator.PeakAllocatedBytes), Is.EqualTo((0L, 56L)));
    }

    [Test]
    public void Buffer_UsedAfterDispose_Throws()
    {
        MemoryBuffer1D<int, Stride1D.Dense> x = accelerator.Allocate1D<int>(4), empty = accelerator.Allocate1D<int>(0);
        x.Dispose();
        empty.Dispose();
        Assert.That(() => x.CopyFromCPU(new int[4]), Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("Int32[4]"));
        Assert.That(() => x.GetAsArray1D(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => x.MemSetToZero(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => empty.GetAsArray1D(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Buffer_OfADisposedAccelerator_IsDisposedWithIt()
    {
        MemoryBuffer1D<int, Stride1D.Dense> x = accelerator.Allocate1D<int>(4);
        context.Dispose();
        Assert.That(x.IsDisposed);
        Assert.That(() => x.GetAsArray1D(), Throws.TypeOf<ObjectDisposedException>());
        x.Dispose();
        Assert.That(() => accelerator.Allocate1D<int>(1), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Element_OnTheHost_Throws()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> x = accelerator.Allocate1D<int>(4);
        Assert.That(() => x.View[0], Throws.TypeOf<InvalidOperationException>().With.Message.Contains("only inside a kernel"));
    }

    [Test]
    public void CreateCPUAccelerator_WithoutOne_SaysHow()
    {
        using Context none = Context.Create(_ => { });
        Assert.That(() => none.CreateCPUAccelerator(0), Throws.TypeOf<InvalidOperationException>()
            .With.Message.Contains("the context has 0 such devices").And.Message.Contains("CPU()"));
    }

    [Test]
    public void Context_Devices_AreThoseAskedFor()
    {
        Device device = context.Devices.Last();
        Assert.That(device.AcceleratorType, Is.EqualTo(AcceleratorType.CPU));
        using Accelerator made = device.CreateAccelerator(context);
        Assert.That((made.Name, made.WarpSize, made.MaxNumThreadsPerGroup, made.Device),
            Is.EqualTo((device.Name, 32, 1024, device)));
    }
}
