using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Makes an instruction in front of the one that is being simplified, or what it is equal to.</summary>
internal delegate Value NewInstruction(IrType type, Opcode opcode, object? payload, params ReadOnlySpan<Value> operands);

/// <summary>Identities of arithmetic that hold for every value, with wrapping integers and with NaN and −0.</summary>
/// <remarks>Constants move outwards, (x + 1)·4 + y = (4x + y) + 4, so that the index of an unrolled access is a common part and a
/// constant.</remarks>
internal static partial class Identities
{
    /// <summary>What the instruction's result is equal to; none where no identity applies.</summary>
    public static Value? Apply(Instruction instruction, NewInstruction make)
    {
        Value[] operands = instruction.Operands;
        IrType type = instruction.Result.Type;
        switch (instruction.Opcode)
        {
            case Opcode.Select:
                return Choice(operands[0], operands[1], operands[2], make);
            case Opcode.Compare:
                return Comparison((Ir.Comparison)instruction.Payload!, operands[0], operands[1], make);
            case Opcode.Not:
                return Not(operands[0], make);
            case Opcode.Negate:
                return operands[0] is Register { Definition: { Opcode: Opcode.Negate } negated } ? negated.Operands[0] : null;
            case Opcode.Convert:
                return Conversion((Ir.Conversion)instruction.Payload!, type, operands[0], make);
            case Opcode.PartAddress:
                return IsNumber(operands[1], 0) && Same(operands[2], operands[3]) ? operands[0] : null;
        }
        if (operands.Length != 2 || type.IsPointer()) return null;
        (Value a, Value b) = (operands[0], operands[1]);
        if (type == IrType.Bool) return Logic(instruction.Opcode, a, b, make);
        return type.IsFloat() ? Float(instruction.Opcode, a, b) : Integer(instruction.Opcode, type, a, b, make);
    }

    private static Value? Integer(Opcode opcode, IrType type, Value a, Value b, NewInstruction make)
    {
        if (a is Constant && b is not Constant
            && opcode is Opcode.Add or Opcode.Multiply or Opcode.And or Opcode.Or or Opcode.Xor)
            return make(type, opcode, null, b, a);
        if (opcode is Opcode.And or Opcode.Or or Opcode.Xor && type == IrType.Int32 && TruthOf(a) is { } truth
            && TruthOf(b) is { } other)
            return make(type, Opcode.Convert, Ir.Conversion.Unsigned, make(IrType.Bool, opcode, null, truth, other));
        switch (opcode)
        {
            case Opcode.Add:
                return IsNumber(b, 0) ? a : AddConstants(type, a, b, make);
            case Opcode.Subtract:
                return Difference(type, a, b, make);
            case Opcode.Multiply:
                if (IsNumber(b, 0)) return b;
                return IsNumber(b, 1) ? a : b is Constant factor ? Product(type, a, factor, make) : null;
            case Opcode.Divide or Opcode.DivideUnsigned:
                return IsNumber(b, 1) ? a : null;
            case Opcode.Remainder or Opcode.RemainderUnsigned:
                return IsNumber(b, 1) ? Number(type, 0) : null;
            case Opcode.And:
                return IsNumber(b, 0) ? b : IsNumber(b, -1) || Same(a, b) ? a : null;
            case Opcode.Or:
                return IsNumber(b, 0) || Same(a, b) ? a : null;
            case Opcode.Xor:
                return IsNumber(b, 0) ? a : Same(a, b) ? Number(type, 0) : null;
            case Opcode.ShiftLeft when b is Constant { Bits: >= 0 and < 31 } amount:
                return amount.Bits == 0 ? a : make(type, Opcode.Multiply, null, a, Number(type, 1L << (int)amount.Bits));
            case Opcode.ShiftRight or Opcode.ShiftRightUnsigned:
                return IsNumber(b, 0) ? a : null;
            case Opcode.Min or Opcode.Max or Opcode.MinUnsigned or Opcode.MaxUnsigned:
                return Same(a, b) ? a : null;
            default:
                return null;
        }
    }

    // (x + c) + d = x + (c + d);  (x + c) + y = (x + y) + c;  x + (y + c) = (x + y) + c
    private static Value? AddConstants(IrType type, Value a, Value b, NewInstruction make)
    {
        if (Sum(a) is { } left)
            return b is Constant second ? make(type, Opcode.Add, null, left.Part, Number(type, left.Constant.Bits + second.Bits))
                : make(type, Opcode.Add, null, make(type, Opcode.Add, null, left.Part, b), left.Constant);
        return Sum(b) is { } right ? make(type, Opcode.Add, null, make(type, Opcode.Add, null, a, right.Part), right.Constant)
            : null;
    }

    // x − c = x + (−c);  (x + c) − y = (x − y) + c;  x − (y + c) = (x − y) + (−c)
    private static Value? Difference(IrType type, Value a, Value b, NewInstruction make)
    {
        if (IsNumber(b, 0)) return a;
        if (Same(a, b)) return Number(type, 0);
        if (b is Constant subtracted) return make(type, Opcode.Add, null, a, Number(type, -subtracted.Bits));
        if (Sum(a) is { } left)
            return make(type, Opcode.Add, null, make(type, Opcode.Subtract, null, left.Part, b), left.Constant);
        return Sum(b) is { } right
            ? make(type, Opcode.Add, null, make(type, Opcode.Subtract, null, a, right.Part), Number(type, -right.Constant.Bits))
            : null;
    }

    // (x + c)·f = x·f + c·f;  (x·c)·f = x·(c·f)
    private static Value? Product(IrType type, Value a, Constant factor, NewInstruction make)
    {
        if (Sum(a) is { } terms)
            return make(type, Opcode.Add, null, make(type, Opcode.Multiply, null, terms.Part, factor),
                Number(type, unchecked(terms.Constant.Bits * factor.Bits)));
        return a is Register { Definition: { Opcode: Opcode.Multiply, Operands: [var part, Constant inner] } }
            ? make(type, Opcode.Multiply, null, part, Number(type, unchecked(inner.Bits * factor.Bits))) : null;
    }

    private static (Value Part, Constant Constant)? Sum(Value value) =>
        value is Register { Definition: { Opcode: Opcode.Add, Operands: [not Constant and var part, Constant constant] } }
            ? (part, constant) : null;

    private static Value? Float(Opcode opcode, Value a, Value b) => opcode switch
    {
        Opcode.Multiply when b is Constant one && IsOne(one) => a,
        Opcode.Multiply when a is Constant one && IsOne(one) => b,
        Opcode.Divide when b is Constant one && IsOne(one) => a,
        // x − 0 = x also for −0; x + 0 is not x where x is −0.
        Opcode.Subtract when IsNumber(b, 0) => a,
        _ => null,
    };

    private static bool IsOne(Constant constant) =>
        constant.Type == IrType.Float32 ? constant.Single == 1f : constant.Double == 1;

    private static bool IsNumber(Value value, long number) =>
        value is Constant constant && constant.Bits == number && (number == 0 || !constant.Type.IsFloat());

    private static Constant Number(IrType type, long value) =>
        type == IrType.Int32 ? Constant.Of(unchecked((int)value)) : Constant.Of(value);

    private static bool Same(Value a, Value b) => a == b || a is Constant x && b is Constant y && x.Same(y);
}
