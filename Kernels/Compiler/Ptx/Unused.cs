using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Removes what nothing uses.</summary>
internal static class Unused
{
    /// <summary>Changes the kernel in place: keeps what has an effect and what that needs, in turn.</summary>
    public static void Remove(Kernel kernel)
    {
        HashSet<Value> used = [];
        Stack<Register> open = [];
        void Use(Value value)
        {
            if (value is Register register && used.Add(register)) open.Push(register);
        }
        foreach (Instruction instruction in kernel.Blocks.SelectMany(b => b.Instructions))
            if (!CanGo(instruction))
                foreach (Value operand in instruction.Operands) Use(operand);
        while (open.TryPop(out Register? register))
        {
            foreach (Value operand in register.Definition?.Operands ?? []) Use(operand);
            foreach (Value input in register.Phi?.Inputs ?? []) Use(input);
        }
        foreach (Block block in kernel.Blocks)
        {
            block.Phis.RemoveAll(p => !used.Contains(p.Result));
            block.Instructions.RemoveAll(i => CanGo(i) && !Array.Exists(i.Results, used.Contains));
        }
    }

    private static bool CanGo(Instruction instruction) => instruction.IsPure || instruction.Opcode == Opcode.Load;
}
