using System.Numerics;
using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Functions of numbers: System.Math and MathF, bits, 16-bit floats.</summary>
internal sealed partial class Intrinsics
{
    /// <summary>What is known of Math and MathF, as a sentence.</summary>
    public const string NumberFunctions =
        "Math and MathF have Abs, Min, Max, Clamp, Sqrt, ReciprocalSqrtEstimate, Floor, Ceiling, Truncate, Round and "
        + "FusedMultiplyAdd in a kernel, and in 32 bits Exp, Log, Log2, Log10, Pow, Sin, Cos and Tanh.";

    private Value? Numbers(MethodBase target, Operand[] operands)
    {
        Type type = target.DeclaringType!;
        if (type == typeof(HalfBits)) return HalfConversion(target.Name, Scalar(operands[0]));
        if (type == typeof(Interop)) return Bits(target, operands);
        if (type == typeof(BitConverter)) return BitsOf(target.Name, operands);
        if (type == typeof(BitOperations)) return BitCount(target.Name, operands);
        if (type == typeof(float) || type == typeof(double))
            return target.Name == nameof(float.IsNaN)
                ? FromTruth(code.Compare(Comparison.NotEqual, Scalar(operands[0]), Scalar(operands[0]))) : null;
        if (type != typeof(Math) && type != typeof(MathF)) return null;
        if (operands.Length == 0 || operands.Any(o => o is not ScalarOperand { Value: var v } || v.Type.IsPointer())) return null;
        Value[] a = [.. operands.Select(Scalar)];
        bool unsigned = MethodCode.ParametersOf(target)[0].ParameterType is var p
            && (p == typeof(uint) || p == typeof(ulong) || p == typeof(byte) || p == typeof(ushort)
            || p == typeof(nuint));
        return Function(target.Name, a, unsigned);
    }

    private Value? Function(string name, Value[] a, bool unsigned)
    {
        IrType type = a[0].Type;
        return name switch
        {
            nameof(MathF.Abs) => Same(Opcode.Abs, a),
            nameof(MathF.Min) => Same(unsigned ? Opcode.MinUnsigned : Opcode.Min, a),
            nameof(MathF.Max) => Same(unsigned ? Opcode.MaxUnsigned : Opcode.Max, a),
            nameof(Math.Clamp) =>
                Same(unsigned ? Opcode.MinUnsigned : Opcode.Min, Same(unsigned ? Opcode.MaxUnsigned : Opcode.Max, a[0], a[1]),
                a[2]),
            nameof(MathF.Sqrt) => Same(Opcode.Sqrt, a),
            nameof(MathF.ReciprocalSqrtEstimate) => Same(Opcode.ReciprocalSqrt, a),
            nameof(MathF.Floor) => Same(Opcode.Floor, a),
            nameof(MathF.Ceiling) => Same(Opcode.Ceiling, a),
            nameof(MathF.Truncate) => Same(Opcode.Truncate, a),
            nameof(MathF.Round) when a.Length == 1 => Same(Opcode.Round, a),
            nameof(MathF.FusedMultiplyAdd) => Same(Opcode.FusedMultiplyAdd, a),
            _ when type == IrType.Float32 => SingleFunction(name, a),
            _ => null,
        };
    }

    // What the hardware has is 2ˣ and log₂, in 32 bits.
    private Value? SingleFunction(string name, Value[] a) => name switch
    {
        nameof(MathF.Exp) => Exp(a[0]),
        nameof(MathF.Log) when a.Length == 1 => Product(Same(Opcode.Log2, a[0]), Constant.Of(MathF.Log(2f))),
        nameof(MathF.Log2) => Same(Opcode.Log2, a[0]),
        nameof(MathF.Log10) => Product(Same(Opcode.Log2, a[0]), Constant.Of(MathF.Log10(2f))),
        nameof(MathF.Pow) => Same(Opcode.Exp2, Product(a[1], Same(Opcode.Log2, a[0]))),
        nameof(MathF.Sin) => Same(Opcode.Sin, a[0]),
        nameof(MathF.Cos) => Same(Opcode.Cos, a[0]),
        // tanh x = 1 − 2 / (exp 2x + 1)
        nameof(MathF.Tanh) =>
            Same(Opcode.Subtract, Constant.Of(1f),
            Same(Opcode.Divide, Constant.Of(2f), Sum(Exp(Product(a[0], Constant.Of(2f))), Constant.Of(1f)))),
        _ => null,
    };

    private Value Exp(Value x) => Same(Opcode.Exp2, Product(x, Constant.Of(1.4426950408889634f)));

    private Value Same(Opcode opcode, params ReadOnlySpan<Value> operands) => code.Emit(operands[0].Type, opcode, null, operands);

    private Value? HalfConversion(string name, Value a) => name == nameof(HalfBits.ToSingle)
        ? code.Convert(Conversion.HalfToFloat, a, IrType.Float32) : code.Convert(Conversion.FloatToHalf, a, IrType.Int32);

    private Value? Bits(MethodBase target, Operand[] operands) => target.Name switch
    {
        nameof(Interop.FloatAsInt) => code.Convert(Conversion.Bits, Scalar(operands[0]), IrType.Int32),
        nameof(Interop.IntAsFloat) => code.Convert(Conversion.Bits, Scalar(operands[0]), IrType.Float32),
        _ => Constant.Of(TypeLayout.Size(Element(target))),
    };

    private Value? BitsOf(string name, Operand[] operands) => name switch
    {
        nameof(BitConverter.SingleToInt32Bits) or nameof(BitConverter.SingleToUInt32Bits) =>
            code.Convert(Conversion.Bits, Scalar(operands[0]), IrType.Int32),
        nameof(BitConverter.Int32BitsToSingle) or nameof(BitConverter.UInt32BitsToSingle) =>
            code.Convert(Conversion.Bits, Scalar(operands[0]), IrType.Float32),
        nameof(BitConverter.DoubleToInt64Bits) or nameof(BitConverter.DoubleToUInt64Bits) =>
            code.Convert(Conversion.Bits, Scalar(operands[0]), IrType.Int64),
        nameof(BitConverter.Int64BitsToDouble) or nameof(BitConverter.UInt64BitsToDouble) =>
            code.Convert(Conversion.Bits, Scalar(operands[0]), IrType.Float64),
        _ => null,
    };

    private Value? BitCount(string name, Operand[] operands) => name switch
    {
        nameof(BitOperations.PopCount) => code.Emit(IrType.Int32, Opcode.PopulationCount, null, Scalar(operands[0])),
        nameof(BitOperations.LeadingZeroCount) => code.Emit(IrType.Int32, Opcode.LeadingZeroCount, null, Scalar(operands[0])),
        nameof(BitOperations.TrailingZeroCount) => TrailingZeros(Scalar(operands[0])),
        _ => null,
    };

    // The ones of ~x & (x − 1) are the zeros of x behind its lowest one.
    private Value TrailingZeros(Value x)
    {
        Value one = x.Type == IrType.Int32 ? Constant.Of(1) : Constant.Of(1L);
        Value behind =
            code.Emit(x.Type, Opcode.And, null, code.Emit(x.Type, Opcode.Not, null, x),
            code.Emit(x.Type, Opcode.Subtract, null, x, one));
        return code.Emit(IrType.Int32, Opcode.PopulationCount, null, behind);
    }
}
