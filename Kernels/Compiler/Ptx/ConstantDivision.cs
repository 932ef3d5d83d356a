using System.Numerics;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Division by a constant without dividing. The assembler would make some twenty instructions of it, whatever the
/// constant.</summary>
/// <remarks>
/// By 2ᵏ: a shift, after adding 2ᵏ − 1 to a negative number, so that it rounds towards zero; the remainder is what is left.
/// By another d, 2ˡ⁻¹ &lt; d &lt; 2ˡ, for 32 bits: q = ⌊a·M / 2³¹⁺ˡ⌋ with M = ⌈2³¹⁺ˡ/d⌉ &lt; 2³², exact for 0 ≤ a &lt; 2³¹ since
/// 0 &lt; M·d − 2³¹⁺ˡ &lt; d (Granlund and Montgomery 1994, theorem 4.2); for −2³¹ ≤ a &lt; 0 the floor is one too low, also
/// where d divides a.
/// Ranges of indices say where a number cannot be negative. Unsigned numbers from 2³¹ on, 64-bit numbers and negative divisors
/// are left to the assembler, unless a shift does.
/// </remarks>
internal sealed class ConstantDivision
{
    private readonly ValueRanges ranges = new();
    private List<Instruction> output = [];
    private Instruction current = null!;

    private ConstantDivision()
    {
    }

    /// <summary>Changes the kernel in place.</summary>
    public static void Run(Kernel kernel)
    {
        ConstantDivision pass = new();
        foreach (Block block in kernel.Blocks)
        {
            pass.output = [];
            foreach (Instruction instruction in block.Instructions)
                if (!pass.Replace(instruction)) pass.output.Add(instruction);
            block.Instructions.Clear();
            block.Instructions.AddRange(pass.output);
        }
        Passes.Replacement.Apply(kernel);
    }

    private bool Replace(Instruction instruction)
    {
        bool signed = instruction.Opcode is Opcode.Divide or Opcode.Remainder;
        if (!signed && instruction.Opcode is not (Opcode.DivideUnsigned or Opcode.RemainderUnsigned)) return false;
        if (instruction.Result.Type.IsFloat()) return false;
        if (instruction.Operands[1] is not Constant { Bits: > 0 and var divisor }) return false;
        current = instruction;
        Value a = instruction.Operands[0];
        bool is32 = a.Type == IrType.Int32;
        bool natural = is32 && ranges.Of(a).Low >= 0;
        Value quotient;
        if (BitOperations.IsPow2(divisor)) quotient = Shifted(a, BitOperations.Log2((ulong)divisor), signed && !natural);
        else if (is32 && (signed || natural)) quotient = Multiplied(a, divisor, natural);
        else return false;
        if (instruction.Opcode is Opcode.Divide or Opcode.DivideUnsigned)
            instruction.Result.Replacement = Named(quotient);
        else if (BitOperations.IsPow2(divisor) && (!signed || natural))
            instruction.Result.Replacement = Named(Emit(Opcode.And, a, Number(divisor - 1)));
        else
            instruction.Result.Replacement = Named(Emit(Opcode.Subtract, a, Emit(Opcode.Multiply, quotient, Number(divisor))));
        return true;
    }

    private Value Shifted(Value a, int by, bool canBeNegative)
    {
        if (by == 0) return a;
        if (!canBeNegative) return Emit(Opcode.ShiftRightUnsigned, a, Constant.Of(by));
        int bits = a.Type == IrType.Int64 ? 64 : 32;
        Value sign = Emit(Opcode.ShiftRight, a, Constant.Of(bits - 1));
        Value roundUp = Emit(Opcode.ShiftRightUnsigned, sign, Constant.Of(bits - by));
        return Emit(Opcode.ShiftRight, Emit(Opcode.Add, a, roundUp), Constant.Of(by));
    }

    private Value Multiplied(Value a, long divisor, bool natural)
    {
        int l = BitOperations.Log2((ulong)divisor) + 1;
        long m = (long)(((UInt128.One << (31 + l)) + (ulong)divisor - 1) / (ulong)divisor);
        Value wide = Emit(Opcode.Convert, IrType.Int64, natural ? Conversion.Unsigned : Conversion.Signed, a);
        Value product = Emit(Opcode.Multiply, wide, Constant.Of(m));
        Value floor = Emit(natural ? Opcode.ShiftRightUnsigned : Opcode.ShiftRight, product, Constant.Of(31 + l));
        Value quotient = Emit(Opcode.Convert, IrType.Int32, Conversion.Truncate, floor);
        return natural ? quotient : Emit(Opcode.Subtract, quotient, Emit(Opcode.ShiftRight, a, Constant.Of(31)));
    }

    private Constant Number(long value) => new(current.Result.Type, value);

    private Value Named(Value value)
    {
        if (value is Register register) register.Name ??= current.Result.Name;
        return value;
    }

    private Register Emit(Opcode opcode, params ReadOnlySpan<Value> operands) => Emit(opcode, operands[0].Type, null, operands);

    private Register Emit(Opcode opcode, IrType type, object? payload, params ReadOnlySpan<Value> operands)
    {
        Instruction instruction = new(opcode, payload, current.Location, operands);
        output.Add(instruction);
        return instruction.AddResult(type);
    }
}
