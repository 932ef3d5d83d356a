namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Read, change and write as one step. Only inside a kernel; each returns what was there before.</summary>
/// <remarks>The order in which threads come is not fixed: adding floats this way is not repeatable, so no kernel of the project does.</remarks>
public static class Atomic
{
    /// <summary>target = target + value.</summary>
    public static int Add(ref int target, int value) => KernelOnly.Throw<int>("Atomic.Add");

    /// <summary>target = target + value.</summary>
    public static uint Add(ref uint target, uint value) => KernelOnly.Throw<uint>("Atomic.Add");

    /// <summary>target = target + value.</summary>
    public static long Add(ref long target, long value) => KernelOnly.Throw<long>("Atomic.Add");

    /// <summary>target = target + value.</summary>
    public static ulong Add(ref ulong target, ulong value) => KernelOnly.Throw<ulong>("Atomic.Add");

    /// <summary>target = target + value.</summary>
    public static float Add(ref float target, float value) => KernelOnly.Throw<float>("Atomic.Add");

    /// <summary>target = target + value.</summary>
    public static double Add(ref double target, double value) => KernelOnly.Throw<double>("Atomic.Add");

    /// <summary>target = the larger of target and value.</summary>
    public static int Max(ref int target, int value) => KernelOnly.Throw<int>("Atomic.Max");

    /// <summary>target = the larger of target and value.</summary>
    public static uint Max(ref uint target, uint value) => KernelOnly.Throw<uint>("Atomic.Max");

    /// <summary>target = the larger of target and value.</summary>
    public static long Max(ref long target, long value) => KernelOnly.Throw<long>("Atomic.Max");

    /// <summary>target = the larger of target and value.</summary>
    public static ulong Max(ref ulong target, ulong value) => KernelOnly.Throw<ulong>("Atomic.Max");

    /// <summary>target = the smaller of target and value.</summary>
    public static int Min(ref int target, int value) => KernelOnly.Throw<int>("Atomic.Min");

    /// <summary>target = the smaller of target and value.</summary>
    public static uint Min(ref uint target, uint value) => KernelOnly.Throw<uint>("Atomic.Min");

    /// <summary>target = the smaller of target and value.</summary>
    public static long Min(ref long target, long value) => KernelOnly.Throw<long>("Atomic.Min");

    /// <summary>target = the smaller of target and value.</summary>
    public static ulong Min(ref ulong target, ulong value) => KernelOnly.Throw<ulong>("Atomic.Min");

    /// <summary>target = target and value, bit by bit.</summary>
    public static int And(ref int target, int value) => KernelOnly.Throw<int>("Atomic.And");

    /// <summary>target = target and value, bit by bit.</summary>
    public static uint And(ref uint target, uint value) => KernelOnly.Throw<uint>("Atomic.And");

    /// <summary>target = target and value, bit by bit.</summary>
    public static long And(ref long target, long value) => KernelOnly.Throw<long>("Atomic.And");

    /// <summary>target = target and value, bit by bit.</summary>
    public static ulong And(ref ulong target, ulong value) => KernelOnly.Throw<ulong>("Atomic.And");

    /// <summary>target = target or value, bit by bit.</summary>
    public static int Or(ref int target, int value) => KernelOnly.Throw<int>("Atomic.Or");

    /// <summary>target = target or value, bit by bit.</summary>
    public static uint Or(ref uint target, uint value) => KernelOnly.Throw<uint>("Atomic.Or");

    /// <summary>target = target or value, bit by bit.</summary>
    public static long Or(ref long target, long value) => KernelOnly.Throw<long>("Atomic.Or");

    /// <summary>target = target or value, bit by bit.</summary>
    public static ulong Or(ref ulong target, ulong value) => KernelOnly.Throw<ulong>("Atomic.Or");

    /// <summary>target = one of target and value, bit by bit.</summary>
    public static int Xor(ref int target, int value) => KernelOnly.Throw<int>("Atomic.Xor");

    /// <summary>target = one of target and value, bit by bit.</summary>
    public static uint Xor(ref uint target, uint value) => KernelOnly.Throw<uint>("Atomic.Xor");

    /// <summary>target = one of target and value, bit by bit.</summary>
    public static long Xor(ref long target, long value) => KernelOnly.Throw<long>("Atomic.Xor");

    /// <summary>target = one of target and value, bit by bit.</summary>
    public static ulong Xor(ref ulong target, ulong value) => KernelOnly.Throw<ulong>("Atomic.Xor");

    /// <summary>target = value.</summary>
    public static int Exchange(ref int target, int value) => KernelOnly.Throw<int>("Atomic.Exchange");

    /// <summary>target = value.</summary>
    public static uint Exchange(ref uint target, uint value) => KernelOnly.Throw<uint>("Atomic.Exchange");

    /// <summary>target = value.</summary>
    public static long Exchange(ref long target, long value) => KernelOnly.Throw<long>("Atomic.Exchange");

    /// <summary>target = value.</summary>
    public static ulong Exchange(ref ulong target, ulong value) => KernelOnly.Throw<ulong>("Atomic.Exchange");

    /// <summary>target = value.</summary>
    public static float Exchange(ref float target, float value) => KernelOnly.Throw<float>("Atomic.Exchange");

    /// <summary>target = value.</summary>
    public static double Exchange(ref double target, double value) => KernelOnly.Throw<double>("Atomic.Exchange");

    /// <summary>target = value where target equals <c>compare</c>.</summary>
    public static int CompareExchange(ref int target, int compare, int value) => KernelOnly.Throw<int>("Atomic.CompareExchange");

    /// <summary>target = value where target equals <c>compare</c>.</summary>
    public static uint CompareExchange(ref uint target, uint compare, uint value) => KernelOnly.Throw<uint>("Atomic.CompareExchange");

    /// <summary>target = value where target equals <c>compare</c>.</summary>
    public static long CompareExchange(ref long target, long compare, long value) => KernelOnly.Throw<long>("Atomic.CompareExchange");

    /// <summary>target = value where target equals <c>compare</c>.</summary>
    public static ulong CompareExchange(ref ulong target, ulong compare, ulong value) => KernelOnly.Throw<ulong>("Atomic.CompareExchange");

    /// <summary>target = value where target equals <c>compare</c>.</summary>
    public static float CompareExchange(ref float target, float compare, float value) => KernelOnly.Throw<float>("Atomic.CompareExchange");

    /// <summary>target = value where target equals <c>compare</c>.</summary>
    public static double CompareExchange(ref double target, double compare, double value) => KernelOnly.Throw<double>("Atomic.CompareExchange");
}
