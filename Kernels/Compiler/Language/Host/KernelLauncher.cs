using System.Reflection;
using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>One kernel method on one accelerator: compiles it for each set of specialised values when that is first launched on
/// the accelerator, whoever launched it.</summary>
internal sealed class KernelLauncher
{
    /// <summary>Threads of a group that a launch without a group size gets.</summary>
    private const int AutoGroupSize = 256;

    private readonly Dictionary<byte[], DeviceKernel> kernels;
    private readonly Dictionary<byte[], DeviceKernel>.AlternateLookup<ReadOnlySpan<byte>> lookup;
    private readonly Accelerator accelerator;
    private readonly MethodInfo method;
    private readonly bool autoGrouped;

    internal KernelLauncher(Accelerator accelerator, Delegate kernel, bool autoGrouped)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        this.accelerator = accelerator;
        this.autoGrouped = autoGrouped;
        method = kernel.Method;
        if (!method.IsStatic || kernel.Target is not null || kernel.GetInvocationList().Length != 1)
            throw new KernelCompileException(new SourceLocation($"{method.DeclaringType?.Name}.{method.Name}", null, 0, null),
                "a kernel that is a lambda or an instance method", "Load a named static method.");
        ArgumentMarshalling.RequirePassable(method);
        kernels = accelerator.LoadedKernels(method, autoGrouped);
        lookup = kernels.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>An empty table of one method's kernels by the bytes of their specialised values.</summary>
    internal static Dictionary<byte[], DeviceKernel> NewTable() => new(BytesComparer.Instance);

    /// <summary>Runs the kernel.</summary>
    /// <typeparam name="TArguments">A value tuple of the method's parameters.</typeparam>
    [SkipLocalsInit]
    internal void Launch<TArguments>(AcceleratorStream stream, KernelConfig config, TArguments arguments)
        where TArguments : struct, ITuple
    {
        ArgumentLayout layout = ArgumentMarshaller<TArguments>.Layout;
        Span<byte> bytes = stackalloc byte[layout.Size], key = stackalloc byte[layout.SpecializationSize];
        ArgumentWriter writer = new(accelerator, bytes, key);
        ArgumentMarshaller<TArguments>.Write(ref writer, ref arguments);
        accelerator.RequireOwn(stream);
        ObjectDisposedException.ThrowIf(accelerator.IsDisposed, accelerator);
        if (!lookup.TryGetValue(key, out DeviceKernel? kernel)) kernel = Compile(layout, key, arguments);
        kernel.Launch(stream, config, bytes);
    }

    /// <summary>Runs the kernel with one thread for each index below an extent.</summary>
    /// <typeparam name="TArguments">A value tuple of the method's parameters, with the extent in place of the index.</typeparam>
    internal void Launch<TArguments>(AcceleratorStream stream, Index1D extent, TArguments arguments)
        where TArguments : struct, ITuple
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extent.X);
        if (extent.X == 0) return;
        int group = Math.Min(AutoGroupSize, accelerator.MaxNumThreadsPerGroup);
        Launch(stream, new KernelConfig((Index1D)(extent.X / group + (extent.X % group == 0 ? 0 : 1)), group), arguments);
    }

    private DeviceKernel Compile(ArgumentLayout layout, ReadOnlySpan<byte> key, ITuple arguments)
    {
        Dictionary<int, object> specialized = [];
        for (int i = 0; i < arguments.Length; i++)
            if (arguments[i] is ISpecializedValue value) specialized[i] = value.Boxed;
        Kernel compiled = accelerator.Context.Compile(method, specialized.Count == 0 ? null : specialized, autoGrouped);
        layout.RequireSame(compiled);
        return kernels[key.ToArray()] = accelerator.Load(compiled);
    }

    /// <summary>Keys compared by content, and looked up without making an array.</summary>
    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        internal static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode((ReadOnlySpan<byte>)obj);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
