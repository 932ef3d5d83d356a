using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Puts values in the place of registers.</summary>
internal static class Replacement
{
    /// <summary>What a value has become, at the end of the chain.</summary>
    public static Value Resolve(Value value)
    {
        while (value is Register { Replacement: { } next }) value = next;
        return value;
    }

    /// <summary>Resolves in place.</summary>
    public static void Resolve(Value[] values)
    {
        for (int i = 0; i < values.Length; i++)
            if (values[i] is Register { Replacement: not null } register) values[i] = Resolve(register);
    }

    /// <summary>Replaces operands and phi inputs everywhere.</summary>
    public static void Apply(Kernel kernel)
    {
        foreach (Block block in kernel.Blocks)
        {
            foreach (Phi phi in block.Phis)
                for (int i = 0; i < phi.Inputs.Count; i++) phi.Inputs[i] = Resolve(phi.Inputs[i]);
            foreach (Instruction instruction in block.Instructions) Resolve(instruction.Operands);
        }
    }

    /// <summary>What a value has become by a pass that keeps replacements of its own.</summary>
    public static Value Resolve(Dictionary<Register, Value> replaced, Value value)
    {
        while (value is Register register && replaced.TryGetValue(register, out Value? next)) value = next;
        return value;
    }

    /// <summary>Replaces operands and phi inputs everywhere by a pass's own replacements.</summary>
    public static void Apply(Kernel kernel, Dictionary<Register, Value> replaced)
    {
        foreach ((Register register, Value value) in replaced) register.Replacement = value;
        Apply(kernel);
    }
}
