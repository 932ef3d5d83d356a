using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>A natural loop: a header that dominates the blocks from which control comes back to it.</summary>
internal sealed class Loop(Block header)
{
    /// <summary>The only way in.</summary>
    public Block Header { get; } = header;

    /// <summary>All blocks, the header among them.</summary>
    public HashSet<Block> Blocks { get; } = [header];

    /// <summary>Number of instructions.</summary>
    public int Size => Blocks.Sum(b => b.Instructions.Count);

    /// <summary>All loops of a kernel, smaller ones first, so that an inner loop comes before those around it.</summary>
    public static List<Loop> Find(Kernel kernel, Dominators dominators)
    {
        Dictionary<Block, Loop> loops = [];
        foreach (Block latch in kernel.Blocks)
            foreach (Block header in latch.Successors)
            {
                if (!dominators.Dominates(header, latch)) continue;
                if (!loops.TryGetValue(header, out Loop? loop)) loops[header] = loop = new Loop(header);
                Stack<Block> work = new([latch]);
                while (work.TryPop(out Block? block))
                {
                    if (!loop.Blocks.Add(block)) continue;
                    foreach (Block predecessor in block.Predecessors) work.Push(predecessor);
                }
            }
        return [.. loops.Values.OrderBy(l => l.Blocks.Count).ThenBy(l => l.Size)];
    }
}
