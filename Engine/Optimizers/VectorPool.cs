using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Optimizers;

/// <summary>Vectors of one length in one piece of device memory, handed out once and given back together.</summary>
internal sealed class VectorPool : IDisposable
{
    private readonly DeviceMemory memory;
    private readonly long length;
    private long used;

    public VectorPool(IDevice device, long length, int count)
    {
        this.length = length;
        memory = device.Allocate(BytesFor(length, count));
    }

    public static long BytesFor(long length, int count) => DeviceVector.BytesFor(length) * count;

    /// <summary>The next vector; zeros.</summary>
    public DeviceVector Take()
    {
        var vector = new DeviceVector(memory, used, length);
        used += DeviceVector.BytesFor(length);
        return vector;
    }

    public void Dispose() => memory.Dispose();
}
