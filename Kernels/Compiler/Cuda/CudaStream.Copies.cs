namespace GatysGpu.Kernels.Compiler.Cuda;

// Copies and fills. Those from and to ordinary memory wait until they are done; those with pinned memory only enqueue.
public sealed unsafe partial class CudaStream
{
    /// <summary>Copies from ordinary memory to the device and waits until it is done.</summary>
    /// <param name="source">As many bytes as the destination has.</param>
    /// <param name="destination">Overwritten.</param>
    /// <exception cref="ArgumentException">The sizes differ, or the memory is of another context.</exception>
    /// <exception cref="CudaException">The copy, or earlier work of the stream, failed.</exception>
    /// <exception cref="InvalidOperationException">The stream is being captured; copy from pinned memory instead.</exception>
    public void CopyToDevice<T>(ReadOnlySpan<T> source, CudaMemoryRange destination) where T : unmanaged
    {
        RequireNoCapture("copies from ordinary memory, not from pinned");
        RequireSameSize((long)source.Length * sizeof(T), destination.Bytes, "host memory", "device memory");
        fixed (T* from = source) EnqueueToDevice(from, destination);
        Synchronize();
    }

    /// <summary>Copies from the device to ordinary memory and waits until it is done.</summary>
    /// <param name="source">On the device.</param>
    /// <param name="destination">As many bytes as the source has. Overwritten.</param>
    /// <exception cref="ArgumentException">The sizes differ, or the memory is of another context.</exception>
    /// <exception cref="CudaException">The copy, or earlier work of the stream, failed.</exception>
    /// <exception cref="InvalidOperationException">The stream is being captured; copy to pinned memory instead.</exception>
    public void CopyToHost<T>(CudaMemoryRange source, Span<T> destination) where T : unmanaged
    {
        RequireNoCapture("copies to ordinary memory, not to pinned");
        RequireSameSize(source.Bytes, (long)destination.Length * sizeof(T), "device memory", "host memory");
        fixed (T* to = destination)
        {
            EnqueueToHost(source, to);
            Synchronize();
        }
    }

    /// <summary>Enqueues a copy from pinned memory to the device.</summary>
    /// <param name="source">Must keep its contents until the stream has done the copy.</param>
    /// <param name="sourceOffset">First byte of the source.</param>
    /// <param name="destination">Overwritten; its size is the number of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The source ends too early.</exception>
    /// <exception cref="ArgumentException">The memory is of another context.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    public void CopyToDeviceAsync(PinnedMemory source, long sourceOffset, CudaMemoryRange destination) =>
        EnqueueToDevice(source.At(sourceOffset, destination.Bytes), destination);

    /// <summary>Enqueues a copy from the device to pinned memory.</summary>
    /// <param name="source">On the device; its size is the number of bytes.</param>
    /// <param name="destination">Overwritten, when the stream comes to it.</param>
    /// <param name="destinationOffset">First byte of the destination.</param>
    /// <exception cref="ArgumentOutOfRangeException">The destination ends too early.</exception>
    /// <exception cref="ArgumentException">The memory is of another context.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    public void CopyToHostAsync(CudaMemoryRange source, PinnedMemory destination, long destinationOffset) =>
        EnqueueToHost(source, destination.At(destinationOffset, source.Bytes));

    /// <summary>Enqueues a copy on the device.</summary>
    /// <param name="source">Must not overlap the destination.</param>
    /// <param name="destination">As many bytes. Overwritten.</param>
    /// <exception cref="ArgumentException">The sizes differ, or the memory is of another context.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    public void CopyOnDevice(CudaMemoryRange source, CudaMemoryRange destination)
    {
        RequireSameSize(source.Bytes, destination.Bytes, "the source", "the destination");
        CudaApi api = Enter();
        ulong from = source.AddressIn(Context), to = destination.AddressIn(Context);
        if (source.Bytes == 0) return;
        api.Check(api.MemcpyDtoDAsync(to, from, (nuint)source.Bytes, handle), "cuMemcpyDtoDAsync_v2", $"{source.Bytes} bytes");
    }

    /// <summary>Enqueues setting every byte to a value.</summary>
    /// <param name="destination">Overwritten.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The memory is of another context.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    public void Fill(CudaMemoryRange destination, byte value)
    {
        CudaApi api = Enter();
        ulong to = destination.AddressIn(Context);
        if (destination.Bytes == 0) return;
        api.Check(api.MemsetD8Async(to, value, (nuint)destination.Bytes, handle), "cuMemsetD8Async", $"{destination.Bytes} bytes");
    }

    /// <summary>Enqueues setting every 32-bit word to a value, such as the bits of a float.</summary>
    /// <param name="destination">Address and size must be multiples of 4 bytes. Overwritten.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">Not a multiple of 4, or the memory is of another context.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    public void FillWords(CudaMemoryRange destination, uint value)
    {
        CudaApi api = Enter();
        ulong to = destination.AddressIn(Context);
        if (destination.Offset % 4 != 0 || destination.Bytes % 4 != 0)
            throw new ArgumentException($"offset {destination.Offset} and size {destination.Bytes} must be multiples of 4 bytes");
        if (destination.Bytes == 0) return;
        api.Check(api.MemsetD32Async(to, value, (nuint)(destination.Bytes / 4), handle), "cuMemsetD32Async",
            $"{destination.Bytes / 4} words");
    }

    private void EnqueueToDevice(void* source, CudaMemoryRange destination)
    {
        CudaApi api = Enter();
        ulong to = destination.AddressIn(Context);
        if (destination.Bytes == 0) return;
        api.Check(api.MemcpyHtoDAsync(to, source, (nuint)destination.Bytes, handle), "cuMemcpyHtoDAsync_v2",
            $"{destination.Bytes} bytes");
    }

    private void EnqueueToHost(CudaMemoryRange source, void* destination)
    {
        CudaApi api = Enter();
        ulong from = source.AddressIn(Context);
        if (source.Bytes == 0) return;
        api.Check(api.MemcpyDtoHAsync(destination, from, (nuint)source.Bytes, handle), "cuMemcpyDtoHAsync_v2",
            $"{source.Bytes} bytes");
    }

    private static void RequireSameSize(long source, long destination, string from, string to)
    {
        if (source != destination) throw new ArgumentException($"copy of {source} bytes of {from} to {destination} bytes of {to}");
    }
}
