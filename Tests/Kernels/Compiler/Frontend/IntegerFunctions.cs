using System.Numerics;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>Integers of every width and signedness.</summary>
internal static class IntegerFunctions
{
    public static int Sum(int a, int b) => a + b;

    public static int Difference(int a, int b) => a - b;

    public static int Product(int a, int b) => a * b;

    public static long WideProduct(int a, int b) => (long)a * b;

    public static long Int64Arithmetic(long a, long b) => a * b - (a + b) + (a ^ b);

    public static ulong UInt64Arithmetic(ulong a, ulong b) => (a * b) + (a >> 3) - (b << 5) + ~a;

    public static int Quotient(int a, int b) => b == 0 || b == -1 ? 0 : a / b;

    public static int Remainder(int a, int b) => b == 0 || b == -1 ? 0 : a % b;

    public static uint UnsignedQuotient(uint a, uint b) => b == 0 ? 7 : a / b;

    public static uint UnsignedRemainder(uint a, uint b) => b == 0 ? 7 : a % b;

    public static ulong UnsignedQuotient64(ulong a, ulong b) => b == 0 ? 7 : a / b + a % b;

    public static long Quotient64(long a, long b) => b == 0 || b == -1 ? 0 : a / b - a % b;

    public static int QuotientByConstants(int a) => a / 8 + a % 8 + a / 7 + a % 7 + a / 1 + a % 1 - a / -3;

    public static uint UnsignedQuotientByConstants(uint a) => a / 8 + a % 8 + a / 7 + a % 7 + a / 1 + a % 1;

    public static int ShiftLeft(int a, int b) => a << b;

    public static int ShiftRight(int a, int b) => a >> b;

    public static int ShiftRightUnsigned(int a, int b) => a >>> b;

    public static uint UIntShifts(uint a, int b) => (a >> b) ^ (a << b) ^ (a >>> 3);

    public static long ShiftLeft64(long a, int b) => a << b;

    public static long ShiftRight64(long a, int b) => (a >> b) ^ (a >>> b);

    public static int ConstantShifts(int a) => (a << 31) ^ (a << 1) ^ (a << 30) ^ (a >> 31) ^ (a >>> 31) ^ (a << 0) ^ (a >> 0);

    public static long ConstantShifts64(long a) => (a << 31) ^ (a << 33) ^ (a << 63) ^ (a >> 40) ^ (a >>> 63);

    public static int Bits(int a, int b) => (a & b) ^ (a | 0x55) ^ (~b & -1) ^ (a ^ a) ^ (b | b);

    public static int Negation(int a) => -a + - -a - ~a;

    public static int Widths(byte a, sbyte b, short c, ushort d) => a * b + (c ^ d);

    public static byte ByteArithmetic(byte a, byte b) => (byte)(a + b * 3 - (a >> 1));

    public static sbyte SByteArithmetic(sbyte a, sbyte b) => (sbyte)(a * b + 100);

    public static short ShortArithmetic(short a, short b) => (short)(a * b - a);

    public static ushort UShortArithmetic(ushort a, ushort b) => (ushort)(a * b - a);

    public static byte ByteVariable(byte a)
    {
        byte x = a;
        x += 200;
        x *= 3;
        x++;
        return x;
    }

    public static bool SignedComparisons(int a, int b) => a < b && a <= b + 1 && a != b || a > b && a >= b;

    public static int Comparisons(int a, int b) =>
        (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0) + (a != b ? 32 : 0);

    public static int UnsignedComparisons(uint a, uint b) =>
        (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0) + (a != b ? 32 : 0);

    public static int UnsignedComparisons64(ulong a, ulong b) =>
        (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0) + (a != b ? 32 : 0);

    public static int ComparisonsWithConstants(int a, uint b) =>
        (a < 0 ? 1 : 0) + (a > 0 ? 2 : 0) + (a == 0 ? 4 : 0) + (b > 0 ? 8 : 0) + (b >= 1 ? 16 : 0) + (b < 0x80000000 ? 32 : 0)
            + (a <= int.MaxValue - 1 ? 64 : 0);

    public static bool IsInside(int x, int width) => (uint)x < (uint)width;

    public static int MinMax(int a, int b) => Math.Min(a, b) * 3 + Math.Max(a, b) - Math.Clamp(a, -5, 5);

    public static uint UnsignedMinMax(uint a, uint b) => Math.Min(a, b) * 3 + Math.Max(a, b) - Math.Clamp(a, 3u, 5u);

    public static long MinMax64(long a, long b) => Math.Min(a, b) * 3 + Math.Max(a, b);

    public static ulong UnsignedMinMax64(ulong a, ulong b) => Math.Min(a, b) * 3 + Math.Max(a, b);

    public static int Absolute(int a) => a == int.MinValue ? 0 : Math.Abs(a);

    public static int Counts(uint a, ulong b) =>
        BitOperations.PopCount(a) + 100 * BitOperations.LeadingZeroCount(a) + BitOperations.PopCount(b) * 7
        + BitOperations.LeadingZeroCount(b) * 11 + BitOperations.TrailingZeroCount(a) * 1000
            + BitOperations.TrailingZeroCount(b) * 100_000;

    public static uint Rotations(uint a, int b) => BitOperations.RotateLeft(a, b) ^ BitOperations.RotateRight(a, 7);

    public static int Signs(int a, int b) => Math.Sign(a) * 10 + Math.Sign(b);

    public static int IndexArithmetic(int i, int j) =>
        ((i + 1) * 4 + j) * 8 + ((i + 1) * 4 + j + 3) * 8 - (i - 5) * (j - 7) - (10 - (i + 3));

    public static int GenericNumbers(int a, int b) => Polynomial(a, b);

    public static long GenericNumbers64(long a, long b) => Polynomial(a, b);

    private static T Polynomial<T>(T a, T b)
        where T : INumber<T> => a * a + b * T.One - T.Zero + (a > b ? a : -b);
}
