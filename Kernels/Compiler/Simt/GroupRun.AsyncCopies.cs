using System.Numerics;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <content>Asynchronous copies.</content>
/// <remarks>
/// At the start of a copy its destination counts as written by the thread and has no content that anyone may read or write; its
/// source counts as read. The bytes move when the thread waits for the copy's group, and are seen by other threads after a
/// barrier behind that. A write to the source before then is a fault, and so is a thread that ends with copies under way: nothing
/// could have used them.
/// </remarks>
internal sealed unsafe partial class GroupRun
{
    private int copiesInFlight;
    private long copiedBytes;

    /// <summary>A: destination, B: source, C: whether to read at all; Immediate: bytes.</summary>
    internal static void BeginCopy(byte* frame, Step* step, uint mask, GroupRun run)
    {
        int bytes = (int)step->Immediate;
        uint inside = *(uint*)(frame + step->C) & run.Active;
        if (inside != 0) run.CountRequest(step->Pattern);
        for (uint rest = inside; rest != 0;)
        {
            uint lanes = rest;
            run.ReachGlobal(frame + step->B, step, Touch.Read, step->Pattern, ref lanes, out _);
            rest &= ~lanes;
        }
        AccessPattern* pattern = run.ReachShared(frame + step->A, step, step->Pattern + 1, run.Active);
        if (pattern->Several != 0) throw run.RaceInStep(step, pattern);
        long* sources = (long*)(frame + step->B);
        for (uint lanes = run.Active; lanes != 0;)
        {
            int lane = LaneMask.Next(ref lanes);
            run.MarkDestination(step, lane, bytes);
            run.current.Copies.Add(new PendingCopy(lane, (int)run.addresses[lane], sources[lane], bytes,
                (inside >> lane & 1) != 0,
                run.current.CopyGroups[lane], step->Index));
        }
        int copies = BitOperations.PopCount(run.Active);
        run.copiesInFlight += copies;
        run.copiedBytes += (long)copies * bytes;
    }

    internal static void CommitCopies(byte* frame, Step* step, uint mask, GroupRun run)
    {
        for (uint lanes = run.Active; lanes != 0;) run.current.CopyGroups[LaneMask.Next(ref lanes)]++;
    }

    /// <summary>Ends the copies of all closed groups of the active lanes but the youngest; Immediate: number of those.</summary>
    internal static void WaitForCopies(byte* frame, Step* step, uint mask, GroupRun run)
    {
        List<PendingCopy> copies = run.current.Copies;
        int kept = 0;
        for (int i = 0; i < copies.Count; i++)
        {
            PendingCopy copy = copies[i];
            bool done = (run.Active >> copy.Lane & 1) != 0
                && copy.CopyGroup + step->Immediate < run.current.CopyGroups[copy.Lane];
            if (done) run.EndCopy(step, in copy);
            else copies[kept++] = copy;
        }
        run.copiesInFlight -= copies.Count - kept;
        copies.RemoveRange(kept, copies.Count - kept);
    }

    private void MarkDestination(Step* step, int lane, int bytes)
    {
        int shift = Program.SharedCellShift;
        ShadowCell* cell = sharedCells + (addresses[lane] >> shift);
        uint state = ShadowCell.Fresh(Touch.Write, (uint)current.Index) | (uint)lane,
            stamp = ShadowCell.Stamp(step->Index, current.Epoch);
        for (int i = 0; i < bytes >> shift; i++, cell++)
        {
            if ((cell->State & ShadowCell.Pending) != 0) throw Unreadable(step, lane, cell);
            if (!cell->Record(epoch, state, stamp)) throw Race(step, lane, Touch.Write, cell, shift, null);
            cell->State = cell->State & ~ShadowCell.Written | ShadowCell.Pending;
        }
    }

    private void EndCopy(Step* step, in PendingCopy copy)
    {
        Span<byte> destination = new(shared + copy.Shared, copy.Bytes);
        if (copy.Inside)
        {
            SimtAllocation source = CheckAddress(step, copy.Lane, copy.Global, copy.Bytes);
            new ReadOnlySpan<byte>(source.Pointer + (copy.Global & SimtMemory.OffsetMask), copy.Bytes).CopyTo(destination);
        }
        else
        {
            destination.Clear();
        }
        int shift = Program.SharedCellShift;
        ShadowCell* cell = sharedCells + (copy.Shared >> shift);
        for (int i = 0; i < copy.Bytes >> shift; i++, cell++)
        {
            cell->Epoch = epoch;
            cell->State = ShadowCell.Fresh(Touch.Write, (uint)current.Index) | (uint)copy.Lane | ShadowCell.Written;
            cell->Where = ShadowCell.Stamp(copy.Step, current.Epoch);
        }
    }

    /// <summary>Stops where the access at hand writes what a copy of this group has still to read. (Other groups' writes are
    /// races.)</summary>
    private void CheckCopySources(Step* step, uint lanes, int size)
    {
        foreach (WarpState warp in warps)
            foreach (PendingCopy copy in warp.Copies)
            {
                if (!copy.Inside) continue;
                for (uint rest = lanes; rest != 0;)
                {
                    int lane = LaneMask.Next(ref rest);
                    if (addresses[lane] + size <= copy.Global || addresses[lane] >= copy.Global + copy.Bytes) continue;
                    throw Fault(step, lane, FaultKind.AsyncCopyHazard,
                        $"{GlobalName(addresses[lane])} is written while "
                        + $"thread {ThreadPlace(warp.Index * 32 + copy.Lane)} copies from there "
                        + $"({LineOf(copy.Step)}). Write after AsyncCopy.Wait and a Group.Barrier.");
                }
            }
    }

    /// <summary>Stops at the line of a copy that lanes which end now have not waited for.</summary>
    private void CheckCopiesAwaited()
    {
        if (copiesInFlight == 0) return;
        foreach (PendingCopy copy in current.Copies)
        {
            if ((Active >> copy.Lane & 1) == 0) continue;
            throw Fault(Program.Steps + copy.Step, copy.Lane, FaultKind.AsyncCopyNotAwaited,
                $"the thread ends while this copy of {copy.Bytes} bytes to {ArrayName(true, copy.Shared)} is under way. "
                + "Call AsyncCopy.Commit and AsyncCopy.Wait(0) first.");
        }
    }
}
