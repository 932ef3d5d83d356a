using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Puts values in the place of registers.</summary>
internal static class Replacement
{
    /// <summary>What a value has become, at the end of the chain.</summary>
    public static Value Resolve(Dictionary<Register, Value> replaced, Value value)
    {
        while (value is Register register && replaced.TryGetValue(register, out Value? next)) value = next;
        return value;
    }

    /// <summary>Replaces operands and phi inputs everywhere.</summary>
    public static void Apply(Kernel kernel, Dictionary<Register, Value> replaced)
    {
        if (replaced.Count == 0) return;
        foreach (Block block in kernel.Blocks)
        {
            foreach (Phi phi in block.Phis)
                for (int i = 0; i < phi.Inputs.Count; i++) phi.Inputs[i] = Resolve(replaced, phi.Inputs[i]);
            foreach (Instruction instruction in block.Instructions)
                for (int i = 0; i < instruction.Operands.Length; i++) instruction.Operands[i] = Resolve(replaced, instruction.Operands[i]);
        }
    }
}
