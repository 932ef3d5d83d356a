using System.Numerics;
using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>One launch: runs group after group, and in a group warp after warp, each up to the next barrier.</summary>
internal sealed unsafe partial class GroupRun
{
    private readonly SimtOptions options;
    private readonly Index3D grid, group;
    private readonly WarpState[] warps;
    private readonly long[] blockWarps, blockThreads;
    private WarpState current = null!;
    private uint epoch, groupStamp;
    private long divergences, barriers;

    internal SimtProgram Program { get; }

    /// <summary>The lanes that run now.</summary>
    internal uint Active { get; private set; }

    /// <summary>Rows of the warp that runs now.</summary>
    internal byte* Frame => current.Frame;

    /// <summary>Runs all groups.</summary>
    internal SimtCounters Run()
    {
        uint groups = (uint)grid.LongSize;
        (epoch, firstGroupStamp) = memory.BeginLaunch(groups);
        try
        {
            for (uint g = 0; g < groups; g++)
            {
                groupStamp = firstGroupStamp + g;
                BeginGroup(PlaceOf(g));
                RunGroup();
            }
        }
        finally
        {
            memory.EndLaunch(epoch);
        }
        return Counters(groups);
    }

    private void RunGroup()
    {
        while (true)
        {
            bool waiting = false;
            foreach (WarpState warp in warps)
            {
                if (warp.Live == 0) continue;
                RunWarp(warp);
                waiting |= warp.Waiting != null;
            }
            if (!waiting) return;
            PassBarrier();
        }
    }

    /// <summary>Runs a warp until it ends or comes to a barrier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunWarp(WarpState warp)
    {
        current = warp;
        byte* frame = warp.Frame;
        Edge[] edges = Program.Edges;
        Step* step = warp.Next;
        int block = warp.Block;
        if (step == null) step = Enter(warp, block = 0);
        Active = warp.Top;
        uint mask = Active == warp.Existing ? LaneMask.All : Active;
        while (true)
        {
            Step* now = step++;
            if (now->Control == StepControl.Lanes)
            {
                now->Run(frame, now, mask, this);
                continue;
            }
            switch (now->Control)
            {
                case StepControl.Branch:
                    block = warp.Arrive(Follow(frame, edges[now->A], mask));
                    break;
                case StepControl.ConditionalBranch:
                    uint taken = *(uint*)(frame + now->A) & Active, other = Active & ~taken;
                    if (other == 0) block = warp.Arrive(Follow(frame, edges[now->B], mask));
                    else if (taken == 0) block = warp.Arrive(Follow(frame, edges[now->C], mask));
                    else block = Part(frame, now, taken, other, Program.Reconvergence[block]);
                    break;
                case StepControl.Return:
                    CheckCopiesAwaited();
                    block = warp.Return();
                    break;
                default:
                    if (Active != warp.Existing) throw MissingAtBarrier(now);
                    warp.Waiting = now;
                    warp.Next = step;
                    warp.Block = block;
                    barriers++;
                    return;
            }
            if (block < 0) return;
            Active = warp.Top;
            mask = Active == warp.Existing ? LaneMask.All : Active;
            step = Enter(warp, block);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Step* Enter(WarpState warp, int block)
    {
        blockWarps[block]++;
        blockThreads[block] += BitOperations.PopCount(warp.Top);
        Step* first = Program.Steps + Program.BlockStart[block];
        warp.Allowance -= Program.BlockLength[block];
        return warp.Allowance >= 0 ? first : throw TooManyInstructions(warp, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Follow(byte* frame, in Edge edge, uint mask)
    {
        for (int i = 0; i < edge.MoveCount; i++) LaneMask.Copy(frame, in Program.Moves[edge.FirstMove + i], mask);
        return edge.Target;
    }

    private int Part(byte* frame, Step* step, uint taken, uint other, int meeting)
    {
        divergences++;
        int first = Follow(frame, in Program.Edges[step->B], taken), second = Follow(frame, in Program.Edges[step->C], other);
        return current.Part(first, taken, second, other, meeting);
    }

    /// <summary>Lets all warps go on, if all are at the same barrier.</summary>
    private void PassBarrier()
    {
        current = Array.Find(warps, warp => warp.Waiting != null)!;
        Step* barrier = current.Waiting;
        int holds = 0;
        foreach (WarpState warp in warps)
        {
            if (warp.Waiting != barrier) throw DifferentBarriers(barrier, warp);
            holds += BitOperations.PopCount(*(uint*)(warp.Frame + barrier->A) & warp.Existing);
        }
        epoch++;
        int all = (int)group.LongSize;
        foreach (WarpState warp in warps)
        {
            warp.Waiting = null;
            byte* result = warp.Frame + barrier->R;
            switch ((Opcode)barrier->Extra)
            {
                case Opcode.BarrierPopCount: new Span<int>(result, 32).Fill(holds); break;
                case Opcode.BarrierAnd: *(uint*)result = holds == all ? LaneMask.All : 0; break;
                case Opcode.BarrierOr: *(uint*)result = holds > 0 ? LaneMask.All : 0; break;
                default: break;
            }
        }
    }

    /// <summary>Orders the accesses of the warp's lanes.</summary>
    internal void PassWarpBarrier()
    {
        if (++current.Epoch <= ShadowCell.LastWarpEpoch) return;
        // The numbers start again: what this warp has touched so far keeps one that no later access has.
        current.Epoch = ShadowCell.FirstWarpEpoch;
        int cells = (sharedBytes >> Program.SharedCellShift) + 1;
        ShadowCell.ForgetWarpEpochs(new Span<ShadowCell>(sharedCells, cells), epoch, current.Index);
        memory.ForgetWarpEpochs(epoch, current.Index);
    }

    private Index3D PlaceOf(uint g) => new((int)(g % (uint)grid.X), (int)(g / (uint)grid.X % (uint)grid.Y),
        (int)(g / (uint)grid.X / (uint)grid.Y));

    private SimtCounters Counters(uint groups)
    {
        SimtCounters counters = new()
        {
            Launches = 1,
            Groups = groups,
            Warps = groups * warps.LongLength,
            Divergences = divergences,
            Barriers = barriers,
            Atomics = atomics,
            AsyncCopyBytes = copiedBytes,
        };
        List<Block> blocks = Program.Kernel.Blocks;
        for (int b = 0; b < blocks.Count; b++)
            foreach (Instruction instruction in blocks[b].Instructions)
            {
                counters.AddInstructions(SimtCounters.KindOf(instruction), blockWarps[b], blockThreads[b]);
                if (options.CountLines && instruction.Location is { } location)
                    counters.AddLine(location.Short, blockWarps[b], blockThreads[b], default);
            }
        AddTraffic(counters);
        return counters;
    }
}
