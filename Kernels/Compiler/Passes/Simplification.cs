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
            changed = Values(kernel);
            if (ControlFlow.FoldBranches(kernel))
            {
                ControlFlow.RemoveUnreachable(kernel);
                changed = true;
            }
            if (ControlFlow.MergeChains(kernel))
            {
                Replacement.Apply(kernel);
                changed = true;
            }
            if (ControlFlow.SkipEmptyBlocks(kernel))
            {
                ControlFlow.RemoveUnreachable(kernel);
                changed = true;
            }
        }
    }

    // One sweep; what an instruction becomes is seen by all behind it. Whether another sweep may find more: where a loop leads back.
    private static bool Values(Kernel kernel)
    {
        bool changed = false;
        List<Instruction> kept = [];
        for (int b = 0; b < kernel.Blocks.Count; b++)
        {
            Block block = kernel.Blocks[b];
            block.Order = b;
            if (block.Phis.RemoveAll(phi => (phi.Result.Replacement = OnlyValue(phi)) is not null) > 0) changed = true;
            kept.Clear();
            int before = block.Instructions.Count;
            bool same = true;
            for (int i = 0; i < before; i++)
            {
                Instruction instruction = block.Instructions[i];
                Replacement.Resolve(instruction.Operands);
                if (instruction.Opcode is >= Opcode.Add and <= Opcode.PartAddress && Simpler(instruction, kept) is { } simpler)
                {
                    if (simpler is Register { Name: null } register) register.Name = instruction.Result.Name;
                    instruction.Result.Replacement = simpler;
                    same = false;
                }
                else kept.Add(instruction);
            }
            if (same) continue;
            changed = true;
            block.Instructions.Clear();
            block.Instructions.AddRange(kept);
        }
        if (!changed) return false;
        Replacement.Apply(kernel);
        foreach (Block block in kernel.Blocks)
            foreach (Block next in block.Successors)
                if (next.Order <= block.Order) return true;
        return false;
    }

    // What an instruction's result is; instructions that it takes are added to those that come before it.
    private static Value? Simpler(Instruction instruction, List<Instruction> before)
    {
        return ConstantFolding.Fold(instruction.Opcode, instruction.Result.Type, instruction.Payload, instruction.Operands) ?? Identities.Apply(instruction, Make);

        Value Make(IrType type, Opcode opcode, object? payload, ReadOnlySpan<Value> operands)
        {
            Instruction made = new(opcode, payload, instruction.Location, operands);
            Register result = made.AddResult(type);
            if (Simpler(made, before) is { } simpler) return simpler;
            before.Add(made);
            return result;
        }
    }

    // The value of a phi all of whose inputs are one value or the phi itself.
    private static Value? OnlyValue(Phi phi)
    {
        Value? only = null;
        foreach (Value input in phi.Inputs)
        {
            Value value = Replacement.Resolve(input);
            if (value == phi.Result) continue;
            if (only is null) only = value;
            else if (only != value && !(only is Constant a && value is Constant b && a.Same(b)) && !(only is Undefined && value is Undefined)) return null;
        }
        return only;
    }
}
