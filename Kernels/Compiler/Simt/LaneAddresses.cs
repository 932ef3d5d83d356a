using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Addresses of elements and parts of views, checked against the view's length where they are computed.</summary>
/// <remarks>TPointer is long for global memory, else int.</remarks>
internal static unsafe class LaneAddresses
{
    /// <summary>R = A + B · size; 0 ≤ B &lt; C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Element<TPointer, TIndex>(byte* frame, Step* step, uint mask, GroupRun run)
        where TPointer : unmanaged
        where TIndex : unmanaged
    {
        TIndex* index = (TIndex*)(frame + step->B);
        ulong* length = (ulong*)(frame + step->C);
        long size = step->Immediate;
        uint inside = 0;
        for (int k = 0; k < 32; k += 16)
        {
            Vector512<long> lower, upper;
            if (sizeof(TIndex) == 4)
            {
                (lower, upper) = Vector512.Widen(Vector512.Load((int*)index + k));
            }
            else
            {
                lower = Vector512.Load((long*)index + k);
                upper = Vector512.Load((long*)index + k + 8);
            }
            // Unsigned, so that a negative index is too large.
            inside |= (uint)Vector512.LessThan(lower.AsUInt64(), Vector512.Load(length + k)).ExtractMostSignificantBits() << k;
            inside |= (uint)Vector512.LessThan(upper.AsUInt64(), Vector512.Load(length + k + 8))
                .ExtractMostSignificantBits() << (k + 8);
            if (sizeof(TPointer) == 8)
            {
                long* pointer = (long*)(frame + step->A), result = (long*)(frame + step->R);
                LaneMask.Put(result, k, Vector512.Load(pointer + k) + lower * size, mask);
                LaneMask.Put(result, k + 8, Vector512.Load(pointer + k + 8) + upper * size, mask);
            }
            else
            {
                int* pointer = (int*)(frame + step->A), result = (int*)(frame + step->R);
                LaneMask.Put(result, k, Vector512.Load(pointer + k) + Vector512.Narrow(lower, upper) * (int)size, mask);
            }
        }
        if ((run.Active & ~inside) != 0) LaneFaults.IndexOutside(run, frame, step, run.Active & ~inside, sizeof(TIndex) == 8);
    }

    /// <summary>R = A + B · size; the C elements from B on lie in 0 … D − 1.</summary>
    internal static void Part<TPointer>(byte* frame, Step* step, uint mask, GroupRun run)
        where TPointer : unmanaged
    {
        long* offset = (long*)(frame + step->B), count = (long*)(frame + step->C), length = (long*)(frame + step->D);
        for (uint lanes = run.Active; lanes != 0;)
        {
            int lane = LaneMask.Next(ref lanes);
            if (offset[lane] < 0 || count[lane] < 0 || offset[lane] > length[lane] - count[lane])
                LaneFaults.PartOutside(run, step, lane, offset[lane], count[lane], length[lane]);
            if (sizeof(TPointer) == 8)
                ((long*)(frame + step->R))[lane] = ((long*)(frame + step->A))[lane] + offset[lane] * step->Immediate;
            else
                ((int*)(frame + step->R))[lane] = ((int*)(frame + step->A))[lane] + (int)(offset[lane] * step->Immediate);
        }
    }

    /// <summary>R = A + constant.</summary>
    internal static void Offset<TPointer>(byte* frame, Step* step, uint mask, GroupRun run)
        where TPointer : unmanaged
    {
        if (sizeof(TPointer) == 8)
        {
            long* a = (long*)(frame + step->A), r = (long*)(frame + step->R);
            Vector512<long> offset = Vector512.Create(step->Immediate);
            for (int k = 0; k < 32; k += 8) LaneMask.Put(r, k, Vector512.Load(a + k) + offset, mask);
        }
        else
        {
            int* a = (int*)(frame + step->A), r = (int*)(frame + step->R);
            Vector512<int> offset = Vector512.Create((int)step->Immediate);
            for (int k = 0; k < 32; k += 16) LaneMask.Put(r, k, Vector512.Load(a + k) + offset, mask);
        }
    }
}
