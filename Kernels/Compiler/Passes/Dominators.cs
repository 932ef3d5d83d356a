using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Which block every way to a block leads through.</summary>
/// <remarks>Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, 2001. All blocks must be reachable.</remarks>
internal sealed class Dominators
{
    private readonly Block[] blocks;
    private readonly int[] immediate;
    private readonly List<Block>[] children;

    /// <summary>Of a kernel without unreachable blocks.</summary>
    public Dominators(Kernel kernel)
    {
        blocks = ReversePostorder(kernel.Blocks[0]);
        for (int i = 0; i < blocks.Length; i++) blocks[i].Order = i;
        immediate = new int[blocks.Length];
        Array.Fill(immediate, -1);
        immediate[0] = 0;
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int b = 1; b < blocks.Length; b++)
            {
                int found = -1;
                foreach (Block predecessor in blocks[b].Predecessors)
                {
                    int p = predecessor.Order;
                    if (immediate[p] < 0) continue;
                    found = found < 0 ? p : Intersect(p, found);
                }
                changed |= immediate[b] != found;
                immediate[b] = found;
            }
        }
        children = [.. blocks.Select(_ => new List<Block>())];
        for (int b = 1; b < blocks.Length; b++) children[immediate[b]].Add(blocks[b]);
    }

    /// <summary>The blocks, each after its dominators.</summary>
    public IReadOnlyList<Block> Order => blocks;

    /// <summary>The blocks that a block dominates at once.</summary>
    public IReadOnlyList<Block> Children(Block block) => children[block.Order];

    /// <summary>Whether every way to <paramref name="below"/> leads through <paramref name="above"/>; a block dominates
    /// itself.</summary>
    public bool Dominates(Block above, Block below)
    {
        int a = above.Order;
        int b = below.Order;
        while (b > a) b = immediate[b];
        return a == b;
    }

    /// <summary>For each block, by its <see cref="Block.Order"/>, the blocks where its dominance ends: a phi for what it defines
    /// may be needed there.</summary>
    public List<Block>?[] Frontiers()
    {
        List<Block>?[] frontiers = new List<Block>?[blocks.Length];
        foreach (Block block in blocks)
        {
            if (block.Predecessors.Count < 2) continue;
            int top = immediate[block.Order];
            foreach (Block predecessor in block.Predecessors)
                for (int runner = predecessor.Order; runner != top; runner = immediate[runner])
                {
                    List<Block> frontier = frontiers[runner] ??= [];
                    if (frontier.Count == 0 || frontier[^1] != block) frontier.Add(block);
                    if (runner == 0) break;
                }
        }
        return frontiers;
    }

    /// <summary>Blocks reachable from one, each before those that only it leads to.</summary>
    public static Block[] ReversePostorder(Block entry)
    {
        List<Block> postorder = [];
        HashSet<Block> seen = [entry];
        Stack<(Block Block, int Next)> stack = new();
        stack.Push((entry, 0));
        while (stack.TryPop(out (Block Block, int Next) top))
        {
            if (top.Next < top.Block.Successors.Count)
            {
                stack.Push((top.Block, top.Next + 1));
                Block successor = top.Block.Successors[top.Next];
                if (seen.Add(successor)) stack.Push((successor, 0));
            }
            else postorder.Add(top.Block);
        }
        postorder.Reverse();
        return [.. postorder];
    }

    private int Intersect(int a, int b)
    {
        while (a != b)
        {
            while (a > b) a = immediate[a];
            while (b > a) b = immediate[b];
        }
        return a;
    }
}
