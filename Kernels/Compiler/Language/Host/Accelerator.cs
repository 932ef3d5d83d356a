using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>A device in use: its memory, its streams and the kernels loaded on it.</summary>
/// <remarks>One thread at a time may use it. Disposing it gives back all buffers and streams.</remarks>
public abstract class Accelerator : IDisposable
{
    private readonly Dictionary<(MethodInfo Method, bool AutoGrouped), Dictionary<byte[], DeviceKernel>> loaded = [];

    private protected Accelerator(Context context, Device device)
    {
        Context = context;
        Device = device;
        context.Add(this);
    }

    /// <summary>Whence it came.</summary>
    public Context Context { get; }

    /// <summary>What it runs on.</summary>
    public Device Device { get; }

    /// <summary>What it is.</summary>
    public AcceleratorType AcceleratorType => Device.AcceleratorType;

    /// <summary>What the device calls itself.</summary>
    public string Name => Device.Name;

    /// <summary>Memory of the device, bytes.</summary>
    public long MemorySize => Device.MemorySize;

    /// <summary>Threads that run in step.</summary>
    public int WarpSize => Device.WarpSize;

    /// <summary>Processors that each run groups of their own.</summary>
    public int NumMultiprocessors => Device.NumMultiprocessors;

    /// <summary>Threads that a group may have.</summary>
    public int MaxNumThreadsPerGroup => Device.MaxNumThreadsPerGroup;

    /// <summary>Shared memory that a group may have, static and dynamic together, bytes.</summary>
    public int MaxSharedMemoryPerGroup => Device.MaxSharedMemoryPerGroup;

    /// <summary>Bytes of all buffers that are not disposed, exactly as they were asked for.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>The largest that <see cref="AllocatedBytes"/> has been.</summary>
    public long PeakAllocatedBytes { get; private set; }

    /// <summary>How many buffers were given back. While it stays the same, every address that was valid still is.</summary>
    internal long Releases { get; private set; }

    /// <summary>Where kernels run that name no stream.</summary>
    public abstract AcceleratorStream DefaultStream { get; }

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>A stream beside the default one.</summary>
    public abstract AcceleratorStream CreateStream();

    /// <summary>Waits for all streams.</summary>
    public abstract void Synchronize();

    /// <summary>Records what an action launches, copies and clears on the default stream; nothing of it runs until the graph is
    /// launched.</summary>
    /// <param name="work">Must not wait, allocate, or copy from or to the host; every kernel in it must have been launched once
    /// before, since loading one is no work of a stream. Arguments and buffers are kept as they are now: they must outlive the
    /// graph.</param>
    /// <returns>What repeats all of it for the price of one launch.</returns>
    /// <exception cref="InvalidOperationException">The action did what it must not.</exception>
    public abstract CapturedGraph Capture(Action work);

    /// <summary>Memory for elements, with no defined content.</summary>
    /// <param name="length">Number of elements, at least 0.</param>
    public MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(long length)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new MemoryBuffer1D<T, Stride1D.Dense>(this, length);
    }

    /// <summary>Memory with a copy of an array.</summary>
    public MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(T[] data)
        where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = Allocate1D<T>(data.LongLength);
        buffer.CopyFromCPU(data);
        return buffer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsDisposed) return;
        Release();
        IsDisposed = true;
        AllocatedBytes = 0;
        GC.SuppressFinalize(this);
    }

    /// <summary>The kernels of a method that are ready here, by their specialised values: loading one again costs nothing.</summary>
    internal Dictionary<byte[], DeviceKernel> LoadedKernels(MethodInfo method, bool autoGrouped)
    {
        if (!loaded.TryGetValue((method, autoGrouped), out Dictionary<byte[], DeviceKernel>? kernels))
            loaded[(method, autoGrouped)] = kernels = KernelLauncher.NewTable();
        return kernels;
    }

    /// <summary>New memory; none for 0 bytes.</summary>
    internal BufferMemory? AllocateBytes(long bytes, string name)
    {
        if (bytes == 0) return null;
        BufferMemory memory = Allocate(bytes, name);
        AllocatedBytes += bytes;
        PeakAllocatedBytes = Math.Max(PeakAllocatedBytes, AllocatedBytes);
        return memory;
    }

    /// <summary>Undoes <see cref="AllocateBytes"/>.</summary>
    internal void FreeBytes(BufferMemory memory, long bytes)
    {
        memory.Dispose();
        AllocatedBytes -= bytes;
        Releases++;
    }

    /// <summary>Checks that a stream is of this accelerator.</summary>
    internal void RequireOwn(AcceleratorStream stream)
    {
        if (stream.Accelerator != this)
            throw new ArgumentException(
                $"The stream is of another accelerator, {stream.Accelerator.Name}, than the work, {Name}. "
                + "Use a stream that this accelerator created.");
    }

    /// <summary>Overwrites device memory after all that was launched before on the default stream, and waits.</summary>
    internal abstract void CopyIn(BufferRange target, ReadOnlySpan<byte> source);

    /// <summary>Reads device memory, after all that was launched before on the default stream, and waits.</summary>
    internal abstract void CopyOut(BufferRange source, Span<byte> target);

    /// <summary>Copies between ranges of one size that do not overlap.</summary>
    internal abstract void CopyWithin(AcceleratorStream stream, BufferRange source, BufferRange target);

    /// <summary>Sets device memory to 0.</summary>
    internal abstract void Clear(AcceleratorStream stream, BufferRange range);

    /// <summary>Makes a compiled kernel ready to launch.</summary>
    internal abstract DeviceKernel Load(Kernel kernel);

    /// <summary>Takes memory of the device.</summary>
    /// <param name="bytes">More than 0.</param>
    /// <param name="name">What messages call it.</param>
    private protected abstract BufferMemory Allocate(long bytes, string name);

    /// <summary>Gives back all that the accelerator holds on its device.</summary>
    private protected abstract void Release();
}
