namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>Memory of a device, taken from <see cref="CudaMemoryPool"/>. Its contents are undefined at first.</summary>
public sealed class CudaMemory : IDisposable
{
    private readonly ulong address;
    private int disposed;

    internal CudaMemory(CudaMemoryPool pool, ulong address, long bytes, long blockBytes)
    {
        Pool = pool;
        this.address = address;
        Bytes = bytes;
        BlockBytes = blockBytes;
    }

    /// <summary>The pool that it came from.</summary>
    public CudaMemoryPool Pool { get; }

    /// <summary>Size in bytes as it was asked for.</summary>
    public long Bytes { get; }

    /// <summary>Size in bytes of the block that it occupies.</summary>
    public long BlockBytes { get; }

    /// <summary>Address on the device, a multiple of 256, as a kernel's argument takes it.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public ulong Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return address;
        }
    }

    /// <summary>Whether it, or the whole pool, was given back.</summary>
    public bool IsDisposed => Volatile.Read(ref disposed) != 0 || Pool.IsDisposed;

    /// <summary>A part of it.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="bytes">Number of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie within the memory.</exception>
    public CudaMemoryRange Range(long offset, long bytes)
    {
        if (offset < 0 || bytes < 0 || offset > Bytes - bytes)
            throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"{bytes} bytes from byte {offset} do not lie within the {Bytes} of this device memory");
        return new CudaMemoryRange(this, offset, bytes);
    }

    /// <summary>Gives the memory back to the pool; a second call does nothing. Work that was enqueued may still use it where the
    /// next user's work is enqueued in the same stream.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0) Pool.TakeBack(address, Bytes);
    }
}

/// <summary>A part of a device's memory: what a copy reads or overwrites. Owns nothing.</summary>
public readonly record struct CudaMemoryRange
{
    internal CudaMemoryRange(CudaMemory memory, long offset, long bytes)
    {
        Memory = memory;
        Offset = offset;
        Bytes = bytes;
    }

    /// <summary>What it is a part of.</summary>
    public CudaMemory Memory { get; }

    /// <summary>First byte.</summary>
    public long Offset { get; }

    /// <summary>Number of bytes.</summary>
    public long Bytes { get; }

    /// <summary>Address on the device.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public ulong Address => Memory.Address + (ulong)Offset;

    /// <summary>All of a memory.</summary>
    public static implicit operator CudaMemoryRange(CudaMemory memory) => new(memory, 0, memory.Bytes);

    /// <summary>The address, for a call in a certain context.</summary>
    internal ulong AddressIn(CudaContext context)
    {
        Memory.Pool.Context.Require(context, "device memory");
        return Address;
    }
}
