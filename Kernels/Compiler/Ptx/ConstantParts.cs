using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Writes an integer as a varying part plus a constant: (k + 3)·64 + t is (k·64 + t) + 192, modulo 2 to the
/// width.</summary>
/// <remarks>The varying part keeps the shape of the original and is computed right behind it, so that indices that differ by a
/// constant have equal varying parts in equal places. Whether the constant may really leave, with its wrapping, is the caller's
/// to know.</remarks>
internal sealed class ConstantParts
{
    private readonly Dictionary<Value, (Value? Varying, long Constant)> found = [];
    private readonly Dictionary<Instruction, List<Instruction>> behind = [];

    /// <summary>Takes a 32- or 64-bit integer apart.</summary>
    /// <returns>Without a varying part where all of it is constant. The constant is sign-extended from the value's
    /// width.</returns>
    public (Value? Varying, long Constant) Of(Value value)
    {
        if (value is Constant number) return (null, number.Bits);
        if (value is not Register { Definition: { } definition }) return (value, 0);
        if (found.TryGetValue(value, out (Value? Varying, long Constant) known)) return known;
        (Value? varying, long constant) = Take(value, definition);
        return found[value] = (varying, value.Type == IrType.Int32 ? (int)constant : constant);
    }

    /// <summary>The other operand and the number, for a product with a constant or a shift by one.</summary>
    public static (Value Value, long Factor)? Factor(Value value)
    {
        if (value is not Register { Definition: { } definition }) return null;
        return (definition.Opcode, definition.Operands) switch
        {
            (Opcode.Multiply, [var a, Constant b]) => (a, b.Bits),
            (Opcode.Multiply, [Constant a, var b]) => (b, a.Bits),
            (Opcode.ShiftLeft, [var a, Constant b]) => (a, 1L << (int)(b.Bits & (value.Type == IrType.Int64 ? 63 : 31))),
            _ => null,
        };
    }

    /// <summary>Puts the varying parts that were made into their blocks.</summary>
    public void Insert(Kernel kernel)
    {
        if (behind.Count == 0) return;
        foreach (Block block in kernel.Blocks)
        {
            List<Instruction> before = [.. block.Instructions];
            block.Instructions.Clear();
            foreach (Instruction instruction in before) Append(block.Instructions, instruction);
        }
    }

    private void Append(List<Instruction> output, Instruction instruction)
    {
        output.Add(instruction);
        if (!behind.TryGetValue(instruction, out List<Instruction>? followers)) return;
        foreach (Instruction follower in followers) Append(output, follower);
    }

    private (Value? Varying, long Constant) Take(Value value, Instruction definition)
    {
        if (Factor(value) is ({ } inner, long factor))
        {
            (Value? varying, long constant) = Of(inner);
            if (varying == inner) return (value, 0);
            varying = varying is null ? null : Emit(definition, Opcode.Multiply, value.Type, varying, Number(value.Type, factor));
            return (varying, constant * factor);
        }
        if (definition is { Opcode: Opcode.Convert, Payload: Conversion.Truncate })
        {
            (Value? varying, long constant) = Of(definition.Operands[0]);
            if (varying == definition.Operands[0]) return (value, 0);
            return (varying is null ? null : Emit(definition, Opcode.Convert, value.Type, varying), constant);
        }
        if (definition.Opcode is not (Opcode.Add or Opcode.Subtract)) return (value, 0);
        (Value? left, long leftConstant) = Of(definition.Operands[0]);
        (Value? right, long rightConstant) = Of(definition.Operands[1]);
        if (left == definition.Operands[0] && right == definition.Operands[1]) return (value, 0);
        bool minus = definition.Opcode == Opcode.Subtract;
        long sum = minus ? leftConstant - rightConstant : leftConstant + rightConstant;
        if (right is null) return (left, sum);
        if (left is null && !minus) return (right, sum);
        return (Emit(definition, definition.Opcode, value.Type, left ?? Number(value.Type, 0), right), sum);
    }

    private static Constant Number(IrType type, long bits) => new(type, type == IrType.Int32 ? (int)bits : bits);

    /// <summary>The same step as the one that it stands behind, on parts of its operands.</summary>
    private Register Emit(Instruction original, Opcode opcode, IrType type, params ReadOnlySpan<Value> operands)
    {
        Instruction twin = new(opcode, original.Payload, original.Location, operands);
        if (!behind.TryGetValue(original, out List<Instruction>? followers)) behind[original] = followers = [];
        followers.Add(twin);
        return twin.AddResult(type, original.Result.Name);
    }
}
