namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>Page-locked memory of the host, which the device copies from and to while the host goes on. It is scarce: what is
/// locked cannot be paged out. Made by <see cref="CudaContext.AllocatePinned"/>; its contents are undefined at first.</summary>
public sealed unsafe class PinnedMemory : CudaResource
{
    private readonly byte* start;

    internal PinnedMemory(CudaContext context, byte* start, long bytes) : base(context)
    {
        this.start = start;
        Bytes = bytes;
    }

    /// <summary>Size in bytes as it was asked for.</summary>
    public long Bytes { get; }

    /// <summary>The memory as values. A span must not be used after disposal, nor while a copy that was enqueued is under
    /// way.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="count">Number of values.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie within the memory.</exception>
    public Span<T> AsSpan<T>(long offset, int count) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new Span<T>(At(offset, (long)count * sizeof(T)), count);
    }

    /// <summary>All of the memory as values; bytes that make no whole value are left out.</summary>
    /// <exception cref="OverflowException">More than 2³¹-1 values.</exception>
    public Span<T> AsSpan<T>() where T : unmanaged => AsSpan<T>(0, checked((int)(Bytes / sizeof(T))));

    /// <summary>Address of a byte, with room for a number of bytes.</summary>
    internal byte* At(long offset, long bytes)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (offset < 0 || bytes < 0 || offset > Bytes - bytes)
            throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"{bytes} bytes from byte {offset} do not lie within the {Bytes} of this pinned memory");
        return start + offset;
    }

    private protected override void Release(CudaApi api) =>
        api.CheckRelease(api.MemFreeHost(start), "cuMemFreeHost", $"{Bytes} bytes of page-locked host memory");
}
