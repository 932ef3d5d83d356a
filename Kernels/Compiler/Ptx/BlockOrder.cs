using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Orders of a kernel's blocks.</summary>
internal static class BlockOrder
{
    /// <summary>Each block before all that can follow it, but for the way back in a loop. What a block uses is defined in it or before
    /// it, phis aside.</summary>
    public static List<Block> ReversePostorder(Kernel kernel)
    {
        List<Block> order = [];
        HashSet<Block> seen = [kernel.Blocks[0]];
        Stack<(Block Block, int Next)> path = new([(kernel.Blocks[0], 0)]);
        while (path.TryPop(out (Block Block, int Next) top))
        {
            if (top.Next == top.Block.Successors.Count)
            {
                order.Add(top.Block);
                continue;
            }
            path.Push((top.Block, top.Next + 1));
            Block successor = top.Block.Successors[top.Next];
            if (seen.Add(successor)) path.Push((successor, 0));
        }
        order.Reverse();
        return order;
    }
}
