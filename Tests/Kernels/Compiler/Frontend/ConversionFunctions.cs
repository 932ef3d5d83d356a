namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>Conversions between numbers.</summary>
internal static class ConversionFunctions
{
    public static int Narrowed(int a) => (byte)a + 1000 * (sbyte)a + 7 * (short)a + 11 * (ushort)a + (char)a;

    public static int NarrowedTwice(int a) => (byte)(sbyte)a + (sbyte)(byte)a + (ushort)(short)a + (short)(byte)a + (byte)(byte)a;

    public static int NarrowedFrom64(long a) => (int)a ^ (byte)a ^ (short)a ^ (int)(uint)a;

    public static long Widened(int a, uint b) => (long)a + b + (long)(uint)a + (int)b;

    public static ulong WidenedUnsigned(int a, uint b, byte c, sbyte d) => (ulong)a ^ b ^ c ^ (ulong)d;

    public static long ThereAndBack(int a, uint b) => (int)(long)a + (uint)(ulong)b;

    public static float FloatOfInt(int a) => a;

    public static float FloatOfUInt(uint a) => a;

    public static float FloatOfLong(long a) => a;

    public static double DoubleOfInt(int a) => a;

    public static double DoubleOfUInt(uint a) => a;

    public static double DoubleOfLong(long a) => a;

    public static double DoubleOfULong(ulong a) => a;

    public static double DoubleOfFloat(float a) => a;

    public static float FloatOfDouble(double a) => (float)a;

    public static float FloatOfFloat(float a) => (float)(double)a;

    public static int IntOfFloat(float a) => (int)a;

    public static int IntOfDouble(double a) => (int)a;

    public static uint UIntOfFloat(float a) => (uint)a;

    public static uint UIntOfDouble(double a) => (uint)a;

    public static long LongOfFloat(float a) => (long)a;

    public static long LongOfDouble(double a) => (long)a;

    public static ulong ULongOfDouble(double a) => (ulong)a;

    public static int IntOfBool(int a, int b) => (a < b ? 1 : 0) + ((a == b) == (b > 3) ? 2 : 0);

    public static float BitsOfInt(int a) => BitConverter.Int32BitsToSingle(a);

    public static uint BitsOfFloat(float a) => float.IsNaN(a) ? 0 : BitConverter.SingleToUInt32Bits(a);

    public static long BitsOfDouble(double a) => double.IsNaN(a) ? 0 : BitConverter.DoubleToInt64Bits(a);

    public static int SmallIntegersOfFloat(float a) => a is > -100 and < 100 ? (sbyte)a + (byte)(int)a + (short)a : 0;

    public static float MixedFloats(float a, double b) => (float)(a * b + 1);

}
