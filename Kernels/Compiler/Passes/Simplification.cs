using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Does what can be done while compiling: operations on constants, identities, phis of one value, branches on known conditions.</summary>
internal static class Simplification
{
    /// <summary>Repeats until nothing changes.</summary>
    public static void Run(Kernel kernel)
    {
        for (bool changed = true; changed;)
        {
            Dictionary<Register, Value> replaced = [];
            changed = Values(kernel, replaced);
            Replacement.Apply(kernel, replaced);
            if (ControlFlow.FoldBranches(kernel))
            {
                ControlFlow.RemoveUnreachable(kernel);
                changed = true;
            }
            replaced.Clear();
            changed |= ControlFlow.MergeChains(kernel, (register, value) => replaced[register] = value);
            Replacement.Apply(kernel, replaced);
            if (ControlFlow.SkipEmptyBlocks(kernel))
            {
                ControlFlow.RemoveUnreachable(kernel);
                changed = true;
            }
        }
    }

    private static bool Values(Kernel kernel, Dictionary<Register, Value> replaced)
    {
        bool changed = false;
        foreach (Block block in kernel.Blocks)
        {
            for (int p = block.Phis.Count - 1; p >= 0; p--)
            {
                if (OnlyValue(block.Phis[p], replaced) is not { } value) continue;
                replaced[block.Phis[p].Result] = value;
                block.Phis.RemoveAt(p);
                changed = true;
            }
            for (int i = 0; i < block.Instructions.Count; i++)
            {
                Instruction instruction = block.Instructions[i];
                for (int o = 0; o < instruction.Operands.Length; o++) instruction.Operands[o] = Replacement.Resolve(replaced, instruction.Operands[o]);
                if (instruction.Opcode is < Opcode.Add or > Opcode.PartAddress) continue;
                Value? simpler = ConstantFolding.Fold(instruction.Opcode, instruction.Result.Type, instruction.Payload, instruction.Operands)
                    ?? Identities.Apply(instruction, NewBefore);
                if (simpler is null) continue;
                if (simpler is Register { Name: null } register) register.Name = instruction.Result.Name;
                replaced[instruction.Result] = simpler;
                block.Instructions.RemoveAt(i--);
                changed = true;

                Register NewBefore(IrType type, Opcode opcode, object? payload, Value[] operands)
                {
                    Instruction made = new(opcode, payload, instruction.Location, operands);
                    block.Instructions.Insert(i++, made);
                    return made.AddResult(type);
                }
            }
        }
        return changed;
    }

    // The value of a phi all of whose inputs are one value or the phi itself.
    private static Value? OnlyValue(Phi phi, Dictionary<Register, Value> replaced)
    {
        Value? only = null;
        foreach (Value input in phi.Inputs)
        {
            Value value = Replacement.Resolve(replaced, input);
            if (value == phi.Result) continue;
            if (only is null) only = value;
            else if (only != value && !(only is Constant a && value is Constant b && a.Same(b))) return null;
        }
        return only;
    }
}
