using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <content>Accesses to global and shared memory: bounds, alignment, races and counts of a whole warp at once.</content>
internal sealed unsafe partial class GroupRun
{
    private SimtAllocation? allocation;
    private long allocationBase = -1;

    internal static void LoadGlobal(byte* frame, Step* step, uint mask, GroupRun run)
    {
        run.CountRequest(step->Pattern);
        for (uint rest = run.Active; rest != 0;)
        {
            uint lanes = rest;
            AccessPattern* pattern = run.ReachGlobal(frame + step->A, step, Touch.Read, step->Pattern, ref lanes, out long bias);
            LaneMemory.Load(frame, step, run.addresses, bias, lanes, pattern->Shape);
            rest &= ~lanes;
        }
    }

    internal static void StoreGlobal(byte* frame, Step* step, uint mask, GroupRun run)
    {
        run.CountRequest(step->Pattern);
        for (uint rest = run.Active; rest != 0;)
        {
            uint lanes = rest;
            AccessPattern* pattern = run.ReachGlobal(frame + step->A, step, Touch.Write, step->Pattern, ref lanes, out long bias);
            LaneMemory.Store(frame, step, run.addresses, bias, lanes, pattern->Shape);
            rest &= ~lanes;
        }
    }

    internal static void LoadShared(byte* frame, Step* step, uint mask, GroupRun run)
    {
        AccessPattern* pattern = run.ReachShared(frame + step->A, step, step->Pattern, run.Active);
        run.RecordShared(step, pattern, Touch.Read);
        LaneMemory.Load(frame, step, run.addresses, (long)run.shared, run.Active, pattern->Shape);
    }

    internal static void StoreShared(byte* frame, Step* step, uint mask, GroupRun run)
    {
        AccessPattern* pattern = run.ReachShared(frame + step->A, step, step->Pattern, run.Active);
        run.RecordShared(step, pattern, Touch.Write);
        LaneMemory.Store(frame, step, run.addresses, (long)run.shared, run.Active, pattern->Shape);
    }

    private void CountRequest(int patternIndex) => patterns[patternIndex * AccessPattern.Ways].Traffic.Requests++;

    /// <summary>Checks an access to global memory and records it. On return <paramref name="lanes"/> are those that were looked
    /// at: the ones that point into the same allocation as the first. A host pointer is an address plus
    /// <paramref name="bias"/>.</summary>
    private AccessPattern* ReachGlobal(byte* row, Step* step, uint kind, int patternIndex, ref uint lanes, out long bias)
    {
        int firstLane = BitOperations.TrailingZeroCount(lanes), size = (int)step->Immediate;
        long* pointers = (long*)row;
        long first = pointers[firstLane];
        if (lanes == LaneMask.All)
        {
            for (int k = 0; k < 32; k += 8) Vector512.Load(pointers + k).Store(addresses + k);
        }
        else
        {
            Vector512<long> filler = Vector512.Create(first);
            for (int k = 0; k < 32; k += 8)
                Vector512.ConditionalSelect(LaneMask.Expand<long>(lanes, k), Vector512.Load(pointers + k), filler)
                    .Store(addresses + k);
        }
        AccessPattern* ways = patterns + patternIndex * AccessPattern.Ways;
        AccessPattern* pattern = AccessPattern.Of(ways, addresses, lanes, size, shared: false);
        long start = first & ~SimtMemory.OffsetMask, offset = first & SimtMemory.OffsetMask;
        if (start != allocationBase || allocation!.IsFreed) (allocation, allocationBase) = (memory.Find(first), start);
        if (allocation is null || allocation.IsFreed || offset + pattern->Min < 0
            || offset + pattern->Max + size > allocation.Bytes)
        {
            lanes = LanesOfSameAllocation(step, lanes, size);
            return ReachGlobal(row, step, kind, patternIndex, ref lanes, out bias);
        }
        if (((first | pattern->UsedBits) & (size - 1)) != 0) throw Misaligned(step, lanes, size);
        ways->Count(in *pattern, size);
        bias = (long)allocation.Pointer - start;
        RecordGlobal(step, pattern, allocation, size, kind);
        return pattern;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RecordGlobal(Step* step, AccessPattern* pattern, SimtAllocation memory, int size, uint kind)
    {
        if (kind == Touch.Write && pattern->Several != 0) throw RaceInStep(step, pattern);
        if (copiesInFlight > 0 && kind != Touch.Read) CheckCopySources(step, pattern->Mask, size);
        ShadowCell* cells = memory.Cells(size);
        int shift = memory.CellShift, count = size >> shift;
        uint fresh = ShadowCell.Fresh(kind, (uint)current.Index), stamp = ShadowCell.Stamp(step->Index, current.Epoch);
        uint now = epoch, mine = groupStamp, firstGroup = firstGroupStamp;
        for (uint lanes = pattern->Representatives, several = pattern->Several; lanes != 0;)
        {
            int lane = LaneMask.Next(ref lanes);
            ShadowCell* cell = cells + ((addresses[lane] & SimtMemory.OffsetMask) >> shift);
            uint state = fresh | (uint)lane | (several >> lane & 1) * ShadowCell.ManyLanes;
            for (int i = 0; i < count; i++, cell++)
                if (!cell->Record(now, state, stamp, mine, firstGroup)) throw Race(step, lane, kind, cell, shift, memory);
        }
    }

    /// <summary>Checks where an access to shared memory goes, and counts it.</summary>
    private AccessPattern* ReachShared(byte* row, Step* step, int patternIndex, uint lanes)
    {
        int size = (int)step->Immediate;
        uint* pointers = (uint*)row;
        Vector512<uint> filler = Vector512.Create(pointers[BitOperations.TrailingZeroCount(lanes)]);
        for (int k = 0; k < 32; k += 16)
        {
            Vector512<uint> some = Vector512.Load(pointers + k);
            if (lanes != LaneMask.All) some = Vector512.ConditionalSelect(LaneMask.Expand<uint>(lanes, k), some, filler);
            (Vector512<ulong> lower, Vector512<ulong> upper) = Vector512.Widen(some);
            lower.Store((ulong*)addresses + k);
            upper.Store((ulong*)addresses + k + 8);
        }
        AccessPattern* ways = patterns + patternIndex * AccessPattern.Ways;
        AccessPattern* pattern = AccessPattern.Of(ways, addresses, lanes, size, shared: true);
        long first = addresses[BitOperations.TrailingZeroCount(lanes)];
        if (first + pattern->Min < 0 || first + pattern->Max + size > sharedBytes) throw OutsideShared(step, lanes, size);
        if (((first | pattern->UsedBits) & (size - 1)) != 0) throw Misaligned(step, lanes, size);
        CountRequest(patternIndex);
        ways->Count(in *pattern, size);
        return pattern;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RecordShared(Step* step, AccessPattern* pattern, uint kind)
    {
        if (kind == Touch.Write && pattern->Several != 0) throw RaceInStep(step, pattern);
        int shift = Program.SharedCellShift, count = (int)step->Immediate >> shift;
        // A plain write needs no earlier one and leaves the cell written; everything else reads.
        uint needed = kind == Touch.Write ? 0 : ShadowCell.Written;
        uint fresh = ShadowCell.Fresh(kind, (uint)current.Index), stamp = ShadowCell.Stamp(step->Index, current.Epoch),
            now = epoch;
        for (uint lanes = pattern->Representatives, several = pattern->Several; lanes != 0;)
        {
            int lane = LaneMask.Next(ref lanes);
            ShadowCell* cell = sharedCells + (addresses[lane] >> shift);
            uint state = fresh | (uint)lane | (several >> lane & 1) * ShadowCell.ManyLanes;
            for (int i = 0; i < count; i++, cell++)
            {
                if ((cell->State & (needed | ShadowCell.Pending)) != needed) throw Unreadable(step, lane, cell);
                if (!cell->Record(now, state, stamp)) throw Race(step, lane, kind, cell, shift, null);
                cell->State |= ShadowCell.Written;
            }
        }
    }

    /// <summary>Checks each lane by itself, when not all lie in the allocation of the first.</summary>
    private uint LanesOfSameAllocation(Step* step, uint lanes, int size)
    {
        long start = addresses[BitOperations.TrailingZeroCount(lanes)] & ~SimtMemory.OffsetMask;
        uint same = 0;
        for (uint rest = lanes; rest != 0;)
        {
            int lane = LaneMask.Next(ref rest);
            CheckAddress(step, lane, addresses[lane], size);
            if ((addresses[lane] & ~SimtMemory.OffsetMask) == start) same |= 1u << lane;
        }
        return same;
    }

    private SimtAllocation CheckAddress(Step* step, int lane, long address, int size)
    {
        SimtAllocation? found = memory.Find(address);
        long offset = address & SimtMemory.OffsetMask;
        if (found is null)
            throw Fault(step, lane, FaultKind.AccessOutsideMemory, $"{size} bytes at 0x{address:x}, where no allocation is.");
        if (found.IsFreed)
        {
            throw Fault(step, lane, FaultKind.AccessToFreedMemory,
                $"{size} bytes at byte {offset} of '{found.Name}', which was freed.");
        }
        return offset + size <= found.Bytes ? found : throw Fault(step, lane, FaultKind.AccessOutsideMemory,
            $"{size} bytes at byte {offset} of '{found.Name}', which has {found.Bytes} bytes.");
    }

    private void AddTraffic(SimtCounters counters)
    {
        for (int i = 0; i < Program.PatternSteps.Length; i++)
        {
            Instruction source = Program.Sources[Program.PatternSteps[i]];
            MemoryTraffic traffic = patterns[i * AccessPattern.Ways].Traffic;
            bool store = source.Opcode is Opcode.Store or Opcode.Atomic;
            IrType space = source.Operands[0].Type;
            if (source.Opcode == Opcode.AsyncCopy)
            {
                // Its first pattern is the global side, its second the shared one.
                store = i > 0 && Program.PatternSteps[i - 1] == Program.PatternSteps[i];
                space = store ? IrType.SharedPointer : IrType.GlobalPointer;
            }
            counters.AddTraffic(space, store, in traffic);
            if (options.CountLines && source.Location is { } location) counters.AddLine(location.Short, 0, 0, in traffic);
        }
    }
}
