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
        Rewriter rewriter = new();
        for (int b = 0; b < kernel.Blocks.Count; b++)
        {
            Block block = kernel.Blocks[b];
            block.Order = b;
            if (block.Phis.RemoveAll(phi => (phi.Result.Replacement = OnlyValue(phi)) is not null) > 0) changed = true;
            changed |= rewriter.Rewrite(block);
        }
        if (!changed) return false;
        Replacement.Apply(kernel);
        foreach (Block block in kernel.Blocks)
            foreach (Block next in block.Successors)
                if (next.Order <= block.Order) return true;
        return false;
    }

    /// <summary>Writes the instructions of a block anew.</summary>
    private sealed class Rewriter
    {
        private readonly NewInstruction make;
        private readonly List<Instruction> kept = [];
        private SourceLocation? location;

        public Rewriter() => make = Make;

        /// <returns>Whether one became something else.</returns>
        public bool Rewrite(Block block)
        {
            kept.Clear();
            bool changed = false;
            foreach (Instruction instruction in block.Instructions)
            {
                Replacement.Resolve(instruction.Operands);
                location = instruction.Location;
                if (instruction.Opcode is >= Opcode.Add and <= Opcode.PartAddress && Simpler(instruction) is { } simpler)
                {
                    if (simpler is Register { Name: null } register) register.Name = instruction.Result.Name;
                    instruction.Result.Replacement = simpler;
                    changed = true;
                }
                else kept.Add(instruction);
            }
            if (!changed) return false;
            block.Instructions.Clear();
            block.Instructions.AddRange(kept);
            return true;
        }

        private Value? Simpler(Instruction instruction) =>
            ConstantFolding.Fold(instruction.Opcode, instruction.Result.Type, instruction.Payload, instruction.Operands) ?? Identities.Apply(instruction, make);

        // What an instruction takes comes before it, itself as simple as can be.
        private Value Make(IrType type, Opcode opcode, object? payload, ReadOnlySpan<Value> operands)
        {
            Instruction made = new(opcode, payload, location, operands);
            Register result = made.AddResult(type);
            if (Simpler(made) is { } simpler) return simpler;
            kept.Add(made);
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
