using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>A copy that a lane has asked for.</summary>
internal readonly record struct PendingCopy(int Lane, int Shared, long Global, int Bytes, bool Inside, uint CopyGroup, int Step);

/// <summary>The state of one warp: where its lanes are and what they wait for.</summary>
/// <remarks>Lanes that part at a branch are entries of a stack, each with a block to run, the block where it meets the entry
/// below, and its lanes. An entry that reaches its meeting place is taken off; the entry below, which already stands there with
/// the lanes of both sides, goes on.</remarks>
internal sealed unsafe class WarpState(int index)
{
    private Entry[] stack = new Entry[16];
    private int depth;

    internal int Index { get; } = index;

    internal byte* Frame { get; set; }

    /// <summary>Local memory of lane 0; the others' follows.</summary>
    internal byte* Local { get; set; }

    /// <summary>For each byte of local memory whether it was written.</summary>
    internal byte* LocalWritten { get; set; }

    /// <summary>The lanes that the group has.</summary>
    internal uint Existing { get; private set; }

    /// <summary>Those that have not returned.</summary>
    internal uint Live { get; private set; }

    /// <summary>The lanes that run now.</summary>
    internal uint Top => stack[depth - 1].Mask;

    /// <summary>Where it goes on after a barrier.</summary>
    internal Step* Next { get; set; }

    /// <summary>The block in which it goes on.</summary>
    internal int Block { get; set; }

    /// <summary>The barrier at which it waits, or none.</summary>
    internal Step* Waiting { get; set; }

    /// <summary>Number of its own barriers that it has passed, from <see cref="ShadowCell.FirstWarpEpoch"/> on and again after
    /// <see cref="ShadowCell.LastWarpEpoch"/>.</summary>
    internal uint Epoch { get; set; }

    /// <summary>Instructions that it may still execute.</summary>
    internal long Allowance { get; set; }

    internal List<PendingCopy> Copies { get; } = [];

    /// <summary>Number of each lane's closed groups of copies.</summary>
    internal uint[] CopyGroups { get; } = new uint[32];

    /// <summary>Back to the start of a kernel.</summary>
    internal void Reset(uint existing, long allowance)
    {
        Existing = Live = existing;
        Allowance = allowance;
        Next = Waiting = null;
        Epoch = ShadowCell.FirstWarpEpoch;
        Copies.Clear();
        Array.Clear(CopyGroups);
        depth = 0;
        Push(0, PostDominators.Exit, existing);
    }

    /// <summary>What runs next when all lanes that run now come to a block; −1 when nothing is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Arrive(int target)
    {
        if (target != stack[depth - 1].Reconvergence) return target;
        depth--;
        return Resume();
    }

    /// <summary>What runs next when the lanes that run now return; −1 when nothing is left.</summary>
    internal int Return()
    {
        Live &= ~Top;
        depth--;
        return Resume();
    }

    /// <summary>What runs next when some lanes go one way and some another.</summary>
    /// <param name="first">The block that runs first.</param>
    /// <param name="firstLanes">Lanes that go there.</param>
    /// <param name="second">The other block.</param>
    /// <param name="secondLanes">Lanes that go there.</param>
    /// <param name="meeting">Where they meet.</param>
    internal int Part(int first, uint firstLanes, int second, uint secondLanes, int meeting)
    {
        ref Entry top = ref stack[depth - 1];
        if (meeting == PostDominators.Exit) meeting = top.Reconvergence;
        // Where the entry below meets them at the same place, this one has nothing to do there: a loop that lanes leave one by
        // one needs no deeper stack.
        if (meeting == top.Reconvergence) depth--;
        else top.Block = meeting;
        if (second != meeting) Push(second, meeting, secondLanes);
        if (first != meeting) Push(first, meeting, firstLanes);
        return Resume();
    }

    private int Resume()
    {
        for (; depth > 0; depth--)
        {
            ref Entry top = ref stack[depth - 1];
            top.Mask &= Live;
            if (top.Mask != 0 && top.Block != top.Reconvergence) return top.Block;
        }
        return -1;
    }

    private void Push(int block, int reconvergence, uint mask)
    {
        if (depth == stack.Length) Array.Resize(ref stack, 2 * depth);
        stack[depth++] = new Entry { Block = block, Reconvergence = reconvergence, Mask = mask };
    }

    private struct Entry
    {
        internal int Block;
        internal int Reconvergence;
        internal uint Mask;
    }
}
