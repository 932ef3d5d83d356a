using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Constants, arithmetic, comparisons and conversions.</summary>
internal sealed partial class IlTranslator
{
    private bool Arithmetic(IlInstruction il)
    {
        string name = il.OpCode.Name!;
        switch (name)
        {
            case "nop" or "break":
                return true;
            case "dup":
                Push(stack[^1]);
                return true;
            case "pop":
                Pop();
                return true;
            case "ldc.i4" or "ldc.i4.s":
                Push(Constant.Of((int)il.Number));
                return true;
            case "ldc.i8":
                Push(Constant.Of(il.Number));
                return true;
            case "ldc.r4":
                Push(Constant.Of(BitConverter.Int32BitsToSingle((int)il.Number)));
                return true;
            case "ldc.r8":
                Push(Constant.Of(BitConverter.Int64BitsToDouble(il.Number)));
                return true;
            case "ldstr" when !LeadsToThrow():
                Push(new TextOperand(source.ResolveString((int)il.Number)));
                return true;
            case "ldc.i4.m1":
                Push(Constant.Of(-1));
                return true;
            case "neg":
                Unary(Opcode.Negate);
                return true;
            case "not":
                Unary(Opcode.Not);
                return true;
            case "shl" or "shr" or "shr.un":
                Shift(name == "shl" ? Opcode.ShiftLeft : name == "shr" ? Opcode.ShiftRight : Opcode.ShiftRightUnsigned);
                return true;
            case "ceq":
                PushComparison(Comparison.Equal);
                return true;
            case "clt" or "cgt":
                PushComparison(name == "clt" ? Comparison.Less : Comparison.Greater);
                return true;
            case "clt.un" or "cgt.un":
                PushComparison(name == "clt.un" ? Comparison.LessUnsigned : Comparison.GreaterUnsigned);
                return true;
        }
        if (name.StartsWith("ldc.i4.", StringComparison.Ordinal))
        {
            Push(Constant.Of(name[^1] - '0'));
            return true;
        }
        if (name.StartsWith("conv.", StringComparison.Ordinal) && !name.Contains("ovf", StringComparison.Ordinal))
        {
            Push(ConvertTo(name[5..], PopValue()));
            return true;
        }
        if (BinaryOpcode(name) is not { } opcode) return false;
        (Value a, Value b) = PopPair();
        if (opcode == Opcode.Remainder && a.Type.IsFloat())
            throw Unsupported("the remainder of floats", "Write a - b * MathF.Truncate(a / b), or use integers.");
        Push(code.Emit(a.Type, opcode, null, a, b));
        return true;
    }

    private static Opcode? BinaryOpcode(string name) => name switch
    {
        "add" => Opcode.Add,
        "sub" => Opcode.Subtract,
        "mul" => Opcode.Multiply,
        "div" => Opcode.Divide,
        "div.un" => Opcode.DivideUnsigned,
        "rem" => Opcode.Remainder,
        "rem.un" => Opcode.RemainderUnsigned,
        "and" => Opcode.And,
        "or" => Opcode.Or,
        "xor" => Opcode.Xor,
        _ => null,
    };

    private void Unary(Opcode opcode)
    {
        Value a = PopValue();
        Push(code.Emit(a.Type, opcode, null, a));
    }

    private void Shift(Opcode opcode)
    {
        Value amount = PopValue();
        Value a = PopValue();
        if (amount.Type == IrType.Int64) amount = code.Convert(Conversion.Truncate, amount, IrType.Int32);
        Push(code.Emit(a.Type, opcode, null, a, amount));
    }

    // IL widens the narrower of two floats, and of a native and a 32-bit integer.
    private (Value A, Value B) PopPair()
    {
        Value b = PopValue();
        Value a = PopValue();
        if (a.Type.IsPointer() || b.Type.IsPointer())
            throw Unsupported("arithmetic with an address", "Index a view; unsafe pointers are not part of the language.");
        if (a.Type == b.Type) return (a, b);
        if (a.Type.IsFloat() && b.Type.IsFloat()) return (ToDouble(a), ToDouble(b));
        if (!a.Type.IsFloat() && !b.Type.IsFloat()) return (code.ToInt64(a), code.ToInt64(b));
        throw Unsupported($"an operation on {a.Type} and {b.Type}", "Convert one of them.");
    }

    private Value ToDouble(Value a) => a.Type == IrType.Float64 ? a : code.Convert(Conversion.Float, a, IrType.Float64);

    private Value CompareValues(Comparison comparison, Value a, Value b)
    {
        Push(a);
        Push(b);
        (a, b) = PopPair();
        // A truth value compared with 0 is itself or its opposite.
        if (comparison is Comparison.Equal or Comparison.NotEqual or Comparison.GreaterUnsigned
            && b is Constant { Type: IrType.Int32, Bits: 0 } && AsBool(a) is { } truth)
            return comparison == Comparison.Equal ? code.Emit(IrType.Bool, Opcode.Not, null, truth) : truth;
        if (a.Type.IsFloat())
            comparison = comparison switch
            {
                Comparison.LessUnsigned => Comparison.LessOrUnordered,
                Comparison.LessOrEqualUnsigned => Comparison.LessOrEqualOrUnordered,
                Comparison.GreaterUnsigned => Comparison.GreaterOrUnordered,
                Comparison.GreaterOrEqualUnsigned => Comparison.GreaterOrEqualOrUnordered,
                _ => comparison,
            };
        return code.Compare(comparison, a, b);
    }

    private void PushComparison(Comparison comparison)
    {
        Value b = PopValue();
        Value a = PopValue();
        Push(FromBool(CompareValues(comparison, a, b)));
    }

    /// <summary>A truth value as IL has it: 0 or 1.</summary>
    private Value FromBool(Value truth) => code.Convert(Conversion.Unsigned, truth, IrType.Int32);

    /// <summary>Whether an integer is not 0.</summary>
    private Value Truth(Value value)
    {
        if (value.Type.IsPointer() || value.Type.IsFloat())
            throw Unsupported($"a {value.Type} as a condition", "Compare it with something.");
        return AsBool(value) ?? code.Compare(Comparison.NotEqual, value, new Constant(value.Type, 0));
    }

    private static Value? AsBool(Value value) =>
        value is Register { Definition: { Opcode: Opcode.Convert, Operands: [{ Type: IrType.Bool } truth] } } ? truth : null;

    private Value ConvertTo(string to, Value a) => to switch
    {
        "i1" => code.Convert(Conversion.Int8, ToInt32(a), IrType.Int32),
        "u1" => code.Convert(Conversion.UInt8, ToInt32(a), IrType.Int32),
        "i2" => code.Convert(Conversion.Int16, ToInt32(a), IrType.Int32),
        "u2" => code.Convert(Conversion.UInt16, ToInt32(a), IrType.Int32),
        "i4" => ToInt32(a),
        "u4" => a.Type.IsFloat() ? code.Convert(Conversion.FloatToUnsigned, a, IrType.Int32) : ToInt32(a),
        "i8" or "i" => a.Type.IsFloat() ? code.Convert(Conversion.FloatToSigned, a, IrType.Int64) : code.ToInt64(Number(a)),
        "u8" or "u" => a.Type.IsFloat() ? code.Convert(Conversion.FloatToUnsigned, a, IrType.Int64)
            : a.Type == IrType.Int64 ? a : code.Convert(Conversion.Unsigned, Number(a), IrType.Int64),
        "r4" => a.Type switch
        {
            IrType.Float32 => a,
            IrType.Float64 => code.Convert(Conversion.Float, a, IrType.Float32),
            _ => code.Convert(Conversion.Signed, Number(a), IrType.Float32),
        },
        "r8" => a.Type.IsFloat() ? ToDouble(a) : code.Convert(Conversion.Signed, Number(a), IrType.Float64),
        "r.un" => code.Convert(Conversion.Unsigned, Number(a), IrType.Float64),
        _ => throw Unsupported($"the conversion '{to}'", "Convert to a C# number type."),
    };

    private Value Number(Value a) =>
        a.Type.IsPointer() ? throw Unsupported("an address as a number", "Index a view instead.") : a;

    private Value ToInt32(Value a) => Number(a).Type switch
    {
        IrType.Int32 => a,
        IrType.Int64 => code.Convert(Conversion.Truncate, a, IrType.Int32),
        _ => code.Convert(Conversion.FloatToSigned, a, IrType.Int32),
    };
}
