using System.Numerics;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <content>Accesses to the memory of single threads, and atomic accesses.</content>
internal sealed unsafe partial class GroupRun
{
    private long atomics;

    internal static void LoadLocal(byte* frame, Step* step, uint mask, GroupRun run)
    {
        run.ReachLocal(frame, step, write: false);
        LaneMemory.Load(frame, step, run.addresses, (long)run.current.Local, run.Active, AccessShape.Scattered);
    }

    internal static void StoreLocal(byte* frame, Step* step, uint mask, GroupRun run)
    {
        run.ReachLocal(frame, step, write: true);
        LaneMemory.Store(frame, step, run.addresses, (long)run.current.Local, run.Active, AccessShape.Scattered);
    }

    internal static void AtomicGlobal(byte* frame, Step* step, uint mask, GroupRun run)
    {
        run.CountRequest(step->Pattern);
        for (uint rest = run.Active; rest != 0;)
        {
            uint lanes = rest;
            run.ReachGlobal(frame + step->A, step, Touch.Atomic, step->Pattern, ref lanes, out long bias);
            run.Apply(frame, step, lanes, bias);
            rest &= ~lanes;
        }
    }

    internal static void AtomicShared(byte* frame, Step* step, uint mask, GroupRun run)
    {
        AccessPattern* pattern = run.ReachShared(frame + step->A, step, step->Pattern, run.Active);
        run.RecordShared(step, pattern, Touch.Atomic);
        run.Apply(frame, step, run.Active, (long)run.shared);
    }

    private void ReachLocal(byte* frame, Step* step, bool write)
    {
        int size = (int)step->Immediate, stride = Program.LocalBytes;
        uint* pointers = (uint*)(frame + step->A);
        for (uint lanes = Active; lanes != 0;)
        {
            int lane = LaneMask.Next(ref lanes);
            long offset = pointers[lane];
            if (offset + size > Program.Kernel.LocalBytes)
            {
                throw Fault(step, lane, FaultKind.AccessOutsideMemory,
                    $"{size} bytes at byte {offset} of the local arrays, which have {Program.Kernel.LocalBytes} bytes together.");
            }
            if ((offset & (size - 1)) != 0)
                throw Fault(step, lane, FaultKind.MisalignedAccess, $"{size} bytes at byte {offset} of the local arrays.");
            addresses[lane] = (long)lane * stride + offset;
            Span<byte> written = new(current.LocalWritten + addresses[lane], size);
            if (write)
            {
                written.Fill(1);
            }
            else if (written.IndexOf((byte)0) is >= 0 and int missing)
            {
                throw Fault(step, lane, FaultKind.ReadOfUnwrittenMemory,
                    $"{ArrayName(false, (int)offset + missing)}: byte {offset + missing} of the local arrays holds nothing yet. "
                    + "Write it first.");
            }
        }
        AccessPattern* pattern = patterns + step->Pattern * AccessPattern.Ways;
        CountRequest(step->Pattern);
        pattern->Traffic.Bytes += BitOperations.PopCount(Active) * size;
    }

    /// <summary>Atomic accesses in the order of the lanes. B: value, or B: compare and C: value.</summary>
    private void Apply(byte* frame, Step* step, uint lanes, long bias)
    {
        MemoryType type = (MemoryType)(step->Extra & 255);
        AtomicKind kind = (AtomicKind)(step->Extra >> 8);
        byte* value = frame + (kind == AtomicKind.CompareExchange ? step->C : step->B), compare = frame + step->B;
        while (lanes != 0)
        {
            int lane = LaneMask.Next(ref lanes);
            byte* target = (byte*)(addresses[lane] + bias);
            atomics++;
            if (type.Size() == 4)
            {
                int old = *(int*)target;
                *(int*)target = type == MemoryType.Float32 && kind == AtomicKind.Add
                    ? BitConverter.SingleToInt32Bits(BitConverter.Int32BitsToSingle(old) + ((float*)value)[lane])
                    : Change(kind, old, ((int*)value)[lane], ((int*)compare)[lane]);
                ((int*)(frame + step->R))[lane] = old;
            }
            else
            {
                long old = *(long*)target;
                *(long*)target = type == MemoryType.Float64 && kind == AtomicKind.Add
                    ? BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(old) + ((double*)value)[lane])
                    : Change(kind, old, ((long*)value)[lane], ((long*)compare)[lane]);
                ((long*)(frame + step->R))[lane] = old;
            }
        }
    }

    private static int Change(AtomicKind kind, int old, int value, int compare) => kind switch
    {
        AtomicKind.MaxUnsigned => (int)Math.Max((uint)old, (uint)value),
        AtomicKind.MinUnsigned => (int)Math.Min((uint)old, (uint)value),
        _ => (int)Change(kind, old, value, (long)compare),
    };

    private static long Change(AtomicKind kind, long old, long value, long compare) => kind switch
    {
        AtomicKind.Add => unchecked(old + value),
        AtomicKind.Max => Math.Max(old, value),
        AtomicKind.Min => Math.Min(old, value),
        AtomicKind.MaxUnsigned => (long)Math.Max((ulong)old, (ulong)value),
        AtomicKind.MinUnsigned => (long)Math.Min((ulong)old, (ulong)value),
        AtomicKind.And => old & value,
        AtomicKind.Or => old | value,
        AtomicKind.Xor => old ^ value,
        AtomicKind.Exchange => value,
        _ => old == compare ? value : old,
    };
}
