using System.Runtime.InteropServices;

namespace GatysGpu.Kernels.Devices.Host;

/// <summary>Memory outside the collected heap, aligned to 64 bytes, filled with zeros.</summary>
internal sealed unsafe class HostMemory : DeviceMemory
{
    private const nuint Alignment = 64;

    /// <summary>A register tile reads positions in fours: up to three vectors past a map's end, whose results are dropped.</summary>
    public const int ReadBeyond = 3 * 64;

    /// <summary>Blocks from this size on come from the system itself where that is Linux.</summary>
    private const nuint LargeBlock = 1 << 20;
    private readonly nuint taken;
    private void* block;
    private byte* start;

    /// <summary>Takes memory.</summary>
    /// <param name="bytes">At least 0.</param>
    /// <exception cref="DeviceMemoryException">The machine has too little.</exception>
    public HostMemory(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available) throw TooLarge(bytes, available, null);
        try
        {
            // Zeroed memory comes from the operating system as untouched pages: what is never used is never resident.
            taken = (nuint)bytes + Alignment + ReadBeyond;
            block = IsLarge ? LinuxPages.Take(taken) : NativeMemory.AllocZeroed(taken);
            start = (byte*)(((nuint)block + Alignment - 1) & ~(Alignment - 1));
        }
        catch (OutOfMemoryException e)
        {
            throw TooLarge(bytes, available, e);
        }
        GC.AddMemoryPressure(Math.Max(bytes, 1));
    }

    /// <summary>Gives the memory back if nobody did.</summary>
    ~HostMemory() => Free();

    public override long Bytes { get; }

    /// <summary>First byte.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public byte* Start => start != null ? start : throw new ObjectDisposedException(nameof(HostMemory));

    public override void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private bool IsLarge => taken >= LargeBlock && OperatingSystem.IsLinux();

    private static DeviceMemoryException TooLarge(long bytes, long available, Exception? inner)
    {
        const double MiB = 1 << 20;
        return new DeviceMemoryException(
            $"the CPU device was asked for {bytes / MiB:N0} MiB, the machine has {available / MiB:N0} MiB for this process; " +
            $"lower --size or the L-BFGS history{(inner is null ? "" : $" ({inner.Message})")}");
    }

    private void Free()
    {
        if (start == null) return;
        if (IsLarge) LinuxPages.Return(block, taken);
        else NativeMemory.Free(block);
        start = null;
        GC.RemoveMemoryPressure(Math.Max(Bytes, 1));
    }
}
