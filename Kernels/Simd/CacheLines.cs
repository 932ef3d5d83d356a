using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace GatysGpu.Kernels.Simd;

/// <summary>Memory that will be needed soon.</summary>
internal static unsafe class CacheLines
{
    private const int LineFloats = 16;

    /// <summary>Asks for a line to be brought into the second-level cache. Never faults, whatever the address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* line)
    {
        if (Sse.IsSupported) Sse.Prefetch1(line);
    }

    /// <summary>Asks for many lines.</summary>
    public static void Prefetch(float* from, nint floats)
    {
        for (float* line = from; line < from + floats; line += LineFloats) Prefetch(line);
    }
}
