using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Between a word with a bit for each lane and vectors of lanes. A row is two vectors of 32-bit or four of 64-bit
/// lanes.</summary>
internal static unsafe class LaneMask
{
    internal const uint All = uint.MaxValue;

    /// <summary>All ones in the lanes of a vector that begins at lane <paramref name="first"/> whose bits are set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<T> Expand<T>(uint mask, int first)
        where T : unmanaged
    {
        if (sizeof(T) == 4)
        {
            Vector512<uint> bit = Vector512.Create(1u, 1u << 1, 1u << 2, 1u << 3, 1u << 4, 1u << 5, 1u << 6, 1u << 7,
                1u << 8, 1u << 9, 1u << 10, 1u << 11, 1u << 12, 1u << 13, 1u << 14, 1u << 15);
            return Vector512.Equals(Vector512.Create(mask >> first) & bit, bit).As<uint, T>();
        }
        Vector512<ulong> wide = Vector512.Create(1ul, 1ul << 1, 1ul << 2, 1ul << 3, 1ul << 4, 1ul << 5, 1ul << 6, 1ul << 7);
        return Vector512.Equals(Vector512.Create((ulong)(mask >> first)) & wide, wide).As<ulong, T>();
    }

    /// <summary>Writes a vector of results into a row, only in the lanes of the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put<T>(T* row, int first, Vector512<T> value, uint mask)
        where T : unmanaged
    {
        if (mask == All) value.Store(row + first);
        else Vector512.ConditionalSelect(Expand<T>(mask, first), value, Vector512.Load(row + first)).Store(row + first);
    }

    /// <summary>Writes truth values, only in the lanes of the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put(byte* word, uint value, uint mask) => *(uint*)word = *(uint*)word & ~mask | value & mask;

    /// <summary>Takes the lowest lane out of a set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Next(ref uint lanes)
    {
        int lane = BitOperations.TrailingZeroCount(lanes);
        lanes &= lanes - 1;
        return lane;
    }

    /// <summary>Copies a row for the lanes of the mask.</summary>
    internal static void Copy(byte* frame, in Move move, uint mask)
    {
        if (move.Size == 4)
        {
            Put(frame + move.Destination, *(uint*)(frame + move.Source), mask);
        }
        else if (move.Size == 128)
        {
            uint* from = (uint*)(frame + move.Source), to = (uint*)(frame + move.Destination);
            Put(to, 0, Vector512.Load(from), mask);
            Put(to, 16, Vector512.Load(from + 16), mask);
        }
        else
        {
            ulong* from = (ulong*)(frame + move.Source), to = (ulong*)(frame + move.Destination);
            for (int k = 0; k < 32; k += 8) Put(to, k, Vector512.Load(from + k), mask);
        }
    }
}
