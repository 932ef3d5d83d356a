using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>The checker: runs kernels warp by warp in the project's interpreter, and stops with the C# line at the first fault.</summary>
public sealed class SimtAccelerator : Accelerator
{
    private readonly SeamMemory memory = new();

    internal SimtAccelerator(Context context, CPUDevice device)
        : base(context, device) => DefaultStream = new Stream(this);

    /// <inheritdoc/>
    public override AcceleratorStream DefaultStream { get; }

    /// <inheritdoc/>
    public override AcceleratorStream CreateStream() => new Stream(this);

    /// <summary>Does nothing: a launch returns when it is done.</summary>
    public override void Synchronize()
    {
    }

    internal override void CopyIn(BufferRange target, ReadOnlySpan<byte> source) => source.CopyTo(Bytes(target));

    internal override void CopyOut(BufferRange source, Span<byte> target) => Bytes(source).CopyTo(target);

    internal override void CopyWithin(AcceleratorStream stream, BufferRange source, BufferRange target) =>
        Bytes(source).CopyTo(Bytes(target));

    internal override void Clear(AcceleratorStream stream, BufferRange range) => Bytes(range).Clear();

    internal override DeviceKernel Load(Kernel kernel) => throw new NotSupportedException("no checker yet");

    private protected override BufferMemory Allocate(long bytes, string name) => new Block(memory, memory.Allocate(bytes, name));

    private protected override void Release() => memory.Dispose();

    private Span<byte> Bytes(BufferRange range) => memory.Bytes(range.Address, range.Bytes);

    private sealed class Block(SeamMemory memory, long address) : BufferMemory
    {
        internal override long Address { get; } = address;

        public override void Dispose() => memory.Free(Address);
    }

    /// <summary>All streams run at once: a launch returns when it is done.</summary>
    private sealed class Stream(Accelerator accelerator) : AcceleratorStream(accelerator)
    {
        public override void Synchronize()
        {
        }

        public override void Dispose()
        {
        }
    }
}
