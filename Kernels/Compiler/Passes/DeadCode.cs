using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Removes instructions and phis whose results nothing uses and that do nothing else.</summary>
/// <remarks>A load goes too: reading has no effect. Arrays that no instruction names are forgotten.</remarks>
internal static class DeadCode
{
    private const int Used = 1;

    /// <summary>Removes them.</summary>
    public static void Run(Kernel kernel)
    {
        foreach (Block block in kernel.Blocks)
        {
            foreach (Phi phi in block.Phis) phi.Result.Mark = 0;
            foreach (Instruction instruction in block.Instructions)
                foreach (Register result in instruction.Results) result.Mark = 0;
        }
        Stack<Register> work = new();
        foreach (Block block in kernel.Blocks)
            foreach (Instruction instruction in block.Instructions)
                if (!Removable(instruction))
                    foreach (Value operand in instruction.Operands) Use(operand, work);
        while (work.TryPop(out Register? register))
        {
            if (register.Definition is { } definition)
                foreach (Value operand in definition.Operands) Use(operand, work);
            else if (register.Phi is { } phi)
                foreach (Value input in phi.Inputs) Use(input, work);
        }
        HashSet<MemoryArray> arrays = [];
        foreach (Block block in kernel.Blocks)
        {
            block.Phis.RemoveAll(p => p.Result.Mark != Used);
            block.Instructions.RemoveAll(Unused);
            foreach (Instruction instruction in block.Instructions)
                if (instruction.Opcode == Opcode.ArrayAddress) arrays.Add((MemoryArray)instruction.Payload!);
        }
        kernel.Arrays.RemoveAll(a => !arrays.Contains(a));
    }

    private static void Use(Value value, Stack<Register> work)
    {
        if (value is not Register { Mark: not Used } register) return;
        register.Mark = Used;
        work.Push(register);
    }

    private static bool Unused(Instruction instruction)
    {
        if (!Removable(instruction)) return false;
        foreach (Register result in instruction.Results)
            if (result.Mark == Used) return false;
        return true;
    }

    private static bool Removable(Instruction instruction) =>
        instruction.IsPure || instruction.Opcode is Opcode.Load or Opcode.LoadVariable;
}
