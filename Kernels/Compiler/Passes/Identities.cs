using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Makes an instruction in front of the one that is being simplified.</summary>
internal delegate Register NewInstruction(IrType type, Opcode opcode, object? payload, Value[] operands);

/// <summary>Identities of arithmetic that hold for every value, with wrapping integers and with NaN and −0.</summary>
/// <remarks>Constants move outwards, (x + 1)·4 + y = (4x + y) + 4, so that the index of an unrolled access is a common part and a constant.</remarks>
internal static class Identities
{
    /// <summary>What the instruction's result is equal to; none where no identity applies.</summary>
    public static Value? Apply(Instruction instruction, NewInstruction make)
    {
        Value[] operands = instruction.Operands;
        IrType type = instruction.Result.Type;
        switch (instruction.Opcode)
        {
            case Opcode.Select:
                return Same(operands[1], operands[2]) ? operands[1] : null;
            case Opcode.Compare:
                return Comparison(instruction, (Ir.Comparison)instruction.Payload!, operands[0], operands[1]);
            case Opcode.Not:
                return Not(operands[0], make);
            case Opcode.Convert:
                return Conversion(instruction, operands[0], make);
            case Opcode.PartAddress:
                return IsNumber(operands[1], 0) && Same(operands[2], operands[3]) ? operands[0] : null;
        }
        if (operands.Length != 2 || type.IsPointer()) return null;
        (Value a, Value b) = (operands[0], operands[1]);
        if (type == IrType.Bool) return Logic(instruction.Opcode, a, b);
        return type.IsFloat() ? Float(instruction.Opcode, a, b) : Integer(instruction.Opcode, type, a, b, make);
    }

    private static Value? Integer(Opcode opcode, IrType type, Value a, Value b, NewInstruction make)
    {
        if (a is Constant && b is not Constant && opcode is Opcode.Add or Opcode.Multiply or Opcode.And or Opcode.Or or Opcode.Xor)
            return make(type, opcode, null, [b, a]);
        switch (opcode)
        {
            case Opcode.Add:
                return IsNumber(b, 0) ? a : AddConstants(type, a, b, make);
            case Opcode.Subtract:
                if (IsNumber(b, 0)) return a;
                if (Same(a, b)) return Number(type, 0);
                return b is Constant subtracted ? make(type, Opcode.Add, null, [a, Number(type, -subtracted.Bits)])
                    : Sum(a) is { } sum ? make(type, Opcode.Add, null, [make(type, Opcode.Subtract, null, [sum.Part, b]), sum.Constant]) : null;
            case Opcode.Multiply:
                if (IsNumber(b, 0)) return b;
                return IsNumber(b, 1) ? a : b is Constant factor && Sum(a) is { } terms ? Distribute(type, terms.Part, terms.Constant, factor, make) : null;
            case Opcode.Divide or Opcode.DivideUnsigned:
                return IsNumber(b, 1) ? a : null;
            case Opcode.And:
                return IsNumber(b, 0) ? b : IsNumber(b, -1) || Same(a, b) ? a : null;
            case Opcode.Or:
                return IsNumber(b, 0) || Same(a, b) ? a : null;
            case Opcode.Xor:
                return IsNumber(b, 0) ? a : Same(a, b) ? Number(type, 0) : null;
            case Opcode.ShiftLeft when b is Constant { Bits: >= 0 and < 31 } amount:
                return amount.Bits == 0 ? a : make(type, Opcode.Multiply, null, [a, Number(type, 1L << (int)amount.Bits)]);
            case Opcode.ShiftRight or Opcode.ShiftRightUnsigned:
                return IsNumber(b, 0) ? a : null;
            case Opcode.Min or Opcode.Max or Opcode.MinUnsigned or Opcode.MaxUnsigned:
                return Same(a, b) ? a : null;
            default:
                return null;
        }
    }

    // (x + c) + d = x + (c + d);  (x + c) + y = (x + y) + c;  x + (y + c) = (x + y) + c
    private static Register? AddConstants(IrType type, Value a, Value b, NewInstruction make)
    {
        if (Sum(a) is { } left)
            return b is Constant second ? make(type, Opcode.Add, null, [left.Part, Number(type, left.Constant.Bits + second.Bits)])
                : make(type, Opcode.Add, null, [make(type, Opcode.Add, null, [left.Part, b]), left.Constant]);
        return Sum(b) is { } right ? make(type, Opcode.Add, null, [make(type, Opcode.Add, null, [a, right.Part]), right.Constant]) : null;
    }

    private static Register Distribute(IrType type, Value part, Constant constant, Constant factor, NewInstruction make) =>
        make(type, Opcode.Add, null, [make(type, Opcode.Multiply, null, [part, factor]), Number(type, unchecked(constant.Bits * factor.Bits))]);

    private static (Value Part, Constant Constant)? Sum(Value value) =>
        value is Register { Definition: { Opcode: Opcode.Add, Operands: [Register part, Constant constant] } } ? (part, constant) : null;

    private static Value? Float(Opcode opcode, Value a, Value b) => opcode switch
    {
        Opcode.Multiply when b is Constant one && IsOne(one) => a,
        Opcode.Multiply when a is Constant one && IsOne(one) => b,
        Opcode.Divide when b is Constant one && IsOne(one) => a,
        // x − 0 = x also for −0; x + 0 is not x where x is −0.
        Opcode.Subtract when IsNumber(b, 0) => a,
        _ => null,
    };

    private static bool IsOne(Constant constant) => constant.Type == IrType.Float32 ? constant.Single == 1f : constant.Double == 1;

    private static Value? Logic(Opcode opcode, Value a, Value b)
    {
        if (a is Constant) (a, b) = (b, a);
        return opcode switch
        {
            Opcode.And => IsNumber(b, 0) ? b : IsNumber(b, 1) || Same(a, b) ? a : null,
            Opcode.Or => IsNumber(b, 1) ? b : IsNumber(b, 0) || Same(a, b) ? a : null,
            Opcode.Xor => IsNumber(b, 0) ? a : Same(a, b) ? Constant.Of(false) : null,
            _ => null,
        };
    }

    private static Value? Not(Value a, NewInstruction make)
    {
        if (a is not Register { Definition: { } definition }) return null;
        if (definition.Opcode == Opcode.Not) return definition.Operands[0];
        if (definition.Opcode != Opcode.Compare || definition.Operands[0].Type.IsFloat()) return null;
        Ir.Comparison opposite = (Ir.Comparison)definition.Payload! switch
        {
            Ir.Comparison.Equal => Ir.Comparison.NotEqual,
            Ir.Comparison.NotEqual => Ir.Comparison.Equal,
            Ir.Comparison.Less => Ir.Comparison.GreaterOrEqual,
            Ir.Comparison.LessOrEqual => Ir.Comparison.Greater,
            Ir.Comparison.Greater => Ir.Comparison.LessOrEqual,
            Ir.Comparison.GreaterOrEqual => Ir.Comparison.Less,
            Ir.Comparison.LessUnsigned => Ir.Comparison.GreaterOrEqualUnsigned,
            Ir.Comparison.LessOrEqualUnsigned => Ir.Comparison.GreaterUnsigned,
            Ir.Comparison.GreaterUnsigned => Ir.Comparison.LessOrEqualUnsigned,
            _ => Ir.Comparison.LessUnsigned,
        };
        return make(IrType.Bool, Opcode.Compare, opposite, definition.Operands);
    }

    // A truth value that became 0 or 1, compared with 0, is itself again.
    private static Value? Comparison(Instruction instruction, Ir.Comparison comparison, Value a, Value b)
    {
        if (a is Register { Definition: { Opcode: Opcode.Convert, Operands: [{ Type: IrType.Bool } truth] } } && IsNumber(b, 0)
            && comparison is Ir.Comparison.NotEqual or Ir.Comparison.GreaterUnsigned or Ir.Comparison.Greater && b.Type == IrType.Int32)
            return instruction.Operands[0] == a ? truth : null;
        if (!Same(a, b) || a.Type.IsFloat()) return null;
        return Constant.Of(comparison is Ir.Comparison.Equal or Ir.Comparison.LessOrEqual or Ir.Comparison.GreaterOrEqual
            or Ir.Comparison.LessOrEqualUnsigned or Ir.Comparison.GreaterOrEqualUnsigned);
    }

    private static Value? Conversion(Instruction instruction, Value a, NewInstruction make)
    {
        if (a is not Register { Definition: { Opcode: Opcode.Convert } inner }) return null;
        Ir.Conversion outerKind = (Ir.Conversion)instruction.Payload!;
        Ir.Conversion innerKind = (Ir.Conversion)inner.Payload!;
        Value source = inner.Operands[0];
        // 32 → 64 → 32 bits, float → double → float and bits there and back change nothing; cutting off twice is cutting off once.
        if (outerKind == Ir.Conversion.Truncate && innerKind is Ir.Conversion.Signed or Ir.Conversion.Unsigned && source.Type == IrType.Int32)
            return inner.Result.Type == IrType.Int64 ? source : null;
        if (outerKind == Ir.Conversion.Float && innerKind == Ir.Conversion.Float && inner.Result.Type == IrType.Float64) return source;
        if (outerKind == Ir.Conversion.Bits && innerKind == Ir.Conversion.Bits) return source;
        if (outerKind == innerKind && outerKind is Ir.Conversion.Int8 or Ir.Conversion.UInt8 or Ir.Conversion.Int16 or Ir.Conversion.UInt16) return a;
        // A truth value has one bit, which no shortening changes.
        if (outerKind is Ir.Conversion.UInt8 or Ir.Conversion.UInt16 && source.Type == IrType.Bool) return a;
        return null;
    }

    private static bool IsNumber(Value value, long number) => value is Constant constant && !constant.Type.IsFloat() && constant.Bits == number
        || number == 0 && value is Constant { Bits: 0 };

    private static Constant Number(IrType type, long value) => type == IrType.Int32 ? Constant.Of(unchecked((int)value)) : Constant.Of(value);

    private static bool Same(Value a, Value b) => a == b || a is Constant x && b is Constant y && x.Same(y);
}
