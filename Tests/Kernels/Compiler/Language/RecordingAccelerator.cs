using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Language;

/// <summary>An accelerator that keeps what it is told instead of running it, and a compiler that makes an empty kernel with the
/// parameters that the method has.</summary>
internal sealed class RecordingAccelerator : Accelerator
{
    private long next = 0x1000;

    private RecordingAccelerator(Context context, CPUDevice device)
        : base(context, device) => DefaultStream = new Stream(this);

    /// <summary>What each compilation was told, in order.</summary>
    public List<(IReadOnlyDictionary<int, object>? Specialized, bool AutoGrouped)> Compilations { get; private init; } = [];

    /// <summary>Argument buffer of the last launch.</summary>
    public byte[] Arguments { get; } = new byte[1024];

    /// <summary>Bytes of <see cref="Arguments"/> that the last launch filled.</summary>
    public int ArgumentBytes { get; private set; }

    /// <summary>Shape of the last launch.</summary>
    public KernelConfig Config { get; private set; }

    /// <summary>Stream of the last launch.</summary>
    public AcceleratorStream? LaunchStream { get; private set; }

    /// <summary>The kernel of the last launch.</summary>
    public Kernel? Launched { get; private set; }

    /// <summary>Number of launches.</summary>
    public int Launches { get; private set; }

    public override AcceleratorStream DefaultStream { get; }

    /// <summary>An accelerator whose compiler makes kernels with these scalars, whatever the method.</summary>
    public static RecordingAccelerator Create(params IrType[] scalars)
    {
        List<(IReadOnlyDictionary<int, object>? Specialized, bool AutoGrouped)> compilations = [];
        Context context = Context.Create(builder =>
        {
            builder.CPU();
            builder.Compiler = (method, specialized, autoGrouped) =>
            {
                compilations.Add((specialized, autoGrouped));
                return EmptyKernel(method, scalars);
            };
        });
        return new RecordingAccelerator(context, (CPUDevice)context.Devices[0]) { Compilations = compilations };
    }

    public override AcceleratorStream CreateStream() => new Stream(this);

    public override void Synchronize()
    {
    }

    public override CapturedGraph Capture(Action work) => throw new NotSupportedException();

    internal override void CopyIn(BufferRange target, ReadOnlySpan<byte> source) => throw new NotSupportedException();

    internal override void CopyOut(BufferRange source, Span<byte> target) => throw new NotSupportedException();

    internal override void CopyWithin(AcceleratorStream stream, BufferRange source, BufferRange target) =>
        throw new NotSupportedException();

    internal override void Clear(AcceleratorStream stream, BufferRange range) => throw new NotSupportedException();

    internal override DeviceKernel Load(Kernel kernel) => new RecordedKernel(this, kernel);

    private protected override BufferMemory Allocate(long bytes, string name) => new Memory(next += (bytes + 255) / 256 * 256);

    private protected override void Release()
    {
    }

    private static Kernel EmptyKernel(MethodInfo method, IrType[] scalars)
    {
        Kernel kernel = new(method.Name);
        for (int i = 0; i < scalars.Length; i++) kernel.Parameters.Add(new Parameter(scalars[i], i, $"p{i}"));
        Block block = new();
        block.Instructions.Add(new Instruction(Opcode.Return, null, null));
        kernel.Blocks.Add(block);
        return kernel;
    }

    private sealed class RecordedKernel(RecordingAccelerator owner, Kernel kernel) : DeviceKernel(kernel)
    {
        internal override void Launch(AcceleratorStream stream, in KernelConfig config, ReadOnlySpan<byte> arguments)
        {
            owner.LaunchStream = stream;
            owner.Config = config;
            owner.Launched = Kernel;
            owner.ArgumentBytes = arguments.Length;
            arguments.CopyTo(owner.Arguments);
            owner.Launches++;
        }
    }

    private sealed class Memory(long address) : BufferMemory
    {
        internal override long Address { get; } = address;

        public override void Dispose()
        {
        }
    }

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
