using System.Numerics;

namespace GatysGpu.Kernels.Compiler.Simt;

// Operations that are done lane by lane: vectors have no such instruction, or the operation is rare.

/// <summary>Truncates; the smallest integer divided by −1 wraps to itself.</summary>
internal readonly struct DivideSigned<T> : IScalarBinary<T, T>
    where T : IBinaryInteger<T>
{
    public static T Apply(T a, T b) => b == -T.One ? unchecked(T.Zero - a) : a / b;
}

internal readonly struct RemainderSigned<T> : IScalarBinary<T, T>
    where T : IBinaryInteger<T>
{
    public static T Apply(T a, T b) => b == -T.One ? T.Zero : a % b;
}

internal readonly struct DivideUnsigned<T> : IScalarBinary<T, T>
    where T : IBinaryInteger<T>
{
    public static T Apply(T a, T b) => a / b;
}

internal readonly struct RemainderUnsigned<T> : IScalarBinary<T, T>
    where T : IBinaryInteger<T>
{
    public static T Apply(T a, T b) => a % b;
}

/// <summary>By as many bits as the lane says, of which C#, like the hardware code made here, counts the lower 5 (6).</summary>
internal readonly struct ShiftLeftBy<T> : IScalarBinary<T, int>
    where T : IBinaryInteger<T>
{
    public static T Apply(T a, int b) => a << b;
}

internal readonly struct ShiftRightBy<T> : IScalarBinary<T, int>
    where T : IBinaryInteger<T>
{
    public static T Apply(T a, int b) => a >> b;
}

internal readonly struct TruthAnd : IScalarBinary<uint, uint>
{
    public static uint Apply(uint a, uint b) => a & b;
}

internal readonly struct TruthOr : IScalarBinary<uint, uint>
{
    public static uint Apply(uint a, uint b) => a | b;
}

internal readonly struct TruthXor : IScalarBinary<uint, uint>
{
    public static uint Apply(uint a, uint b) => a ^ b;
}

internal readonly struct TruthEqual : IScalarBinary<uint, uint>
{
    public static uint Apply(uint a, uint b) => ~(a ^ b);
}

internal readonly struct TruthNot : IScalarBinary<uint, uint>
{
    public static uint Apply(uint a, uint b) => ~a;
}

internal readonly struct Bits32 : IScalarUnary<uint, int>
{
    public static int Apply(uint a) => BitOperations.PopCount(a);
}

internal readonly struct Bits64 : IScalarUnary<ulong, int>
{
    public static int Apply(ulong a) => BitOperations.PopCount(a);
}

internal readonly struct LeadingZeros32 : IScalarUnary<uint, int>
{
    public static int Apply(uint a) => BitOperations.LeadingZeroCount(a);
}

internal readonly struct LeadingZeros64 : IScalarUnary<ulong, int>
{
    public static int Apply(ulong a) => BitOperations.LeadingZeroCount(a);
}

// The device's approximations differ from these, which round the double's result, by its documented error.

internal readonly struct Exp2 : IScalarUnary<float, float>
{
    public static float Apply(float a) => (float)Math.Pow(2, a);
}

internal readonly struct Log2 : IScalarUnary<float, float>
{
    public static float Apply(float a) => (float)Math.Log2(a);
}

internal readonly struct Sin : IScalarUnary<float, float>
{
    public static float Apply(float a) => (float)Math.Sin(a);
}

internal readonly struct Cos : IScalarUnary<float, float>
{
    public static float Apply(float a) => (float)Math.Cos(a);
}
