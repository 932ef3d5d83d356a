namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Numbers for differential tests: extreme ones as often as ordinary ones.</summary>
internal static class RandomArguments
{
    private static readonly long[] Integers =
    [
        0, 1, -1, 2, -2, 3, 7, 8, 31, 32, 33, 63, 64, 65, 127, 128, -128, 255, 256, 32767, 32768, -32768, 65535, 65536,
        int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue, 16777217, -16777217,
    ];

    private static readonly double[] Floats =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-40, -1e-40, 1e-45, 1e30, -1e30, 3.4028235e38, 1e300, -1e300, 4.9e-324,
            2147483647, 2147483648, -2147483648,
        -2147483649, 4294967295, 4294967296, 9.2233720368547758e18, 1.8446744073709552e19, 255, 256, 65535.5, double.NaN,
            double.PositiveInfinity, double.NegativeInfinity,
    ];

    /// <summary>The next one of a type.</summary>
    public static object Next(Type type, Random random)
    {
        long integer = random.Next(4) switch
        {
            0 => Integers[random.Next(Integers.Length)],
            1 => random.Next(-20, 20),
            2 => random.NextInt64(int.MinValue, int.MaxValue),
            _ => random.NextInt64(long.MinValue, long.MaxValue),
        };
        double number = random.Next(3) switch
        {
            0 => Floats[random.Next(Floats.Length)],
            1 => random.Next(-20, 20) * 0.25,
            _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-8, 12)),
        };
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => (integer & 1) != 0,
            TypeCode.Byte => (byte)integer,
            TypeCode.SByte => (sbyte)integer,
            TypeCode.Int16 => (short)integer,
            TypeCode.UInt16 => (ushort)integer,
            TypeCode.Int32 => (int)integer,
            TypeCode.UInt32 => (uint)integer,
            TypeCode.Int64 => integer,
            TypeCode.UInt64 => (ulong)integer,
            TypeCode.Single => (float)number,
            TypeCode.Double => number,
            _ => throw new NotSupportedException(type.Name),
        };
    }
}
