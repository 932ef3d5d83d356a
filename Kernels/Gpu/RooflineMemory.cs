namespace GatysGpu.Kernels.Gpu;

/// <summary>Memory of one case of the benchmark, with values in it.</summary>
internal sealed class RooflineMemory(Accelerator accelerator) : IDisposable
{
    private readonly List<MemoryBuffer> taken = [];

    /// <summary>Where it is.</summary>
    public Accelerator Accelerator => accelerator;

    /// <summary>Numbers from −1 to 1.</summary>
    public ArrayView<float> Floats(long length)
    {
        ArrayView<float> view = Take<float>(length);
        accelerator.LoadStreamKernel<ArrayView<float>>(RooflineKernels.Fill)(ElementLaunch.For(length), view);
        return view;
    }

    /// <summary>Random bits.</summary>
    public ArrayView<byte> Bits(long bytes)
    {
        ArrayView<byte> view = Take<byte>(bytes);
        accelerator.LoadStreamKernel<ArrayView<byte>>(RooflineKernels.FillBits)(ElementLaunch.For(bytes), view);
        return view;
    }

    /// <summary>Bytes that are all 0.</summary>
    public ArrayView<byte> ZeroBits(long bytes)
    {
        ArrayView<byte> view = Take<byte>(bytes);
        view.MemSetToZero();
        return view;
    }

    /// <summary>Partial sums and results, all 0.</summary>
    public ArrayView<double> Doubles(long length)
    {
        ArrayView<double> view = Take<double>(length);
        view.MemSetToZero();
        return view;
    }

    public void Dispose()
    {
        // What is queued may still use it.
        accelerator.Synchronize();
        foreach (MemoryBuffer buffer in taken) buffer.Dispose();
    }

    private ArrayView<T> Take<T>(long length) where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Allocate1D<T>(length);
        taken.Add(buffer);
        return buffer.View.BaseView;
    }
}
