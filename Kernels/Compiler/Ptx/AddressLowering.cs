using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Passes;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Addresses of elements become additions: pointer + index · size, with what is constant put last.</summary>
/// <remarks>
/// <see cref="Opcode.ElementAddress"/> and <see cref="Opcode.PartAddress"/> become <see cref="Opcode.AddressAdd"/> of what varies
/// and one <see cref="Opcode.AddressOffset"/> of what is constant, which the printer writes into the access: <c>[%p + 16]</c>.
/// The accesses of an unrolled loop then share one address, once common subexpressions are one; view lengths, if used for nothing
/// else, are dead.
///
/// When a constant may leave the index:
/// - Shared and local memory have 32-bit addresses. Sum, product and address are all computed modulo 2³², so every constant part
///   may go.
/// - A 64-bit index into global memory: the same modulo 2⁶⁴.
/// - A 32-bit index i = j + c (mod 2³²) into global memory, where the address adds the sign-extended index: the index is one of
///   0 … length − 1, so 0 ≤ i &lt; 2³¹. With 0 ≤ c &lt; 2³¹ then −2³¹ &lt; i − c &lt; 2³¹, so j read as a signed number is
///   exactly i − c, whatever wrapped while j was computed, and base + size·j + size·c is the address. With c &lt; 0, i − c may
///   lie beyond 2³¹: the index stays as it is. An index that was widened to 64 bits with its sign just before is such a 32-bit
///   index. The same holds for the offset of a part, which lies in 0 … length.
/// An index outside its view has no such excuse, but then the program has no meaning either: the checker stops there.
/// </remarks>
internal sealed class AddressLowering
{
    private readonly ConstantParts parts = new();
    private readonly Dictionary<Value, (Value Base, long Offset)> known = [];
    private List<Instruction> output = [];
    private SourceLocation? location;

    private AddressLowering()
    {
    }

    /// <summary>Changes the kernel in place.</summary>
    public static void Run(Kernel kernel)
    {
        AddressLowering pass = new();
        foreach (Block block in Dominators.ReversePostorder(kernel.Blocks[0])) pass.Lower(block);
        pass.parts.Insert(kernel);
        Replacement.Apply(kernel);
    }

    private void Lower(Block block)
    {
        List<Instruction> before = [.. block.Instructions];
        output = block.Instructions;
        output.Clear();
        foreach (Instruction instruction in before)
        {
            location = instruction.Location;
            switch (instruction.Opcode)
            {
                case Opcode.ElementAddress or Opcode.PartAddress:
                    Element(instruction, (int)instruction.Payload!);
                    break;
                case Opcode.AddressOffset:
                    (Value origin, long offset) = Split(instruction.Operands[0]);
                    Replace(instruction.Result, origin, offset + (int)instruction.Payload!);
                    break;
                default:
                    output.Add(instruction);
                    break;
            }
        }
    }

    private void Element(Instruction instruction, int size)
    {
        (Value origin, long offset) = Split(instruction.Operands[0]);
        Value index = instruction.Operands[1];
        bool global = origin.Type == IrType.GlobalPointer;
        Value? varying;
        long constant;
        if (!global)
        {
            (varying, constant) = parts.Of(Narrow(index));
            constant = (int)(constant * size);
            varying = varying is null ? null : Scaled(varying, size);
        }
        else
        {
            if (index is Register { Definition: { Opcode: Opcode.Convert, Payload: Conversion.Signed } widening })
                index = widening.Operands[0];
            (varying, constant) = parts.Of(index);
            if (index.Type == IrType.Int32 && constant < 0 && varying is not null) (varying, constant) = (index, 0);
            constant *= size;
            if (varying is { Type: IrType.Int32 }) varying = Emit(Opcode.Convert, Conversion.Signed, IrType.Int64, varying);
            if (varying is not null && size != 1)
                varying = Emit(Opcode.Multiply, null, IrType.Int64, varying, Constant.Of((long)size));
        }
        if (varying is not null) origin = Emit(Opcode.AddressAdd, null, origin.Type, origin, varying);
        Replace(instruction.Result, origin, offset + constant);
    }

    /// <summary>A pointer as another one and the constant that is added to it.</summary>
    private (Value Base, long Offset) Split(Value pointer)
    {
        pointer = Replacement.Resolve(pointer);
        return known.TryGetValue(pointer, out (Value, long) split) ? split : (pointer, 0);
    }

    /// <summary>The address becomes base + offset. PTX takes 32 bits of constant; a larger one is added like any other
    /// number.</summary>
    private void Replace(Register address, Value origin, long offset)
    {
        if (origin.Type != IrType.GlobalPointer) offset = (int)offset;
        if (offset != (int)offset)
            (origin, offset) = (Emit(Opcode.AddressAdd, null, origin.Type, origin, Constant.Of(offset)), 0);
        Value result = offset == 0 ? origin : Emit(Opcode.AddressOffset, (int)offset, origin.Type, origin);
        if (result is Register register) register.Name ??= address.Name;
        known[result] = (origin, offset);
        address.Replacement = result;
    }

    /// <summary>The lower half of an index, taken from its 32-bit source where it has one.</summary>
    private Value Narrow(Value index) => index switch
    {
        { Type: IrType.Int32 } => index,
        Constant constant => Constant.Of((int)constant.Bits),
        Register { Definition: { Opcode: Opcode.Convert, Payload: Conversion.Signed or Conversion.Unsigned } widening } =>
            widening.Operands[0],
        _ => Emit(Opcode.Convert, Conversion.Truncate, IrType.Int32, index),
    };

    /// <summary>A 32-bit number times a constant, modulo 2³²; two constant factors become one.</summary>
    private Value Scaled(Value value, int size)
    {
        if (ConstantParts.Factor(value) is ({ } inner, long factor)) (value, size) = (inner, (int)(factor * size));
        if (size == 1) return value;
        return int.IsPow2(size)
            ? Emit(Opcode.ShiftLeft, null, IrType.Int32, value, Constant.Of(int.Log2(size)))
            : Emit(Opcode.Multiply, null, IrType.Int32, value, Constant.Of(size));
    }

    private Register Emit(Opcode opcode, object? payload, IrType type, params ReadOnlySpan<Value> operands)
    {
        Instruction instruction = new(opcode, payload, location, operands);
        output.Add(instruction);
        return instruction.AddResult(type);
    }
}
