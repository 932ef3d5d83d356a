using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Truth values, comparisons, choices, conversions.</summary>
internal static partial class Identities
{
    private static Value? Logic(Opcode opcode, Value a, Value b, NewInstruction make)
    {
        if (a is Constant) (a, b) = (b, a);
        return opcode switch
        {
            Opcode.And => IsNumber(b, 0) ? b : IsNumber(b, 1) || Same(a, b) ? a : null,
            Opcode.Or => IsNumber(b, 1) ? b : IsNumber(b, 0) || Same(a, b) ? a : null,
            Opcode.Xor =>
                IsNumber(b, 0) ? a : IsNumber(b, 1) ? make(IrType.Bool, Opcode.Not, null, a) : Same(a, b) ? Constant.Of(false)
                : null,
            _ => null,
        };
    }

    // Of two known truth values the choice is the condition, or what it leaves of the other one.
    private static Value? Choice(Value condition, Value a, Value b, NewInstruction make)
    {
        if (condition is Constant known) return known.Bits != 0 ? a : b;
        if (Same(a, b)) return a;
        if (condition is Register { Definition: { Opcode: Opcode.Not } opposite })
            return make(a.Type, Opcode.Select, null, opposite.Operands[0], b, a);
        if (a.Type == IrType.Int32 && (a is Constant || b is Constant) && TruthOf(a) is { } yes && TruthOf(b) is { } no)
            return make(IrType.Int32, Opcode.Convert, Ir.Conversion.Unsigned,
                make(IrType.Bool, Opcode.Select, null, condition, yes, no));
        if (a.Type != IrType.Bool) return null;
        if (IsNumber(a, 1)) return make(IrType.Bool, Opcode.Or, null, condition, b);
        if (IsNumber(b, 0)) return make(IrType.Bool, Opcode.And, null, condition, a);
        if (IsNumber(a, 0)) return make(IrType.Bool, Opcode.And, null, make(IrType.Bool, Opcode.Not, null, condition), b);
        return IsNumber(b, 1) ? make(IrType.Bool, Opcode.Or, null, make(IrType.Bool, Opcode.Not, null, condition), a) : null;
    }

    // The truth value that became a 0 or 1.
    private static Value? TruthOf(Value value) => value switch
    {
        Constant { Type: IrType.Int32, Bits: 0 or 1 } constant => Constant.Of(constant.Bits != 0),
        Register { Definition: { Opcode: Opcode.Convert, Operands: [{ Type: IrType.Bool } truth] } } => truth,
        _ => null,
    };

    // The opposite of a comparison is one, with NaN on the other side.
    private static Value? Not(Value a, NewInstruction make)
    {
        if (a is not Register { Definition: { } definition }) return null;
        if (definition.Opcode == Opcode.Not) return definition.Operands[0];
        if (definition.Opcode != Opcode.Compare) return null;
        bool floats = definition.Operands[0].Type.IsFloat();
        return make(IrType.Bool, Opcode.Compare, (Ir.Comparison)definition.Payload! switch
        {
            Ir.Comparison.Equal => Ir.Comparison.NotEqual,
            Ir.Comparison.NotEqual => Ir.Comparison.Equal,
            Ir.Comparison.Less => floats ? Ir.Comparison.GreaterOrEqualOrUnordered : Ir.Comparison.GreaterOrEqual,
            Ir.Comparison.LessOrEqual => floats ? Ir.Comparison.GreaterOrUnordered : Ir.Comparison.Greater,
            Ir.Comparison.Greater => floats ? Ir.Comparison.LessOrEqualOrUnordered : Ir.Comparison.LessOrEqual,
            Ir.Comparison.GreaterOrEqual => floats ? Ir.Comparison.LessOrUnordered : Ir.Comparison.Less,
            Ir.Comparison.LessUnsigned => Ir.Comparison.GreaterOrEqualUnsigned,
            Ir.Comparison.LessOrEqualUnsigned => Ir.Comparison.GreaterUnsigned,
            Ir.Comparison.GreaterUnsigned => Ir.Comparison.LessOrEqualUnsigned,
            Ir.Comparison.GreaterOrEqualUnsigned => Ir.Comparison.LessUnsigned,
            Ir.Comparison.LessOrUnordered => Ir.Comparison.GreaterOrEqual,
            Ir.Comparison.LessOrEqualOrUnordered => Ir.Comparison.Greater,
            Ir.Comparison.GreaterOrUnordered => Ir.Comparison.LessOrEqual,
            _ => Ir.Comparison.Less,
        }, definition.Operands);
    }

    // A truth value that became 0 or 1, compared with 0, is itself again or its opposite.
    private static Value? Comparison(Ir.Comparison comparison, Value a, Value b, NewInstruction make)
    {
        if (IsNumber(b, 0) && a is not Constant && TruthOf(a) is { } truth)
            switch (comparison)
            {
                case Ir.Comparison.NotEqual or Ir.Comparison.GreaterUnsigned or Ir.Comparison.Greater:
                    return truth;
                case Ir.Comparison.Equal:
                    return make(IrType.Bool, Opcode.Not, null, truth);
            }
        if (!Same(a, b) || a.Type.IsFloat()) return null;
        return Constant.Of(comparison is Ir.Comparison.Equal or Ir.Comparison.LessOrEqual or Ir.Comparison.GreaterOrEqual
            or Ir.Comparison.LessOrEqualUnsigned or Ir.Comparison.GreaterOrEqualUnsigned);
    }

    private static Value? Conversion(Ir.Conversion kind, IrType type, Value a, NewInstruction make)
    {
        if (a is not Register { Definition: { } definition }) return null;
        MemoryType? loaded = definition is { Opcode: Opcode.Load, Payload: MemoryAccess access } ? access.Type : null;
        if ((kind, loaded) is (Ir.Conversion.Int8, MemoryType.Int8) or (Ir.Conversion.UInt8, MemoryType.UInt8)
            or (Ir.Conversion.Int16, MemoryType.Int16 or MemoryType.Int8 or MemoryType.UInt8)
                or (Ir.Conversion.UInt16, MemoryType.UInt16 or MemoryType.UInt8)) return a;
        if (definition.Opcode != Opcode.Convert) return null;
        Ir.Conversion inner = (Ir.Conversion)definition.Payload!;
        Value source = definition.Operands[0];
        return kind switch
        {
            // 32 → 64 → 32 bits, float → double → float and bits there and back change nothing.
            Ir.Conversion.Truncate =>
                source.Type == IrType.Int32 && inner is Ir.Conversion.Signed or Ir.Conversion.Unsigned ? source : null,
            Ir.Conversion.Float when type == IrType.Float32 && inner == Ir.Conversion.Float => source,
            Ir.Conversion.Bits when inner == Ir.Conversion.Bits => source,
            // Every 32-bit integer is a double, so that rounding happens once.
            Ir.Conversion.Float when type == IrType.Float32 && inner is Ir.Conversion.Signed or Ir.Conversion.Unsigned
                && source.Type == IrType.Int32 =>
                make(IrType.Float32, Opcode.Convert, inner, source),
            // A truth value has one bit, which no shortening changes; of two shortenings to one width the last one counts.
            Ir.Conversion.Int8 or Ir.Conversion.UInt8 or Ir.Conversion.Int16 or Ir.Conversion.UInt16 =>
                source.Type == IrType.Bool || inner == kind ? a
                : (kind, inner) is (Ir.Conversion.Int8, Ir.Conversion.UInt8 or Ir.Conversion.Int16 or Ir.Conversion.UInt16)
                    or (Ir.Conversion.UInt8, Ir.Conversion.Int8 or Ir.Conversion.Int16 or Ir.Conversion.UInt16)
                    or (Ir.Conversion.Int16, Ir.Conversion.UInt16) or (Ir.Conversion.UInt16, Ir.Conversion.Int16)
                        ? make(IrType.Int32, Opcode.Convert, kind, source) : null,
            _ => null,
        };
    }
}
