using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Stands in for the compiler's entry point until it is merged.</summary>
internal static class HostSeam
{
    internal static Kernel Compile(MethodInfo method, IReadOnlyDictionary<int, object>? specialized) =>
        throw new NotSupportedException($"{method.Name}: this build has no front end.");
}

/// <summary>Stands in for the checker's memory until it is merged.</summary>
internal sealed class SeamMemory : IDisposable
{
    private readonly Dictionary<long, byte[]> blocks = [];
    private long next = 1;

    internal long Allocate(long bytes, string name)
    {
        _ = name;
        blocks.Add(next, new byte[bytes]);
        return next++ << 40;
    }

    internal void Free(long address) => blocks.Remove(address >> 40);

    internal Span<byte> Bytes(long address, long length) => blocks[address >> 40].AsSpan((int)(address & ((1L << 40) - 1)), (int)length);

    public void Dispose() => blocks.Clear();
}
