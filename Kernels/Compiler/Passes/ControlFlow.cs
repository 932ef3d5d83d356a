using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Changes of the graph of blocks.</summary>
internal static class ControlFlow
{
    /// <summary>Removes blocks that control cannot reach and puts the others in reverse postorder.</summary>
    public static void RemoveUnreachable(Kernel kernel)
    {
        Block[] order = Dominators.ReversePostorder(kernel.Blocks[0]);
        HashSet<Block> reachable = [.. order];
        foreach (Block block in order)
            for (int p = block.Predecessors.Count - 1; p >= 0; p--)
                if (!reachable.Contains(block.Predecessors[p])) RemovePredecessor(block, p);
        kernel.Blocks.Clear();
        kernel.Blocks.AddRange(order);
    }

    /// <summary>Turns branches on known conditions into plain ones. Blocks may become unreachable.</summary>
    public static bool FoldBranches(Kernel kernel)
    {
        bool changed = false;
        foreach (Block block in kernel.Blocks)
        {
            if (block.Terminator is not { Opcode: Opcode.ConditionalBranch } branch) continue;
            bool same = block.Successors[0] == block.Successors[1] && block.Successors[0].Phis.Count == 0;
            if (!same && branch.Operands[0] is not Constant) continue;
            int dropped = !same && ((Constant)branch.Operands[0]).Bits == 0 ? 0 : 1;
            Block target = block.Successors[dropped];
            // Of two edges between the same blocks the later entry belongs to the later successor.
            int entry = dropped == 1 ? target.Predecessors.LastIndexOf(block) : target.Predecessors.IndexOf(block);
            RemovePredecessor(target, entry);
            block.Successors.RemoveAt(dropped);
            block.Instructions[^1] = new Instruction(Opcode.Branch, null, branch.Location);
            changed = true;
        }
        return changed;
    }

    /// <summary>Joins a block with its only successor where that has no other predecessor. Phis are to be replaced
    /// then.</summary>
    public static bool MergeChains(Kernel kernel)
    {
        bool changed = false;
        HashSet<Block> gone = [];
        foreach (Block block in kernel.Blocks)
        {
            if (gone.Contains(block)) continue;
            while (block.Successors is [var next] && next.Predecessors.Count == 1 && next != block)
            {
                foreach (Phi phi in next.Phis) phi.Result.Replacement = Replacement.Resolve(phi.Inputs[0]);
                block.Instructions.RemoveAt(block.Instructions.Count - 1);
                block.Instructions.AddRange(next.Instructions);
                block.Successors.Clear();
                block.Successors.AddRange(next.Successors);
                foreach (Block after in next.Successors)
                    for (int p = 0; p < after.Predecessors.Count; p++)
                        if (after.Predecessors[p] == next) after.Predecessors[p] = block;
                gone.Add(next);
                changed = true;
            }
        }
        if (changed) kernel.Blocks.RemoveAll(gone.Contains);
        return changed;
    }

    /// <summary>Lets branches to a block that only branches on go there at once, where no phi tells the two ways apart.</summary>
    public static bool SkipEmptyBlocks(Kernel kernel)
    {
        bool changed = false;
        foreach (Block empty in kernel.Blocks)
        {
            if (empty == kernel.Blocks[0] || empty.Phis.Count > 0 || empty.Instructions.Count != 1
                || empty.Successors is not [var target]) continue;
            if (target == empty || target.Phis.Count > 0 || empty.Predecessors.Count == 0) continue;
            target.Predecessors.RemoveAt(target.Predecessors.IndexOf(empty));
            foreach (Block predecessor in empty.Predecessors)
            {
                predecessor.Successors[predecessor.Successors.IndexOf(empty)] = target;
                target.Predecessors.Add(predecessor);
            }
            empty.Predecessors.Clear();
            empty.Successors.Clear();
            empty.Instructions[^1] = new Instruction(Opcode.Return, null, empty.Terminator.Location);
            changed = true;
        }
        return changed;
    }

    /// <summary>Removes an edge from the block's side, with the phis' inputs.</summary>
    public static void RemovePredecessor(Block block, int index)
    {
        block.Predecessors.RemoveAt(index);
        foreach (Phi phi in block.Phis) phi.Inputs.RemoveAt(index);
    }
}
