using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>One assignment: the target takes the source's value.</summary>
internal readonly record struct Move(Register Target, Value Source);

/// <summary>Leaves SSA form: phis become moves at the end of the predecessors.</summary>
/// <remarks>
/// The phis of a block happen all at once, on the edge. So
/// - an edge from a block with several ways out gets a block of its own: otherwise the moves would happen on the other ways too,
///   where the phi's old value may still be needed (the lost copy);
/// - the moves of one edge are put in an order in which no source is overwritten before it is read, with one more register where
///   they go round in a circle (the swap). Sreedhar et al. 1999 describe both problems.
/// </remarks>
internal static class PhiMoves
{
    /// <summary>Splits edges of the kernel, in place, and returns the moves that each block ends with, before its terminator.
    /// Phis stay, as declarations. An undefined input needs no move.</summary>
    public static Dictionary<Block, List<Move>> Place(Kernel kernel)
    {
        Dictionary<Block, List<Move>> result = [];
        List<Block> order = [];
        foreach (Block block in kernel.Blocks)
        {
            order.Add(block);
            for (int way = 0; way < block.Successors.Count; way++)
            {
                Block next = block.Successors[way];
                if (next.Phis.Count == 0) continue;
                int edge = EdgeInto(next, block, way);
                List<Move> moves = [.. next.Phis.Where(p => p.Inputs[edge] is not Undefined && p.Inputs[edge] != p.Result)
                    .Select(p => new Move(p.Result, p.Inputs[edge]))];
                if (moves.Count == 0) continue;
                Block carrier = block;
                if (block.Successors.Count > 1) order.Add(carrier = Split(block, way, next, edge));
                result[carrier] = InSequence(moves);
            }
        }
        kernel.Blocks.Clear();
        kernel.Blocks.AddRange(order);
        return result;
    }

    /// <summary>The same assignments one after the other, for moves that are meant to happen at once; targets are
    /// distinct.</summary>
    public static List<Move> InSequence(IReadOnlyCollection<Move> parallel)
    {
        List<Move> result = [];
        List<Move> waiting = [.. parallel.Where(m => m.Source != m.Target)];
        while (waiting.Count > 0)
        {
            int free = waiting.FindIndex(m => !waiting.Exists(other => other.Source == m.Target));
            if (free >= 0)
            {
                result.Add(waiting[free]);
                waiting.RemoveAt(free);
                continue;
            }
            // Only circles are left. Saving one target's old value opens its circle.
            Register target = waiting[0].Target;
            Register saved = new(target.Type) { Name = "swap" };
            result.Add(new Move(saved, target));
            for (int i = 0; i < waiting.Count; i++)
                if (waiting[i].Source == target) waiting[i] = waiting[i] with { Source = saved };
        }
        return result;
    }

    /// <summary>The entry of next.Predecessors that is the given way out of the block; both ways of a branch can lead to one
    /// block.</summary>
    private static int EdgeInto(Block next, Block block, int way)
    {
        int same = 0;
        for (int earlier = 0; earlier < way; earlier++)
            if (block.Successors[earlier] == next) same++;
        // Ways already split are no longer the block's own, neither here nor there, so the count stays right.
        int edge = -1;
        for (int i = 0; i <= same; i++) edge = next.Predecessors.IndexOf(block, edge + 1);
        return edge;
    }

    private static Block Split(Block block, int way, Block next, int edge)
    {
        Block between = new();
        between.Instructions.Add(new Instruction(Opcode.Branch, null, block.Terminator.Location));
        between.Predecessors.Add(block);
        between.Successors.Add(next);
        block.Successors[way] = between;
        next.Predecessors[edge] = between;
        return between;
    }
}
