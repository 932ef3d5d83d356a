using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>a·b + c becomes one instruction with one rounding where nothing else uses the product.</summary>
/// <remarks>Differs from C#, which rounds twice; it is what the hardware does at no cost, more accurate, and what the checker runs.</remarks>
internal static class FusedMultiplyAdd
{
    /// <summary>Fuses them; the products become dead code.</summary>
    /// <returns>Whether it took factors or addends with the opposite sign, of which equal ones may have been made.</returns>
    public static bool Run(Kernel kernel)
    {
        bool negated = false;
        CountUses(kernel);
        foreach (Block block in kernel.Blocks)
            for (int i = 0; i < block.Instructions.Count; i++)
            {
                Instruction sum = block.Instructions[i];
                if (sum.Opcode is not (Opcode.Add or Opcode.Subtract) || !sum.Result.Type.IsFloat()) continue;
                int before = block.Instructions.Count;
                if (Product(sum.Operands[1]) is { } right)
                {
                    Value factor = sum.Opcode == Opcode.Add ? right.Operands[0] : Negated(right.Operands[0], sum, block.Instructions, ref i);
                    Fuse(block.Instructions, i, sum, factor, right.Operands[1], sum.Operands[0]);
                }
                else if (Product(sum.Operands[0]) is { } left)
                {
                    Value addend = sum.Opcode == Opcode.Add ? sum.Operands[1] : Negated(sum.Operands[1], sum, block.Instructions, ref i);
                    Fuse(block.Instructions, i, sum, left.Operands[0], left.Operands[1], addend);
                }
                negated |= block.Instructions.Count > before;
            }
        Replacement.Apply(kernel);
        return negated;
    }

    // Leaves the number of uses in the registers' marks.
    private static void CountUses(Kernel kernel)
    {
        foreach (Block block in kernel.Blocks)
        {
            foreach (Phi phi in block.Phis) phi.Result.Mark = 0;
            foreach (Instruction instruction in block.Instructions)
                foreach (Register result in instruction.Results) result.Mark = 0;
        }
        foreach (Block block in kernel.Blocks)
        {
            foreach (Phi phi in block.Phis)
                foreach (Value input in phi.Inputs)
                    if (input is Register register) register.Mark++;
            foreach (Instruction instruction in block.Instructions)
                foreach (Value operand in instruction.Operands)
                    if (operand is Register register) register.Mark++;
        }
    }

    private static Instruction? Product(Value value) => value is Register { Mark: 1, Definition: { Opcode: Opcode.Multiply } product } ? product : null;

    private static void Fuse(List<Instruction> instructions, int at, Instruction sum, Value a, Value b, Value c)
    {
        Instruction fused = new(Opcode.FusedMultiplyAdd, null, sum.Location, a, b, c);
        sum.Result.Replacement = fused.AddResult(sum.Result.Type, sum.Result.Name);
        instructions[at] = fused;
    }

    private static Value Negated(Value value, Instruction sum, List<Instruction> instructions, ref int at)
    {
        if (ConstantFolding.Fold(Opcode.Negate, value.Type, null, [value]) is { } constant) return constant;
        Instruction negate = new(Opcode.Negate, null, sum.Location, value);
        instructions.Insert(at++, negate);
        return negate.AddResult(value.Type);
    }
}
