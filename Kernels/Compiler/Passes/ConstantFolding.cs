using System.Numerics;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Operations on known numbers, done while compiling with the arithmetic that the device has.</summary>
internal static class ConstantFolding
{
    /// <summary>The result, or none where the operation is not one that is folded (approximate functions, division by
    /// zero).</summary>
    /// <param name="opcode">A pure operation with one result.</param>
    /// <param name="type">Type of the result.</param>
    /// <param name="payload">The instruction's.</param>
    /// <param name="operands">All operands.</param>
    public static Constant? Fold(Opcode opcode, IrType type, object? payload, ReadOnlySpan<Value> operands)
    {
        if (operands.Length == 0) return null;
        foreach (Value operand in operands)
            if (operand is not Constant) return null;
        Constant a = (Constant)operands[0];
        if (opcode == Opcode.Select) return (Constant)operands[a.Bits != 0 ? 1 : 2];
        if (opcode == Opcode.Convert) return Convert((Conversion)payload!, a, type);
        if (opcode == Opcode.Compare) return Constant.Of(Compare((Comparison)payload!, a, (Constant)operands[1]));
        if (opcode == Opcode.FusedMultiplyAdd) return FusedMultiplyAdd(a, (Constant)operands[1], (Constant)operands[2]);
        return operands.Length switch
        {
            1 => Unary(opcode, a),
            2 => Binary(opcode, a, (Constant)operands[1]),
            _ => null,
        };
    }

    private static Constant? FusedMultiplyAdd(Constant a, Constant b, Constant c) => a.Type == IrType.Float32
        ? Constant.Of(MathF.FusedMultiplyAdd(a.Single, b.Single, c.Single))
            : Constant.Of(Math.FusedMultiplyAdd(a.Double, b.Double, c.Double));

    private static Constant? Unary(Opcode opcode, Constant a) => (opcode, a.Type) switch
    {
        (Opcode.Not, IrType.Bool) => Constant.Of(a.Bits == 0),
        (Opcode.Not, IrType.Int32) => Constant.Of(~a.Int32),
        (Opcode.Not, IrType.Int64) => Constant.Of(~a.Bits),
        (Opcode.Negate, IrType.Int32) => Constant.Of(unchecked(-a.Int32)),
        (Opcode.Negate, IrType.Int64) => Constant.Of(unchecked(-a.Bits)),
        (Opcode.Negate, IrType.Float32) => Constant.Of(-a.Single),
        (Opcode.Negate, IrType.Float64) => Constant.Of(-a.Double),
        (Opcode.Abs, IrType.Float32) => Constant.Of(MathF.Abs(a.Single)),
        (Opcode.Abs, IrType.Float64) => Constant.Of(Math.Abs(a.Double)),
        (Opcode.Abs, IrType.Int32) when a.Int32 != int.MinValue => Constant.Of(Math.Abs(a.Int32)),
        (Opcode.Sqrt, IrType.Float32) => Constant.Of(MathF.Sqrt(a.Single)),
        (Opcode.Sqrt, IrType.Float64) => Constant.Of(Math.Sqrt(a.Double)),
        (Opcode.Floor, IrType.Float32) => Constant.Of(MathF.Floor(a.Single)),
        (Opcode.Ceiling, IrType.Float32) => Constant.Of(MathF.Ceiling(a.Single)),
        (Opcode.PopulationCount, IrType.Int32) => Constant.Of(int.PopCount(a.Int32)),
        (Opcode.LeadingZeroCount, IrType.Int32) => Constant.Of(int.LeadingZeroCount(a.Int32)),
        _ => null,
    };

    private static Constant? Binary(Opcode opcode, Constant a, Constant b) => a.Type switch
    {
        IrType.Bool => opcode switch
        {
            Opcode.And => Constant.Of((a.Bits & b.Bits) != 0),
            Opcode.Or => Constant.Of((a.Bits | b.Bits) != 0),
            Opcode.Xor => Constant.Of((a.Bits ^ b.Bits) != 0),
            _ => null,
        },
        IrType.Int32 => Integer<int, uint>(opcode, a.Int32, b.Int32, b.Int32) is { } value ? Constant.Of(value) : null,
        IrType.Int64 => Integer<long, ulong>(opcode, a.Bits, b.Bits, b.Int32) is { } value ? Constant.Of(value) : null,
        IrType.Float32 => Float(opcode, a.Single, b.Single) is { } value ? Constant.Of(value) : null,
        IrType.Float64 => Float(opcode, a.Double, b.Double) is { } value ? Constant.Of(value) : null,
        _ => null,
    };

    // Shifts count the lower 5 (6) bits of the amount, as the device does.
    private static T? Integer<T, TUnsigned>(Opcode opcode, T a, T b, int amount)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
        where TUnsigned : struct, IBinaryInteger<TUnsigned>
    {
        bool divides = b != T.Zero && (a != T.MinValue || b != -T.One);
        TUnsigned x = TUnsigned.CreateTruncating(a), y = TUnsigned.CreateTruncating(b);
        return unchecked(opcode switch
        {
            Opcode.Add => a + b,
            Opcode.Subtract => a - b,
            Opcode.Multiply => a * b,
            Opcode.Divide when divides => a / b,
            Opcode.Remainder when divides => a % b,
            Opcode.DivideUnsigned when b != T.Zero => T.CreateTruncating(x / y),
            Opcode.RemainderUnsigned when b != T.Zero => T.CreateTruncating(x % y),
            Opcode.Min => T.Min(a, b),
            Opcode.Max => T.Max(a, b),
            Opcode.MinUnsigned => x < y ? a : b,
            Opcode.MaxUnsigned => x > y ? a : b,
            Opcode.And => a & b,
            Opcode.Or => a | b,
            Opcode.Xor => a ^ b,
            Opcode.ShiftLeft => a << amount,
            Opcode.ShiftRight => a >> amount,
            Opcode.ShiftRightUnsigned => a >>> amount,
            _ => (T?)null,
        });
    }

    private static T? Float<T>(Opcode opcode, T a, T b)
        where T : struct, IFloatingPoint<T> => opcode switch
        {
            Opcode.Add => a + b,
            Opcode.Subtract => a - b,
            Opcode.Multiply => a * b,
            Opcode.Divide => a / b,
            Opcode.Min => T.MinNumber(a, b),
            Opcode.Max => T.MaxNumber(a, b),
            _ => (T?)null,
        };

    private static bool Compare(Comparison comparison, Constant a, Constant b)
    {
        if (!a.Type.IsFloat())
        {
            // Bits are sign-extended, which keeps the unsigned order of 32-bit numbers within 64 bits.
            int signed = a.Bits.CompareTo(b.Bits);
            int unsigned = ((ulong)a.Bits).CompareTo((ulong)b.Bits);
            return comparison switch
            {
                Comparison.Equal => signed == 0,
                Comparison.NotEqual => signed != 0,
                Comparison.Less => signed < 0,
                Comparison.LessOrEqual => signed <= 0,
                Comparison.Greater => signed > 0,
                Comparison.GreaterOrEqual => signed >= 0,
                Comparison.LessUnsigned => unsigned < 0,
                Comparison.LessOrEqualUnsigned => unsigned <= 0,
                Comparison.GreaterUnsigned => unsigned > 0,
                _ => unsigned >= 0,
            };
        }
        double x = a.Type == IrType.Float32 ? a.Single : a.Double;
        double y = b.Type == IrType.Float32 ? b.Single : b.Double;
        return comparison switch
        {
            Comparison.Equal => x == y,
            Comparison.NotEqual => x != y,
            Comparison.Less => x < y,
            Comparison.LessOrEqual => x <= y,
            Comparison.Greater => x > y,
            Comparison.GreaterOrEqual => x >= y,
            Comparison.LessOrUnordered => !(x >= y),
            Comparison.LessOrEqualOrUnordered => !(x > y),
            Comparison.GreaterOrUnordered => !(x <= y),
            _ => !(x < y),
        };
    }

    private static Constant? Convert(Conversion conversion, Constant a, IrType to)
    {
        bool wide = a.Type == IrType.Int64;
        double number = a.Type == IrType.Float32 ? a.Single : a.Double;
        return conversion switch
        {
            Conversion.Signed => to switch
            {
                IrType.Int64 => Constant.Of(a.Bits),
                IrType.Float32 => Constant.Of((float)a.Bits),
                _ => Constant.Of((double)a.Bits),
            },
            Conversion.Unsigned => to switch
            {
                IrType.Int32 => Constant.Of((int)a.Bits),
                IrType.Int64 => Constant.Of((long)(uint)a.Int32),
                IrType.Float32 => Constant.Of(wide ? (float)(ulong)a.Bits : (uint)a.Int32),
                _ => Constant.Of(wide ? (double)(ulong)a.Bits : (uint)a.Int32),
            },
            Conversion.Truncate => Constant.Of(unchecked((int)a.Bits)),
            Conversion.FloatToSigned => to == IrType.Int32 ? Constant.Of((int)number) : Constant.Of((long)number),
            Conversion.FloatToUnsigned =>
                to == IrType.Int32 ? Constant.Of(unchecked((int)(uint)number)) : Constant.Of(unchecked((long)(ulong)number)),
            Conversion.Float => to == IrType.Float32 ? Constant.Of((float)a.Double) : Constant.Of((double)a.Single),
            Conversion.Bits => to == IrType.Int32 ? Constant.Of(a.Int32) : new Constant(to, a.Bits),
            Conversion.Int8 => Constant.Of((int)(sbyte)a.Bits),
            Conversion.UInt8 => Constant.Of((int)(byte)a.Bits),
            Conversion.Int16 => Constant.Of((int)(short)a.Bits),
            Conversion.UInt16 => Constant.Of((int)(ushort)a.Bits),
            Conversion.HalfToFloat => Constant.Of((float)BitConverter.UInt16BitsToHalf((ushort)a.Bits)),
            Conversion.FloatToHalf => Constant.Of((int)BitConverter.HalfToUInt16Bits((Half)a.Single)),
            _ => null,
        };
    }
}
