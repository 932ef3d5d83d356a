namespace GatysGpu.Kernels.Devices.Gpu;

/// <summary>Memory of an accelerator as plain bytes.</summary>
internal sealed class GpuMemory : DeviceMemory
{
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> buffer;

    /// <summary>Takes memory and fills it with zeros.</summary>
    public GpuMemory(Accelerator accelerator, long bytes)
    {
        buffer = accelerator.Allocate1D<byte>(bytes);
        try
        {
            if (bytes > 0) buffer.MemSetToZero();
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    public override long Bytes => buffer.Length;

    /// <summary>All of it.</summary>
    public ArrayView<byte> View => buffer.View.BaseView;

    /// <summary>Whether it is memory of this accelerator.</summary>
    public bool IsOf(Accelerator accelerator) => buffer.Accelerator == accelerator;

    public override void Dispose() => buffer.Dispose();
}
