using System.Globalization;
using System.Numerics;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>What an opcode should give, from bits to bits.</summary>
public sealed class OpcodeModel(Opcode opcode, object? payload, IrType[] operands, IrType result, Func<long[], long> expected)
{
    public Opcode Opcode { get; } = opcode;

    public object? Payload { get; } = payload;

    public IrType[] Operands { get; } = operands;

    public IrType Result { get; } = result;

    public Func<long[], long> Expected { get; } = expected;

    /// <summary>Operands that are constants of the kernel; their inputs are not read.</summary>
    public Constant?[] Constants { get; init; } = new Constant?[operands.Length];

    /// <summary>Units of the last place by which an approximation may differ.</summary>
    public int Ulps { get; init; }

    public bool NeedsDivisor => Opcode is Opcode.Divide or Opcode.DivideUnsigned or Opcode.Remainder or Opcode.RemainderUnsigned
        && !Result.IsFloat();

    public bool Agrees(long expected, long actual)
    {
        if (Result == IrType.Float64)
        {
            double e = BitConverter.Int64BitsToDouble(expected), a = BitConverter.Int64BitsToDouble(actual);
            return double.IsNaN(e) ? double.IsNaN(a) : Math.Abs(expected - actual) <= Ulps;
        }
        if (Result == IrType.Float32)
        {
            float e = BitConverter.Int32BitsToSingle((int)expected), a = BitConverter.Int32BitsToSingle((int)actual);
            return float.IsNaN(e) ? float.IsNaN(a) : Math.Abs((long)(int)expected - (int)actual) <= Ulps;
        }
        return Result.Is64Bit() ? expected == actual : (int)expected == (int)actual;
    }

    public string Show(int operand, long bits) => Show(Operands[operand], bits);

    public string ShowResult(long bits) => Show(Result, bits);

    public override string ToString() =>
        $"{Opcode}{(Payload is null ? "" : "." + Payload)}({string.Join(",", Operands)})"
        + $"{string.Concat(Constants.Where(c => c is not null).Select(c => " by " + c!.Bits))}->{Result}";

    private static string Show(IrType type, long bits) => type switch
    {
        IrType.Float32 => BitConverter.Int32BitsToSingle((int)bits).ToString("R", CultureInfo.InvariantCulture),
        IrType.Float64 => BitConverter.Int64BitsToDouble(bits).ToString("R", CultureInfo.InvariantCulture),
        IrType.Int64 => bits.ToString(CultureInfo.InvariantCulture),
        _ => ((int)bits).ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>All of them.</summary>
public static class OpcodeModels
{
    public static IEnumerable<OpcodeModel> All() =>
        [.. Integers<int, uint>(IrType.Int32, v => (int)v, v => (uint)v, i => i, u => (int)u),
         .. Integers<long, ulong>(IrType.Int64, v => v, v => (ulong)v, i => i, u => (long)u),
         .. Floats(IrType.Float32, v => BitConverter.Int32BitsToSingle((int)v), f => BitConverter.SingleToInt32Bits(f)),
         .. Floats(IrType.Float64, BitConverter.Int64BitsToDouble, BitConverter.DoubleToInt64Bits),
         .. Approximations(), .. Truths(), .. Conversions()];

    private static IEnumerable<OpcodeModel> Integers<T, TU>(IrType type, Func<long, T> s, Func<long, TU> u, Func<T, long> fromS,
        Func<TU, long> fromU)
        where T : IBinaryInteger<T>, IMinMaxValue<T>
        where TU : IBinaryInteger<TU>
    {
        int bits = type == IrType.Int32 ? 31 : 63;
        OpcodeModel Two(Opcode opcode, Func<T, T, T> f) => new(opcode, null, [type, type], type, v => fromS(f(s(v[0]), s(v[1]))));
        OpcodeModel TwoU(Opcode opcode, Func<TU, TU, TU> f) =>
            new(opcode, null, [type, type], type, v => fromU(f(u(v[0]), u(v[1]))));
        OpcodeModel One(Opcode opcode, Func<T, T> f) => new(opcode, null, [type], type, v => fromS(f(s(v[0]))));
        yield return Two(Opcode.Add, (a, b) => unchecked(a + b));
        yield return Two(Opcode.Subtract, (a, b) => unchecked(a - b));
        yield return Two(Opcode.Multiply, (a, b) => unchecked(a * b));
        yield return Two(Opcode.Divide, (a, b) => b == -T.One ? unchecked(-a) : a / b);
        yield return Two(Opcode.Remainder, (a, b) => b == -T.One ? T.Zero : a % b);
        yield return TwoU(Opcode.DivideUnsigned, (a, b) => a / b);
        yield return TwoU(Opcode.RemainderUnsigned, (a, b) => a % b);
        yield return Two(Opcode.Min, T.Min);
        yield return Two(Opcode.Max, T.Max);
        yield return TwoU(Opcode.MinUnsigned, TU.Min);
        yield return TwoU(Opcode.MaxUnsigned, TU.Max);
        yield return Two(Opcode.And, (a, b) => a & b);
        yield return Two(Opcode.Or, (a, b) => a | b);
        yield return Two(Opcode.Xor, (a, b) => a ^ b);
        yield return One(Opcode.Not, a => ~a);
        yield return One(Opcode.Negate, a => unchecked(-a));
        yield return One(Opcode.Abs, a => a < T.Zero ? unchecked(-a) : a);
        yield return new(Opcode.PopulationCount, null, [type], IrType.Int32, v => int.CreateTruncating(TU.PopCount(u(v[0]))));
        yield return new(Opcode.LeadingZeroCount, null, [type], IrType.Int32, v =>
            int.CreateTruncating(TU.LeadingZeroCount(u(v[0]))));
        foreach (Constant? by in (Constant?[])[null, Constant.Of(0), Constant.Of(5), Constant.Of(37), Constant.Of(-1)])
        {
            int Count(long[] v) => (int)(by?.Bits ?? v[1]) & bits;
            Constant?[] constants = [null, by];
            yield return new(Opcode.ShiftLeft, null, [type, IrType.Int32], type, v => fromS(s(v[0]) << Count(v)))
                { Constants = constants };
            yield return new(Opcode.ShiftRight, null, [type, IrType.Int32], type, v => fromS(s(v[0]) >> Count(v)))
                { Constants = constants };
            yield return new(Opcode.ShiftRightUnsigned, null, [type, IrType.Int32], type, v =>
                fromU(u(v[0]) >>> Count(v))) { Constants = constants };
        }
        OpcodeModel Compare(Comparison comparison, Func<T, T, bool> f) =>
            new(Opcode.Compare, comparison, [type, type], IrType.Bool, v => f(s(v[0]), s(v[1])) ? 1 : 0);
        OpcodeModel CompareU(Comparison comparison, Func<TU, TU, bool> f) =>
            new(Opcode.Compare, comparison, [type, type], IrType.Bool, v => f(u(v[0]), u(v[1])) ? 1 : 0);
        yield return Compare(Comparison.Equal, (a, b) => a == b);
        yield return Compare(Comparison.NotEqual, (a, b) => a != b);
        yield return Compare(Comparison.Less, (a, b) => a < b);
        yield return Compare(Comparison.LessOrEqual, (a, b) => a <= b);
        yield return Compare(Comparison.Greater, (a, b) => a > b);
        yield return Compare(Comparison.GreaterOrEqual, (a, b) => a >= b);
        yield return CompareU(Comparison.LessUnsigned, (a, b) => a < b);
        yield return CompareU(Comparison.LessOrEqualUnsigned, (a, b) => a <= b);
        yield return CompareU(Comparison.GreaterUnsigned, (a, b) => a > b);
        yield return CompareU(Comparison.GreaterOrEqualUnsigned, (a, b) => a >= b);
        yield return new(Opcode.Select, null, [IrType.Bool, type, type], type, v => (int)v[0] != 0 ? v[1] : v[2]);
    }

    private static IEnumerable<OpcodeModel> Floats<T>(IrType type, Func<long, T> from, Func<T, long> to)
        where T : IBinaryFloatingPointIeee754<T>
    {
        OpcodeModel Two(Opcode opcode, Func<T, T, T> f) =>
            new(opcode, null, [type, type], type, v => to(f(from(v[0]), from(v[1]))));
        OpcodeModel One(Opcode opcode, Func<T, T> f, int ulps = 0) =>
            new(opcode, null, [type], type, v => to(f(from(v[0])))) { Ulps = ulps };
        OpcodeModel Compare(Comparison comparison, Func<T, T, bool> f) =>
            new(Opcode.Compare, comparison, [type, type], IrType.Bool, v => f(from(v[0]), from(v[1])) ? 1 : 0);
        yield return Two(Opcode.Add, (a, b) => a + b);
        yield return Two(Opcode.Subtract, (a, b) => a - b);
        yield return Two(Opcode.Multiply, (a, b) => a * b);
        yield return Two(Opcode.Divide, (a, b) => a / b);
        yield return Two(Opcode.Min, T.MinNumber);
        yield return Two(Opcode.Max, T.MaxNumber);
        yield return new(Opcode.FusedMultiplyAdd, null, [type, type, type], type, v =>
            to(T.FusedMultiplyAdd(from(v[0]), from(v[1]), from(v[2]))));
        yield return One(Opcode.Negate, a => -a);
        yield return One(Opcode.Abs, T.Abs);
        yield return One(Opcode.Sqrt, T.Sqrt);
        yield return One(Opcode.ReciprocalSqrt, a => T.One / T.Sqrt(a), 2);
        yield return One(Opcode.Floor, T.Floor);
        yield return One(Opcode.Ceiling, T.Ceiling);
        yield return One(Opcode.Round, a => T.Round(a, MidpointRounding.ToEven));
        yield return One(Opcode.Truncate, T.Truncate);
        yield return Compare(Comparison.Equal, (a, b) => a == b);
        yield return Compare(Comparison.NotEqual, (a, b) => a != b);
        yield return Compare(Comparison.Less, (a, b) => a < b);
        yield return Compare(Comparison.LessOrEqual, (a, b) => a <= b);
        yield return Compare(Comparison.Greater, (a, b) => a > b);
        yield return Compare(Comparison.GreaterOrEqual, (a, b) => a >= b);
        yield return Compare(Comparison.LessOrUnordered, (a, b) => !(a >= b));
        yield return Compare(Comparison.LessOrEqualOrUnordered, (a, b) => !(a > b));
        yield return Compare(Comparison.GreaterOrUnordered, (a, b) => !(a <= b));
        yield return Compare(Comparison.GreaterOrEqualOrUnordered, (a, b) => !(a < b));
        yield return new(Opcode.Select, null, [IrType.Bool, type, type], type, v => (int)v[0] != 0 ? v[1] : v[2]);
    }

    private static IEnumerable<OpcodeModel> Approximations()
    {
        OpcodeModel One(Opcode opcode, Func<float, float> f, int ulps) =>
            new(opcode, null, [IrType.Float32], IrType.Float32, v =>
                BitConverter.SingleToInt32Bits(f(BitConverter.Int32BitsToSingle((int)v[0])))) { Ulps = ulps };
        yield return One(Opcode.Exp2, a => MathF.Pow(2, a), 2);
        yield return One(Opcode.Log2, MathF.Log2, 2);
        yield return One(Opcode.Sin, MathF.Sin, 1);
        yield return One(Opcode.Cos, MathF.Cos, 1);
        // Half a unit of the tenth bit more, then cut: ties away from zero.
        yield return new(Opcode.RoundToTf32, null, [IrType.Float32], IrType.Float32,
            v => float.IsNaN(BitConverter.Int32BitsToSingle((int)v[0])) ? BitConverter.SingleToInt32Bits(float.NaN)
                : BitConverter.SingleToInt32Bits(RoundAway(BitConverter.Int32BitsToSingle((int)v[0]))));
    }

    /// <summary>By arithmetic on doubles instead of on bits.</summary>
    private static float RoundAway(float value)
    {
        if (!float.IsFinite(value) || value == 0) return value;
        double unit = Math.Max(Math.Pow(2, Math.ILogB(value) - 10), Math.Pow(2, -136));
        return (float)(Math.Round(value / unit, MidpointRounding.AwayFromZero) * unit);
    }

    private static IEnumerable<OpcodeModel> Truths()
    {
        OpcodeModel Two(Opcode opcode, object? payload, Func<bool, bool, bool> f) =>
            new(opcode, payload, [IrType.Bool, IrType.Bool], IrType.Bool, v => f((int)v[0] != 0, (int)v[1] != 0) ? 1 : 0);
        yield return Two(Opcode.And, null, (a, b) => a && b);
        yield return Two(Opcode.Or, null, (a, b) => a || b);
        yield return Two(Opcode.Xor, null, (a, b) => a != b);
        yield return Two(Opcode.Compare, Comparison.Equal, (a, b) => a == b);
        yield return Two(Opcode.Compare, Comparison.NotEqual, (a, b) => a != b);
        yield return new(Opcode.Not, null, [IrType.Bool], IrType.Bool, v => (int)v[0] != 0 ? 0 : 1);
        yield return new(Opcode.Select, null, [IrType.Bool, IrType.Bool, IrType.Bool], IrType.Bool, v => (int)v[0] != 0 ? v[1]
            : v[2]);
    }

    private static IEnumerable<OpcodeModel> Conversions()
    {
        const IrType I = IrType.Int32, L = IrType.Int64, F = IrType.Float32, D = IrType.Float64;
        static float Single(long v) => BitConverter.Int32BitsToSingle((int)v);
        static double Double(long v) => BitConverter.Int64BitsToDouble(v);
        static long S(float f) => BitConverter.SingleToInt32Bits(f);
        static long T(double d) => BitConverter.DoubleToInt64Bits(d);
        OpcodeModel Of(Conversion conversion, IrType from, IrType to, Func<long, long> f) =>
            new(Opcode.Convert, conversion, [from], to, v => f(v[0]));
        yield return Of(Conversion.Signed, I, L, v => (int)v);
        yield return Of(Conversion.Unsigned, I, L, v => (uint)v);
        yield return Of(Conversion.Unsigned, IrType.Bool, I, v => v & 1);
        yield return Of(Conversion.Truncate, L, I, v => v);
        yield return Of(Conversion.Signed, I, F, v => S((int)v));
        yield return Of(Conversion.Signed, I, D, v => T((int)v));
        yield return Of(Conversion.Signed, L, F, v => S(Rounded(v)));
        yield return Of(Conversion.Signed, L, D, v => T(v));
        yield return Of(Conversion.Unsigned, I, F, v => S(Rounded((uint)v)));
        yield return Of(Conversion.Unsigned, I, D, v => T((uint)v));
        yield return Of(Conversion.Unsigned, L, F, v => S(Rounded((ulong)v)));
        yield return Of(Conversion.Unsigned, L, D, v => T((double)(decimal)(ulong)v));
        foreach ((IrType from, Func<long, double> read) in ((IrType, Func<long, double>)[])[(F, v => Single(v)), (D, Double)])
        {
            yield return Of(Conversion.FloatToSigned, from, I, v => (int)Saturated(read(v), int.MinValue, int.MaxValue));
            yield return Of(Conversion.FloatToSigned, from, L, v => (long)Saturated(read(v), long.MinValue, long.MaxValue));
            yield return Of(Conversion.FloatToUnsigned, from, I, v => (int)(uint)Saturated(read(v), 0, uint.MaxValue));
            yield return Of(Conversion.FloatToUnsigned, from, L, v => (long)(ulong)Saturated(read(v), 0, ulong.MaxValue));
        }
        yield return Of(Conversion.Float, F, D, v => T(Single(v)));
        yield return Of(Conversion.Float, D, F, v => S((float)Double(v)));
        yield return Of(Conversion.Bits, F, I, v => v);
        yield return Of(Conversion.Bits, I, F, v => v);
        yield return Of(Conversion.Bits, D, L, v => v);
        yield return Of(Conversion.Bits, L, D, v => v);
        yield return Of(Conversion.Int8, I, I, v => (sbyte)v);
        yield return Of(Conversion.UInt8, I, I, v => (byte)v);
        yield return Of(Conversion.Int16, I, I, v => (short)v);
        yield return Of(Conversion.UInt16, I, I, v => (ushort)v);
        yield return Of(Conversion.HalfToFloat, I, F, v => S((float)BitConverter.UInt16BitsToHalf((ushort)v)));
        yield return Of(Conversion.FloatToHalf, F, I, v => BitConverter.HalfToUInt16Bits((Half)Single(v)));
    }

    /// <summary>The nearest float of an integer, found with exact arithmetic.</summary>
    private static float Rounded(BigInteger value)
    {
        float near = (float)(double)value;
        return ((float[])[near, MathF.BitDecrement(near), MathF.BitIncrement(near)])
            .OrderBy(f => BigInteger.Abs(new BigInteger(f) - value)).ThenBy(f => BitConverter.SingleToInt32Bits(f) & 1).First();
    }

    private static BigInteger Saturated(double value, BigInteger min, BigInteger max) =>
        double.IsNaN(value) ? 0 : double.IsPositiveInfinity(value) ? max : double.IsNegativeInfinity(value) ? min
            : BigInteger.Clamp(new BigInteger(Math.Truncate(value)), min, max);
}
