using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Where threads that part at a branch meet again: the nearest block that every way from there to the end goes
/// through.</summary>
internal static class PostDominators
{
    /// <summary>No block: the ways meet only at the end of the kernel, or never end.</summary>
    internal const int Exit = -1;

    /// <summary>The immediate post-dominator of every block.</summary>
    /// <remarks>Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm", 2001, on the reversed graph with one exit added
    /// behind all returns; irreducible graphs included. A block from which no return can be reached gets
    /// <see cref="Exit"/>.</remarks>
    internal static int[] Compute(IReadOnlyList<Block> blocks, IReadOnlyDictionary<Block, int> number)
    {
        int exit = blocks.Count;
        List<int> order = ReversePostorder(blocks, number, exit);
        int[] place = new int[exit + 1];
        Array.Fill(place, int.MaxValue);
        for (int i = 0; i < order.Count; i++) place[order[i]] = i;
        int[] dominator = new int[exit + 1];
        Array.Fill(dominator, -1);
        dominator[exit] = exit;
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (int b in order.Skip(1))
            {
                int meet = -1;
                if (blocks[b].Successors.Count == 0) meet = exit;
                foreach (Block successor in blocks[b].Successors)
                {
                    int s = number[successor];
                    if (dominator[s] < 0) continue;
                    meet = meet < 0 ? s : Intersect(dominator, place, meet, s);
                }
                if (meet == dominator[b]) continue;
                dominator[b] = meet;
                changed = true;
            }
        }
        return [.. dominator.Take(exit).Select(d => d < 0 || d == exit ? Exit : d)];
    }

    private static int Intersect(int[] dominator, int[] place, int a, int b)
    {
        while (a != b)
        {
            while (place[a] > place[b]) a = dominator[a];
            while (place[b] > place[a]) b = dominator[b];
        }
        return a;
    }

    /// <summary>Blocks that reach the exit, every one behind at least one of its successors as far as loops allow; the exit
    /// first.</summary>
    private static List<int> ReversePostorder(IReadOnlyList<Block> blocks, IReadOnlyDictionary<Block, int> number, int exit)
    {
        List<int>[] next = new List<int>[exit + 1];
        for (int b = 0; b <= exit; b++) next[b] = [];
        for (int b = 0; b < exit; b++)
        {
            if (blocks[b].Successors.Count == 0) next[exit].Add(b);
            foreach (Block successor in blocks[b].Successors) next[number[successor]].Add(b);
        }
        List<int> order = [];
        bool[] seen = new bool[exit + 1];
        Stack<(int Node, int Edge)> stack = new([(exit, 0)]);
        seen[exit] = true;
        while (stack.TryPop(out (int Node, int Edge) top))
        {
            if (top.Edge == next[top.Node].Count)
            {
                order.Add(top.Node);
                continue;
            }
            stack.Push((top.Node, top.Edge + 1));
            int to = next[top.Node][top.Edge];
            if (seen[to]) continue;
            seen[to] = true;
            stack.Push((to, 0));
        }
        order.Reverse();
        return order;
    }
}
