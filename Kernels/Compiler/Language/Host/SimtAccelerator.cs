using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Simt;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>The checker: runs kernels warp by warp in the project's interpreter, and stops with the C# line at the first
/// fault.</summary>
public sealed partial class SimtAccelerator : Accelerator
{
    private readonly SimtMemory memory = new();
    private readonly SimtMachine machine;
    private readonly SortedDictionary<string, SimtCounters> counters = new(StringComparer.Ordinal);

    internal SimtAccelerator(Context context, CPUDevice device)
        : base(context, device)
    {
        machine = new SimtMachine(memory, device.Options);
        DefaultStream = new Stream(this);
    }

    /// <inheritdoc/>
    public override AcceleratorStream DefaultStream { get; }

    /// <summary>What a profiler would have counted since <see cref="ResetCounters"/>, by the kernel's name, all launches added
    /// up.</summary>
    public IReadOnlyDictionary<string, SimtCounters> Counters => counters;

    /// <summary>Begins to count from zero.</summary>
    public void ResetCounters() => counters.Clear();

    /// <inheritdoc/>
    public override AcceleratorStream CreateStream() => new Stream(this);

    /// <summary>Does nothing: a launch returns when it is done.</summary>
    public override void Synchronize() => RequireNoCapture("waits for the device");

    internal override void CopyIn(BufferRange target, ReadOnlySpan<byte> source)
    {
        RequireNoCapture("copies from the host");
        source.CopyTo(Bytes(target));
    }

    internal override void CopyOut(BufferRange source, Span<byte> target)
    {
        RequireNoCapture("copies to the host");
        Bytes(source).CopyTo(target);
    }

    internal override void CopyWithin(AcceleratorStream stream, BufferRange source, BufferRange target) =>
        Do(() => Bytes(source).CopyTo(Bytes(target)));

    internal override void Clear(AcceleratorStream stream, BufferRange range) => Do(() => Bytes(range).Clear());

    /// <summary>Sees, and may change, every kernel before it is run for the first time: how tests plant faults.</summary>
    internal Action<Kernel>? Loading { get; set; }

    internal override DeviceKernel Load(Kernel kernel)
    {
        RequireNoCapture($"loads {kernel.Name}");
        Loading?.Invoke(kernel);
        return new CheckedKernel(this, kernel);
    }

    private protected override BufferMemory Allocate(long bytes, string name)
    {
        RequireNoCapture($"allocates {bytes} bytes");
        try
        {
            return new Block(memory, memory.Allocate(bytes, name));
        }
        catch (OutOfMemoryException e)
        {
            throw new InsufficientMemoryException(
                $"The checker was asked for {bytes} bytes for {name}; it holds {memory.BytesInUse} and "
                + $"the machine's memory is {MemorySize}. Lower the size of the picture.", e);
        }
    }

    private protected override void Release() => memory.Dispose();

    private Span<byte> Bytes(BufferRange range) => memory.Bytes(range.Address, range.Bytes);

    private sealed class CheckedKernel(SimtAccelerator accelerator, Kernel kernel) : DeviceKernel(kernel)
    {
        internal override void Launch(AcceleratorStream stream, in KernelConfig config, ReadOnlySpan<byte> arguments)
        {
            if (accelerator.recorded is null)
            {
                Run(config, arguments);
                return;
            }
            (KernelConfig shape, byte[] kept) = (config, arguments.ToArray());
            accelerator.recorded.Add(() => Run(shape, kept));
        }

        private void Run(KernelConfig config, ReadOnlySpan<byte> arguments)
        {
            SimtCounters counted = accelerator.machine.Launch(Kernel, arguments, config.GridDim, config.GroupDim,
                config.SharedMemoryConfig.Bytes);
            if (accelerator.counters.TryGetValue(Kernel.Name, out SimtCounters? sum)) sum.Add(counted);
            else accelerator.counters.Add(Kernel.Name, counted);
        }
    }

    private sealed class Block(SimtMemory memory, long address) : BufferMemory
    {
        internal override long Address { get; } = address;

        public override void Dispose() => memory.Free(Address);
    }

    /// <summary>A stream has nothing to wait for: a launch returns when it is done.</summary>
    private sealed class Stream(SimtAccelerator accelerator) : AcceleratorStream(accelerator)
    {
        public override void Synchronize() => accelerator.Synchronize();

        public override void Dispose()
        {
        }
    }
}
