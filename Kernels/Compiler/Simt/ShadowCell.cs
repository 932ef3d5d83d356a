using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>How memory is touched, as bits.</summary>
internal static class Touch
{
    internal const uint Read = 1, Write = 2, Atomic = 4;
}

/// <summary>Who touched one word (or byte) of shared or global memory since the last barrier and, for global memory, in this
/// launch.</summary>
/// <remarks>
/// Two accesses by different threads race unless both are reads, or both are atomic, or a barrier lies between them: a barrier of
/// the group for threads of one group, a barrier of the warp too for threads of one warp, nothing for threads of different groups
/// of one launch. Time is cut into epochs, of which every barrier of a group begins a new one; a cell of an older epoch is
/// ordered before everything now. As long as nothing has raced, what one interval did to a cell is either one thread's doing, or
/// all reads, or all atomics: so one thread and the kinds of access are enough, and flags that say "and others".
/// </remarks>
internal struct ShadowCell
{
    internal const uint ManyLanes = 1 << 10, ManyWarps = 1 << 11, ManyGroups = 1 << 21;
    internal const int WarpKinds = 12, EpochKinds = 15, LaunchKinds = 18;

    /// <summary>Shared memory only: it holds a value.</summary>
    internal const uint Written = 1 << 22;

    /// <summary>Shared memory only: the destination of an asynchronous copy that nobody has waited for.</summary>
    internal const uint Pending = 1 << 23;

    /// <summary>What outlives an epoch.</summary>
    internal const uint Lasting = 7u << LaunchKinds | ManyGroups | Written | Pending;

    internal const uint FirstWarpEpoch = 1, LastWarpEpoch = uint.MaxValue >> WarpEpochShift;

    private const int WarpEpochShift = 20;
    private const uint StepMask = (1 << WarpEpochShift) - 1;

    /// <summary>The epoch of the group that <see cref="State"/> speaks of; never 0 in use.</summary>
    internal uint Epoch;

    /// <summary>Bits 0–4 lane and 5–9 warp of the first access of the interval, then the flags and kinds above.</summary>
    internal uint State;

    /// <summary>Step of the program (20 bits) and <see cref="WarpState.Epoch"/> (12 bits; 0 for long ago).</summary>
    internal uint Where;

    /// <summary>Stamp of the group that touched it last.</summary>
    internal uint Group;

    internal readonly int Thread => (int)(State & 0x3ff);

    internal readonly int Step => (int)(Where & StepMask);

    internal static uint Stamp(int step, uint warpEpoch) => Math.Min((uint)step, StepMask) | warpEpoch << WarpEpochShift;

    /// <summary>State of a first access.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Fresh(uint kind, uint warp) => warp << 5 | kind << WarpKinds | kind << EpochKinds;

    /// <summary>Lets what a warp touched in an epoch count as ordered before everything that it does now.</summary>
    internal static void ForgetWarpEpochs(Span<ShadowCell> cells, uint epoch, int warp)
    {
        foreach (ref ShadowCell cell in cells)
            if (cell.Epoch == epoch && cell.Thread >> 5 == warp) cell.Where &= StepMask;
    }

    /// <summary>Whether accesses of these kinds may not meet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Conflict(uint earlier, uint kind)
    {
        uint both = earlier | kind;
        return earlier != 0 && ((both & Touch.Write) != 0 || both == (Touch.Read | Touch.Atomic));
    }

    /// <summary>Records an access by a thread of the group that runs now.</summary>
    /// <param name="epoch">Now.</param>
    /// <param name="fresh"><see cref="Fresh"/> with the lane, and <see cref="ManyLanes"/> where other lanes do the same at
    /// once.</param>
    /// <param name="stamp"><see cref="Stamp"/>.</param>
    /// <returns>Whether it is in order; false at a race.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Record(uint epoch, uint fresh, uint stamp)
    {
        if (Epoch != epoch)
        {
            Epoch = epoch;
            State = State & Lasting | fresh;
            Where = stamp;
            return true;
        }
        // The most frequent case by far: one more reader of what several warps read.
        const uint Seen = ManyWarps | 7u << EpochKinds;
        return (State & Seen) == (ManyWarps | fresh & 7u << EpochKinds) || RecordAgain(fresh, stamp);
    }

    /// <summary>The same for global memory, where groups can race too: <paramref name="group"/> is the stamp of the group that
    /// runs now,
    /// <paramref name="firstGroup"/> that of the first one of the launch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Record(uint epoch, uint fresh, uint stamp, uint group, uint firstGroup)
    {
        if (Group != group || (State & ManyGroups) != 0)
        {
            if (!RecordGroup(fresh >> WarpKinds & 7, group, firstGroup)) return false;
        }
        else
        {
            State |= (fresh >> WarpKinds & 7) << LaunchKinds;
        }
        return Record(epoch, fresh, stamp);
    }

    /// <summary>Records the group alone.</summary>
    private bool RecordGroup(uint kind, uint group, uint firstGroup)
    {
        // Stamps of groups only grow, and the group that runs now has the largest.
        if (Group < firstGroup)
        {
            State = 0;
        }
        else
        {
            if (Conflict(State >> LaunchKinds & 7, kind)) return false;
            State |= ManyGroups;
        }
        State |= kind << LaunchKinds;
        Group = group;
        return true;
    }

    private bool RecordAgain(uint fresh, uint stamp)
    {
        uint state = State, kind = fresh >> WarpKinds & 7;
        if ((state & ManyWarps) != 0 || (state >> 5 & 31) != (fresh >> 5 & 31))
        {
            if (Conflict(state >> EpochKinds & 7, kind)) return false;
            State = state | ManyWarps | kind << EpochKinds;
            return true;
        }
        if ((Where ^ stamp) >> WarpEpochShift != 0)
        {
            State = state & (Lasting | 7u << EpochKinds) | fresh;
            Where = stamp;
            return true;
        }
        bool alone = ((state | fresh) & ManyLanes) == 0 && (state & 31) == (fresh & 31);
        if (!alone && Conflict(state >> WarpKinds & 7, kind)) return false;
        State = state | kind << WarpKinds | kind << EpochKinds | (alone ? 0 : ManyLanes);
        if (alone && kind != Touch.Read) Where = stamp;
        return true;
    }
}
