using System.Numerics;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Arithmetic, comparisons and conversions.</summary>
internal sealed partial class IrEvaluator
{
    private static long Integer(Opcode opcode, long[] o) => unchecked(opcode switch
    {
        Opcode.Add => o[0] + o[1],
        Opcode.Subtract => o[0] - o[1],
        Opcode.Multiply => o[0] * o[1],
        Opcode.Divide => o[0] == long.MinValue && o[1] == -1 ? o[0] : o[0] / o[1],
        Opcode.DivideUnsigned => (long)((ulong)o[0] / (ulong)o[1]),
        Opcode.Remainder => o[1] == -1 ? 0 : o[0] % o[1],
        Opcode.RemainderUnsigned => (long)((ulong)o[0] % (ulong)o[1]),
        Opcode.Min => Math.Min(o[0], o[1]),
        Opcode.Max => Math.Max(o[0], o[1]),
        Opcode.MinUnsigned => (long)Math.Min((ulong)o[0], (ulong)o[1]),
        Opcode.MaxUnsigned => (long)Math.Max((ulong)o[0], (ulong)o[1]),
        Opcode.And => o[0] & o[1],
        Opcode.Or => o[0] | o[1],
        Opcode.Xor => o[0] ^ o[1],
        Opcode.ShiftLeft => o[0] << (int)(o[1] & 63),
        Opcode.ShiftRight => o[0] >> (int)(o[1] & 63),
        Opcode.ShiftRightUnsigned => (long)((ulong)o[0] >> (int)(o[1] & 63)),
        Opcode.Not => ~o[0],
        Opcode.Negate => -o[0],
        Opcode.Abs => o[0] < 0 ? -o[0] : o[0],
        _ => throw new InvalidOperationException(opcode.ToString()),
    });

    // Those of the 64-bit operations whose lower half does not depend on the lower halves alone are done on 32 bits.
    private static long Integer32(Opcode opcode, long[] o) => unchecked(opcode switch
    {
        Opcode.DivideUnsigned => (uint)o[0] / (uint)o[1],
        Opcode.RemainderUnsigned => (uint)o[0] % (uint)o[1],
        Opcode.MinUnsigned => Math.Min((uint)o[0], (uint)o[1]),
        Opcode.MaxUnsigned => Math.Max((uint)o[0], (uint)o[1]),
        Opcode.ShiftLeft => (int)o[0] << (int)(o[1] & 31),
        Opcode.ShiftRight => (int)o[0] >> (int)(o[1] & 31),
        Opcode.ShiftRightUnsigned => (uint)o[0] >> (int)(o[1] & 31),
        _ => Integer(opcode, o),
    });

    private float Float32(Opcode opcode, float[] o) => opcode switch
    {
        Opcode.FusedMultiplyAdd => RoundTwice ? (float)(o[0] * o[1]) + o[2] : MathF.FusedMultiplyAdd(o[0], o[1], o[2]),
        Opcode.Exp2 => MathF.Pow(2f, o[0]),
        Opcode.Log2 => MathF.Log2(o[0]),
        Opcode.Sin => MathF.Sin(o[0]),
        Opcode.Cos => MathF.Cos(o[0]),
        _ => Float(opcode, o),
    };

    private double Float64(Opcode opcode, double[] o) => opcode == Opcode.FusedMultiplyAdd
        ? RoundTwice ? o[0] * o[1] + o[2] : Math.FusedMultiplyAdd(o[0], o[1], o[2]) : Float(opcode, o);

    private static T Float<T>(Opcode opcode, T[] o)
        where T : IBinaryFloatingPointIeee754<T> => opcode switch
    {
        Opcode.Add => o[0] + o[1],
        Opcode.Subtract => o[0] - o[1],
        Opcode.Multiply => o[0] * o[1],
        Opcode.Divide => o[0] / o[1],
        Opcode.Min => T.MinNumber(o[0], o[1]),
        Opcode.Max => T.MaxNumber(o[0], o[1]),
        Opcode.Negate => -o[0],
        Opcode.Abs => T.Abs(o[0]),
        Opcode.Sqrt => T.Sqrt(o[0]),
        Opcode.ReciprocalSqrt => T.One / T.Sqrt(o[0]),
        Opcode.Floor => T.Floor(o[0]),
        Opcode.Ceiling => T.Ceiling(o[0]),
        Opcode.Round => T.Round(o[0]),
        Opcode.Truncate => T.Truncate(o[0]),
        _ => throw new InvalidOperationException(opcode.ToString()),
    };

    private static bool Compare(Comparison comparison, IrType type, long a, long b) => type switch
    {
        IrType.Float32 =>
            CompareFloats(comparison, BitConverter.Int32BitsToSingle((int)a), BitConverter.Int32BitsToSingle((int)b)),
        IrType.Float64 => CompareFloats(comparison, BitConverter.Int64BitsToDouble(a), BitConverter.Int64BitsToDouble(b)),
        _ => comparison switch
        {
            Comparison.Equal => a == b,
            Comparison.NotEqual => a != b,
            Comparison.Less => a < b,
            Comparison.LessOrEqual => a <= b,
            Comparison.Greater => a > b,
            Comparison.GreaterOrEqual => a >= b,
            Comparison.LessUnsigned => (ulong)a < (ulong)b,
            Comparison.LessOrEqualUnsigned => (ulong)a <= (ulong)b,
            Comparison.GreaterUnsigned => (ulong)a > (ulong)b,
            Comparison.GreaterOrEqualUnsigned => (ulong)a >= (ulong)b,
            _ => throw new InvalidOperationException($"{comparison} of integers"),
        },
    };

    private static bool CompareFloats(Comparison comparison, double a, double b)
    {
        bool unordered = double.IsNaN(a) || double.IsNaN(b);
        return comparison switch
        {
            Comparison.Equal => a == b,
            Comparison.NotEqual => a != b,
            Comparison.Less => a < b,
            Comparison.LessOrEqual => a <= b,
            Comparison.Greater => a > b,
            Comparison.GreaterOrEqual => a >= b,
            Comparison.LessOrUnordered => unordered || a < b,
            Comparison.LessOrEqualOrUnordered => unordered || a <= b,
            Comparison.GreaterOrUnordered => unordered || a > b,
            Comparison.GreaterOrEqualOrUnordered => unordered || a >= b,
            _ => throw new InvalidOperationException($"{comparison} of floats"),
        };
    }

    private static long Convert(Conversion conversion, IrType from, IrType to, long bits)
    {
        double number = from == IrType.Float32 ? BitConverter.Int32BitsToSingle((int)bits) : BitConverter.Int64BitsToDouble(bits);
        return conversion switch
        {
            Conversion.Signed when to == IrType.Int64 => bits,
            Conversion.Signed => to == IrType.Float32 ? Bits((float)bits) : Bits((double)bits),
            Conversion.Unsigned when to is IrType.Int32 or IrType.Int64 => from == IrType.Bool ? bits : (uint)bits,
            Conversion.Unsigned when from == IrType.Int32 =>
                to == IrType.Float32 ? Bits((float)(uint)bits) : Bits((double)(uint)bits),
            Conversion.Unsigned => to == IrType.Float32 ? Bits((float)(ulong)bits) : Bits((double)(ulong)bits),
            Conversion.Truncate => (int)bits,
            Conversion.FloatToSigned when double.IsNaN(number) => 0,
            Conversion.FloatToUnsigned when !(number > 0) => 0,
            Conversion.FloatToSigned when to == IrType.Int32 =>
                number <= int.MinValue ? int.MinValue : number >= int.MaxValue ? int.MaxValue : (int)number,
            Conversion.FloatToSigned =>
                number <= long.MinValue ? long.MinValue : number >= long.MaxValue ? long.MaxValue : (long)number,
            Conversion.FloatToUnsigned when to == IrType.Int32 => number >= uint.MaxValue ? -1 : (int)(uint)number,
            Conversion.FloatToUnsigned => number >= ulong.MaxValue ? -1 : (long)(ulong)number,
            Conversion.Float => to == IrType.Float32 ? Bits((float)number) : Bits(number),
            Conversion.Bits => to is IrType.Int32 or IrType.Float32 ? (int)bits : bits,
            Conversion.Int8 => (sbyte)bits,
            Conversion.UInt8 => (byte)bits,
            Conversion.Int16 => (short)bits,
            Conversion.UInt16 => (ushort)bits,
            Conversion.HalfToFloat => Bits((float)BitConverter.UInt16BitsToHalf((ushort)bits)),
            _ => BitConverter.HalfToUInt16Bits((Half)BitConverter.Int32BitsToSingle((int)bits)),
        };
    }

    private static long Bits(float value) => BitConverter.SingleToInt32Bits(value);

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
