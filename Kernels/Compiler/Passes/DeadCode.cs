using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Removes instructions and phis whose results nothing uses and that do nothing else.</summary>
/// <remarks>A load goes too: reading has no effect. Arrays that no instruction names are forgotten.</remarks>
internal static class DeadCode
{
    /// <summary>Removes them.</summary>
    public static bool Run(Kernel kernel)
    {
        HashSet<Register> used = [];
        Stack<Register> work = new();
        foreach (Block block in kernel.Blocks)
            foreach (Instruction instruction in block.Instructions)
                if (!Removable(instruction)) Use(instruction.Operands);
        while (work.TryPop(out Register? register))
        {
            if (register.Definition is { } definition) Use(definition.Operands);
            else if (register.Phi is { } phi) Use(phi.Inputs);
        }
        int removed = 0;
        foreach (Block block in kernel.Blocks)
        {
            removed += block.Phis.RemoveAll(p => !used.Contains(p.Result));
            removed += block.Instructions.RemoveAll(i => Removable(i) && !i.Results.Any(used.Contains));
        }
        HashSet<object?> arrays = [.. kernel.Blocks.SelectMany(b => b.Instructions).Where(i => i.Opcode == Opcode.ArrayAddress).Select(i => i.Payload)];
        kernel.Arrays.RemoveAll(a => !arrays.Contains(a));
        return removed > 0;

        void Use(IEnumerable<Value> values)
        {
            foreach (Value value in values)
                if (value is Register register && used.Add(register)) work.Push(register);
        }
    }

    private static bool Removable(Instruction instruction) => instruction.IsPure || instruction.Opcode is Opcode.Load or Opcode.LoadVariable;
}
