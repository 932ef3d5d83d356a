using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>An NVIDIA GPU in use, through the driver alone. Kernels run beside the host, in the order of their stream.</summary>
/// <remarks>A kernel's fault is reported by whichever call comes next; the checker names the line. Memory that a buffer gives
/// back goes to the next buffer that it fits: work on another stream than the default one must be done before a buffer that it
/// uses is disposed.</remarks>
public sealed partial class CudaAccelerator : Accelerator
{
    /// <summary>Page-locked memory through which larger copies go piece by piece.</summary>
    private const int StagingBytes = 8 << 20;

    private readonly CudaStreamAdapter stream;
    private PinnedMemory? staging;

    internal CudaAccelerator(Context context, CudaDevice device, CudaContext cuda)
        : base(context, device)
    {
        Cuda = cuda;
        stream = new CudaStreamAdapter(this, cuda.CreateStream());
    }

    /// <summary>The driver's context: its pool's account, its events.</summary>
    public CudaContext Cuda { get; }

    /// <inheritdoc/>
    public override AcceleratorStream DefaultStream => stream;

    /// <inheritdoc/>
    public override AcceleratorStream CreateStream() => new CudaStreamAdapter(this, Cuda.CreateStream());

    /// <inheritdoc/>
    public override void Synchronize() => Cuda.Synchronize();

    /// <summary>The driver's stream behind a stream of this accelerator, for events.</summary>
    public CudaStream StreamOf(AcceleratorStream of)
    {
        RequireOwn(of);
        return ((CudaStreamAdapter)of).Stream;
    }

    internal override void CopyIn(BufferRange target, ReadOnlySpan<byte> source)
    {
        PinnedMemory pinned = Staging();
        for (long done = 0; done < target.Bytes; done += StagingBytes)
        {
            int part = (int)Math.Min(StagingBytes, target.Bytes - done);
            source.Slice((int)done, part).CopyTo(pinned.AsSpan<byte>(0, part));
            stream.Stream.CopyToDeviceAsync(pinned, 0, MemoryOf(target with { Offset = target.Offset + done, Bytes = part }));
            stream.Synchronize();
        }
    }

    internal override void CopyOut(BufferRange source, Span<byte> target)
    {
        PinnedMemory pinned = Staging();
        for (long done = 0; done < source.Bytes; done += StagingBytes)
        {
            int part = (int)Math.Min(StagingBytes, source.Bytes - done);
            stream.Stream.CopyToHostAsync(MemoryOf(source with { Offset = source.Offset + done, Bytes = part }), pinned, 0);
            stream.Synchronize();
            pinned.AsSpan<byte>(0, part).CopyTo(target[(int)done..]);
        }
    }

    internal override void CopyWithin(AcceleratorStream stream, BufferRange source, BufferRange target) =>
        StreamOf(stream).CopyOnDevice(MemoryOf(source), MemoryOf(target));

    internal override void Clear(AcceleratorStream stream, BufferRange range) => StreamOf(stream).Fill(MemoryOf(range), 0);

    internal override DeviceKernel Load(Kernel kernel) => new CudaKernel(this, kernel);

    private protected override BufferMemory Allocate(long bytes, string name) => new Block(Cuda.Memory.Allocate(bytes));

    private protected override void Release() => Cuda.Dispose();

    private static CudaMemoryRange MemoryOf(BufferRange range) =>
        range.Buffer.IsDisposed
            ? throw new ObjectDisposedException(range.Buffer.Name)
            : ((Block)range.Buffer.Memory!).Memory.Range(range.Offset, range.Bytes);

    private PinnedMemory Staging() => staging ??= Cuda.AllocatePinned(StagingBytes);

    private sealed class Block(CudaMemory memory) : BufferMemory
    {
        internal CudaMemory Memory { get; } = memory;

        internal override long Address => unchecked((long)Memory.Address);

        public override void Dispose() => Memory.Dispose();
    }

    private sealed class CudaStreamAdapter(CudaAccelerator accelerator, CudaStream stream) : AcceleratorStream(accelerator)
    {
        internal CudaStream Stream { get; } = stream;

        public override void Synchronize() => Stream.Synchronize();

        public override void Dispose()
        {
            if (Stream.IsDisposed) return;
            Stream.Synchronize();
            Stream.Dispose();
        }
    }
}
