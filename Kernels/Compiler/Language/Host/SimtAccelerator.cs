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

    internal override void CopyIn(long target, ReadOnlySpan<byte> source) => source.CopyTo(memory.Bytes(target, source.Length));

    internal override void CopyOut(long source, Span<byte> target) => memory.Bytes(source, target.Length).CopyTo(target);

    internal override void CopyWithin(AcceleratorStream stream, long source, long target, long bytes) =>
        memory.Bytes(source, bytes).CopyTo(memory.Bytes(target, bytes));

    internal override void Clear(AcceleratorStream stream, long address, long bytes) => memory.Bytes(address, bytes).Clear();

    internal override DeviceKernel Load(Kernel kernel) => throw new NotSupportedException("no checker yet");

    private protected override long Allocate(long bytes, string name) => memory.Allocate(bytes, name);

    private protected override void Free(long address) => memory.Free(address);

    private protected override void Release() => memory.Dispose();

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
