namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>Free and whole memory of a device.</summary>
/// <param name="FreeBytes">Bytes that nobody holds, other programs counted in.</param>
/// <param name="TotalBytes">Bytes in all.</param>
public readonly record struct CudaMemoryInfo(long FreeBytes, long TotalBytes);

/// <summary>A device in use: its primary context, and what was made in it. Every call makes the context current on the calling
/// thread first, so that any thread may use it. Disposal gives back whatever is left of what was made, the latest
/// first.</summary>
/// <remarks>Which context is current is remembered per thread, so code that sets another one by calls of its own on the same
/// thread must set it back. Disposal must not run beside other calls.</remarks>
public sealed unsafe class CudaContext : IDisposable
{
    [ThreadStatic]
    private static CudaContext? current;

    private readonly CudaApi api;
    private readonly nint handle;
    private readonly int deviceHandle;
    private readonly LinkedList<CudaResource> resources = new();
    private readonly Dictionary<CudaResource, LinkedListNode<CudaResource>> nodes = new(ReferenceEqualityComparer.Instance);
    private bool disposing;
    private bool disposed;

    internal CudaContext(CudaDriver driver, CudaDeviceInfo device)
    {
        Driver = driver;
        Device = device;
        api = driver.Api;
        int number;
        api.Check(api.DeviceGet(&number, device.Ordinal), "cuDeviceGet", $"{device.Name}");
        deviceHandle = number;
        nint context;
        api.Check(api.DevicePrimaryCtxRetain(&context, deviceHandle), "cuDevicePrimaryCtxRetain", $"{device.Name}");
        handle = context;
        Memory = Adopt(new CudaMemoryPool(this));
    }

    /// <summary>The driver that it came from.</summary>
    public CudaDriver Driver { get; }

    /// <summary>The device.</summary>
    public CudaDeviceInfo Device { get; }

    /// <summary>The device's memory as this context uses it.</summary>
    public CudaMemoryPool Memory { get; }

    /// <summary>Makes a stream: a queue of work that the device does in order.</summary>
    /// <exception cref="CudaException">The driver refused.</exception>
    public CudaStream CreateStream()
    {
        nint stream;
        Enter().Check(api.StreamCreate(&stream, CudaFlags.StreamNonBlocking), "cuStreamCreate", $"{Device.Name}");
        return Adopt(new CudaStream(this, stream));
    }

    /// <summary>Makes an event: a mark in a stream that can be waited for.</summary>
    /// <param name="timing">Whether it keeps the time at which the stream reached it.</param>
    /// <exception cref="CudaException">The driver refused.</exception>
    public CudaEvent CreateEvent(bool timing = true)
    {
        nint mark;
        uint flags = timing ? CudaFlags.EventTiming : CudaFlags.EventDisableTiming;
        Enter().Check(api.EventCreate(&mark, flags), "cuEventCreate", $"{Device.Name}");
        return Adopt(new CudaEvent(this, mark, timing));
    }

    /// <summary>Assembles PTX for the device and loads it.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="ptx">The text.</param>
    /// <param name="options">How; null takes the driver's defaults.</param>
    /// <exception cref="CudaException">The driver refused; its <see cref="CudaException.Log"/> names the lines of the
    /// PTX.</exception>
    public CudaModule LoadModule(string name, string ptx, CudaModuleOptions? options = null) =>
        Adopt(CudaModule.Load(this, name, ptx, options ?? new CudaModuleOptions()));

    /// <summary>Allocates page-locked memory of the host, which the device can copy from and to while the host goes on.</summary>
    /// <param name="bytes">At least 0.</param>
    /// <exception cref="CudaException">The host has too little that can be locked.</exception>
    public PinnedMemory AllocatePinned(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        void* memory;
        Enter().Check(api.MemAllocHost(&memory, (nuint)Math.Max(bytes, 1)), "cuMemAllocHost_v2",
            $"{bytes} bytes of page-locked host memory");
        return Adopt(new PinnedMemory(this, (byte*)memory, bytes));
    }

    /// <summary>Free and whole memory of the device at this moment.</summary>
    /// <exception cref="CudaException">The driver refused.</exception>
    public CudaMemoryInfo GetMemoryInfo()
    {
        nuint free, total;
        Enter().Check(api.MemGetInfo(&free, &total), "cuMemGetInfo_v2", $"{Device.Name}");
        return new CudaMemoryInfo((long)free, (long)total);
    }

    /// <summary>Waits until the device has done all that was asked of it in this context.</summary>
    /// <exception cref="CudaException">A kernel or a copy failed.</exception>
    public void Synchronize() => Enter().Check(api.CtxSynchronize(), "cuCtxSynchronize", $"all work on {Device.Name}");

    /// <summary>Waits for the device, then gives back all that was made in the context, the latest first, then the context; a
    /// second call does nothing.</summary>
    /// <exception cref="CudaException">The driver refused to take something back, which is the first that it refused; the rest
    /// was given back all the same.</exception>
    public void Dispose()
    {
        if (disposing) return;
        disposing = true;
        CudaException? first = null;
        // What is still running uses the modules and the memory.
        Attempt(() => Enter().CheckRelease(api.CtxSynchronize(), "cuCtxSynchronize", $"all work on {Device.Name}"), ref first);
        while (Latest() is { } resource) Attempt(resource.Dispose, ref first);
        Attempt(Release, ref first);
        disposed = true;
        if (first is not null) throw first;
    }

    /// <summary>Makes the context current on this thread.</summary>
    /// <returns>The driver.</returns>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    internal CudaApi Enter()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (ReferenceEquals(current, this)) return api;
        api.Check(api.CtxSetCurrent(handle), "cuCtxSetCurrent", $"{Device.Name}");
        current = this;
        return api;
    }

    /// <summary>Refuses something of this context in a call of another: their handles mean nothing to each other.</summary>
    internal void Require(CudaContext other, string what)
    {
        if (!ReferenceEquals(this, other))
            throw new ArgumentException($"the {what} is of a context of {Device.Name}, the call of another, of {other.Device.Name}");
    }

    /// <summary>Takes note of something that disposal has to give back.</summary>
    internal T Adopt<T>(T resource) where T : CudaResource
    {
        lock (resources) nodes.Add(resource, resources.AddLast(resource));
        return resource;
    }

    /// <summary>The opposite of <see cref="Adopt"/>.</summary>
    internal void Forget(CudaResource resource)
    {
        lock (resources)
            if (nodes.Remove(resource, out LinkedListNode<CudaResource>? node)) resources.Remove(node);
    }

    private CudaResource? Latest()
    {
        lock (resources) return resources.Last?.Value;
    }

    private void Release()
    {
        if (ReferenceEquals(current, this))
        {
            current = null;
            api.CheckRelease(api.CtxSetCurrent(0), "cuCtxSetCurrent", $"no context after that of {Device.Name}");
        }
        api.CheckRelease(api.DevicePrimaryCtxRelease(deviceHandle), "cuDevicePrimaryCtxRelease_v2", $"{Device.Name}");
    }

    private static void Attempt(Action release, ref CudaException? first)
    {
        try
        {
            release();
        }
        catch (CudaException e)
        {
            first ??= e;
        }
    }
}
