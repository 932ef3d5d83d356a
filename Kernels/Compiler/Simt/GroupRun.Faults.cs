using System.Numerics;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <content>What is said when something is wrong.</content>
internal sealed unsafe partial class GroupRun
{
    /// <summary>A fault of one lane of the warp that runs now.</summary>
    internal KernelFaultException Fault(Step* step, int lane, FaultKind kind, string details) =>
        new(kind, Program.Kernel.Name, Program.Sources[step->Index].Location, place, ThreadPlace(current.Index * 32 + lane),
            details);

    /// <summary>Stops where lanes are missing that the warp has.</summary>
    internal void NeedWholeWarp(Step* step, string what)
    {
        uint missing = current.Existing & ~Active;
        if (missing == 0) return;
        throw Fault(step, BitOperations.TrailingZeroCount(Active), FaultKind.InactiveLanes,
            $"{what} needs all lanes of the warp; {WhereIs(current, missing)}. Move it out of the branch.");
    }

    /// <summary>The view whose element or part a step computes the address of.</summary>
    internal string ViewName(Step* step) => Program.Sources[step->Index].Operands[0] switch
    {
        Parameter parameter => $"view '{parameter.Name}'",
        Register { Definition: { Opcode: Opcode.ArrayAddress, Payload: MemoryArray array } } => $"view '{array.Name}'",
        Register { Name: { } name } => $"view '{name}'",
        _ => "a view",
    };

    private KernelFaultException MissingAtBarrier(Step* step) => Fault(step, BitOperations.TrailingZeroCount(Active),
        FaultKind.BarrierNotReachedByAll,
            $"{WhereIs(current, current.Existing & ~Active)}. Move the barrier out of the branch or loop.");

    private KernelFaultException DifferentBarriers(Step* barrier, WarpState other) =>
        Fault(barrier, 0, FaultKind.BarrierNotReachedByAll,
        other.Waiting == null
            ? $"{WhereIs(other, other.Existing)}. Let every thread of the group come to the barrier."
            : $"thread {ThreadPlace(other.Index * 32)} is at another barrier ({LineOf(other.Waiting->Index)}). "
                + "Let all threads come to the same one.");

    private KernelFaultException TooManyInstructions(WarpState warp, Step* step) =>
        Fault(step, BitOperations.TrailingZeroCount(warp.Top), FaultKind.InstructionLimit,
            $"its warp has executed more than {options.InstructionsPerWarp} instructions. Is the loop infinite? "
        + "If not, raise SimtOptions.InstructionsPerWarp.");

    private KernelFaultException Misaligned(Step* step, uint lanes, int size)
    {
        int lane = 0;
        for (uint rest = lanes; rest != 0;)
            if ((addresses[lane = LaneMask.Next(ref rest)] & (size - 1)) != 0) break;
        bool isShared = addresses[lane] >> SimtMemory.OffsetBits == 0;
        string where = isShared ? SharedName((int)addresses[lane]) : GlobalName(addresses[lane]);
        return Fault(step, lane, FaultKind.MisalignedAccess,
            $"{size} bytes at {where}, which is no multiple of {size}.");
    }

    private KernelFaultException OutsideShared(Step* step, uint lanes, int size)
    {
        int lane = 0;
        for (uint rest = lanes; rest != 0;)
            if (addresses[lane = LaneMask.Next(ref rest)] + size > sharedBytes) break;
        return Fault(step, lane, FaultKind.AccessOutsideMemory,
            $"{size} bytes at byte {(int)addresses[lane]} of the shared memory, of which the group has {sharedBytes} bytes.");
    }

    private KernelFaultException Unreadable(Step* step, int lane, ShadowCell* cell)
    {
        int offset = (int)(cell - sharedCells) << Program.SharedCellShift;
        if ((cell->State & ShadowCell.Pending) == 0)
        {
            return Fault(step, lane, FaultKind.ReadOfUnwrittenMemory,
                $"{SharedName(offset)} holds nothing yet in this group. Write it first, and let a Group.Barrier follow.");
        }
        return Fault(step, lane, FaultKind.AsyncCopyHazard, $"{SharedName(offset)} is the destination of a copy that thread "
            + $"{ThreadPlace(cell->Thread)} has not waited for ({LineOf(cell->Step)}). "
            + "AsyncCopy.Wait, and a Group.Barrier for other threads, come first.");
    }

    /// <summary>Two lanes write the same place in one instruction.</summary>
    private KernelFaultException RaceInStep(Step* step, AccessPattern* pattern)
    {
        int lane = BitOperations.TrailingZeroCount(pattern->Several), other = lane + 1;
        while ((pattern->Mask >> other & 1) == 0 || addresses[other] != addresses[lane]) other++;
        string where = addresses[lane] >> SimtMemory.OffsetBits == 0 ? SharedName((int)addresses[lane])
            : GlobalName(addresses[lane]);
        return Fault(step, other, FaultKind.Race,
            $"{where} is written by this thread and by thread {ThreadPlace(current.Index * 32 + lane)} in the same instruction. "
            + "Let one thread write.");
    }

    private KernelFaultException Race(Step* step, int lane, uint kind, ShadowCell* cell, int shift, SimtAllocation? allocation)
    {
        long offset = allocation is null ? cell - sharedCells << shift : cell - allocation.Cells(1 << shift) << shift;
        string where = allocation is null ? SharedName((int)offset) : $"byte {offset} of '{allocation.Name}'";
        bool otherGroup = allocation is not null && cell->Group != groupStamp;
        uint launchKinds = cell->State >> ShadowCell.LaunchKinds & 7;
        bool severalGroups = allocation is not null && !otherGroup && (cell->State & ShadowCell.ManyGroups) != 0
            && ShadowCell.Conflict(launchKinds, kind);
        string earlier = Verb(otherGroup || severalGroups ? launchKinds : cell->State >> ShadowCell.EpochKinds & 7);
        // After a barrier of the warp a cell remembers the last thread, while it was an earlier one of that warp that wrote.
        bool exact = Verb(cell->State >> ShadowCell.WarpKinds & 7) == earlier;
        string who = severalGroups ? "threads of other groups"
            : otherGroup ? $"thread {ThreadPlace(cell->Thread)} of group {PlaceOf(cell->Group - firstGroupStamp)}"
            : cell->Thread == current.Index * 32 + lane ? "several threads, this one among them,"
            : exact ? $"thread {ThreadPlace(cell->Thread)}" : $"a thread in the warp of thread {ThreadPlace(cell->Thread)}";
        string remedy = otherGroup || severalGroups
            ? "Nothing orders groups of one launch: use two launches or one group for each place."
            : "Put a Group.Barrier between the two.";
        return Fault(step, lane, FaultKind.Race,
            $"{where} is {Verb(kind)} here and was {earlier} by {who} ({LineOf(cell->Step)}) with no barrier between. {remedy}");
    }

    private static string Verb(uint kinds) =>
        (kinds & Touch.Write) != 0 ? "written" : (kinds & Touch.Atomic) != 0 ? "changed atomically" : "read";

    private string WhereIs(WarpState warp, uint lanes)
    {
        int lane = BitOperations.TrailingZeroCount(lanes);
        Index3D thread = ThreadPlace(warp.Index * 32 + lane);
        return $"thread {thread} {((warp.Live >> lane & 1) == 0 ? "has returned" : "is elsewhere")}";
    }

    private string LineOf(int step) => Program.Sources[step].Location?.Short ?? "unknown line";

    private string SharedName(int offset) => $"byte {offset} of the shared memory ({ArrayName(true, offset)})";

    private string GlobalName(long address) =>
        memory.Find(address) is { } found ? $"byte {address & SimtMemory.OffsetMask} of '{found.Name}'"
            : $"address 0x{address:x}";

    private string ArrayName(bool isShared, int offset)
    {
        foreach (MemoryArray array in Program.Kernel.Arrays)
        {
            if (array.Shared != isShared) continue;
            int start = Program.Kernel.OffsetOf(array);
            if (offset >= start && (array.Dynamic || offset < start + array.Bytes))
                return $"'{array.Name}' from its byte {offset - start} on";
        }
        return "no array";
    }
}
