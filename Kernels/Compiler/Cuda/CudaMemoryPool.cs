namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>The account of a pool, bytes.</summary>
/// <param name="RequestedBytes">What callers asked for and have not given back.</param>
/// <param name="InUseBytes">The blocks that this occupies: each is the request rounded up to 256, or a reused block.</param>
/// <param name="PeakInUseBytes">The most that <paramref name="InUseBytes"/> was.</param>
/// <param name="ReservedBytes">What the pool holds of the driver: the blocks in use and the idle ones.</param>
public readonly record struct CudaMemoryUsage(long RequestedBytes, long InUseBytes, long PeakInUseBytes, long ReservedBytes)
{
    /// <summary>Blocks that wait for their next use.</summary>
    public long IdleBytes => ReservedBytes - InUseBytes;
}

/// <summary>A device's memory with an exact account. A block that is given back stays with the pool and serves the next request
/// that it fits; an allocation of the driver stops the device, a reuse does not. Any thread may use it.</summary>
/// <remarks>A request takes the smallest idle block that holds it and is at most an eighth larger, otherwise a new one: blocks
/// are never split, since the driver takes them back only whole. Where the driver has no more, the idle blocks go back to it
/// first.</remarks>
public sealed unsafe class CudaMemoryPool : CudaResource
{
    /// <summary>Every address and every block's size is a multiple of it: what the driver itself aligns to, and two transactions
    /// of a warp that reads floats.</summary>
    public const int Alignment = 256;

    private const long LargestBlock = long.MaxValue / Alignment * Alignment;
    private readonly Lock gate = new();
    private readonly SortedSet<(long Bytes, ulong Address)> idle = [];
    private readonly Dictionary<ulong, long> inUse = [];
    private CudaMemoryUsage usage;

    internal CudaMemoryPool(CudaContext context) : base(context)
    {
    }

    /// <summary>The account at this moment.</summary>
    public CudaMemoryUsage Usage
    {
        get
        {
            lock (gate) return usage;
        }
    }

    /// <summary>Takes memory.</summary>
    /// <param name="bytes">At least 0; an empty one still has an address of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative size.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has too little, also without the idle blocks.</exception>
    /// <exception cref="CudaException">The driver refused for another reason; during a capture it always does.</exception>
    public CudaMemory Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        CudaApi api = Enter();
        lock (gate)
        {
            long blockBytes = (Math.Clamp(bytes, 1, LargestBlock) - 1) / Alignment * Alignment + Alignment;
            if (!TryReuse(ref blockBytes, out ulong address)) address = TakeFromDriver(api, bytes, blockBytes);
            inUse.Add(address, blockBytes);
            long used = usage.InUseBytes + blockBytes;
            usage = usage with
            {
                RequestedBytes = usage.RequestedBytes + bytes,
                InUseBytes = used,
                PeakInUseBytes = Math.Max(used, usage.PeakInUseBytes),
            };
            return new CudaMemory(this, address, bytes, blockBytes);
        }
    }

    /// <summary>Gives idle blocks back to the driver, the largest first. Waits for the device.</summary>
    /// <param name="keepBytes">Most that the idle blocks may hold afterwards.</param>
    /// <returns>Bytes given back.</returns>
    /// <exception cref="CudaException">The driver refused.</exception>
    public long Trim(long keepBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keepBytes);
        CudaApi api = Enter();
        lock (gate) return TrimIdle(api, keepBytes);
    }

    /// <summary>Begins a new measurement of the peak: it becomes what is in use now.</summary>
    public void ResetPeak()
    {
        lock (gate) usage = usage with { PeakInUseBytes = usage.InUseBytes };
    }

    /// <summary>Puts a block with the idle ones; nothing where the pool is gone and the block with it.</summary>
    internal void TakeBack(ulong address, long requestedBytes)
    {
        lock (gate)
        {
            if (!inUse.Remove(address, out long blockBytes)) return;
            idle.Add((blockBytes, address));
            usage = usage with
            {
                RequestedBytes = usage.RequestedBytes - requestedBytes,
                InUseBytes = usage.InUseBytes - blockBytes,
            };
        }
    }

    private protected override void Release(CudaApi api)
    {
        lock (gate)
        {
            foreach ((ulong address, long bytes) in inUse) idle.Add((bytes, address));
            inUse.Clear();
            usage = usage with { RequestedBytes = 0, InUseBytes = 0 };
            CudaException? first = null;
            while (idle.Count > 0)
            {
                try
                {
                    TrimIdle(api, 0);
                }
                catch (CudaException e)
                {
                    first ??= e;
                }
            }
            if (first is not null) throw first;
        }
    }

    private bool TryReuse(ref long blockBytes, out ulong address)
    {
        address = 0;
        long largest = blockBytes + Math.Min(blockBytes / 8, long.MaxValue - blockBytes);
        // Min of an empty view is the default, of 0 bytes.
        (long Bytes, ulong Address) fit = idle.GetViewBetween((blockBytes, 0), (largest, ulong.MaxValue)).Min;
        if (fit.Bytes == 0) return false;
        idle.Remove(fit);
        (blockBytes, address) = fit;
        return true;
    }

    private ulong TakeFromDriver(CudaApi api, long bytes, long blockBytes)
    {
        ulong address;
        CudaResult result = api.MemAlloc(&address, (nuint)blockBytes);
        if (result == CudaResult.OutOfMemory && TrimIdle(api, 0) > 0) result = api.MemAlloc(&address, (nuint)blockBytes);
        if (result == CudaResult.OutOfMemory)
            throw new DeviceOutOfMemoryException(api, Context.Device.Name, bytes, Context.GetMemoryInfo(), usage);
        api.Check(result, "cuMemAlloc_v2", $"{blockBytes} bytes on {Context.Device.Name}");
        usage = usage with { ReservedBytes = usage.ReservedBytes + blockBytes };
        return address;
    }

    private long TrimIdle(CudaApi api, long keepBytes)
    {
        long before = usage.ReservedBytes;
        while (usage.IdleBytes > keepBytes && idle.Count > 0)
        {
            (long bytes, ulong address) = idle.Max;
            // Taken off the account first: a block that the driver refuses to take is lost, but never offered twice.
            idle.Remove((bytes, address));
            usage = usage with { ReservedBytes = usage.ReservedBytes - bytes };
            api.CheckRelease(api.MemFree(address), "cuMemFree_v2", $"{bytes} bytes on {Context.Device.Name}");
        }
        return before - usage.ReservedBytes;
    }
}
