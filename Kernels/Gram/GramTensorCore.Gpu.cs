using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Gram;

// Fourth rung, in production where TF32 is allowed (sm_80 and later). The same tiles and parts as the third, made by
// mma.m16n8k8.
//
// Group     a tile of 64×64 elements on or below the diagonal and one part of the positions; the grid is (tiles, parts).
// Warps     4, each 32×32 elements: 2 tiles of 16 rows by 4 tiles of 8 columns, 32 sums a lane.
// Step      32 positions, that is four products of 8. Both sides are rows of F as they lie in memory. Which of the 8
//           positions of a product is the hardware's number k is free, as long as both sides agree: lane member m takes
//           positions 2m and 2m+1 for k = m and m+4, so that one Float2 holds both.
// Banks     lane 4g + m reads row g, positions 2m, 2m+1: with a pitch of 40 the 16 lanes of half a warp fall on 32 banks.
// Pipeline  two slots of 2·64 rows, 40 KB; 16-byte copies where rows of F begin at 16 bytes, else 4-byte ones.
// Barriers  one a step behind Wait(0): the slot that was copied is everybody's, and all are done with the other, which is
//           filled next.
// Traffic   as on the third rung, M/8 bytes an element; what falls is the number of instructions.
// Rounding  F to TF32 when it is read from shared memory; sums are float32.

/// <summary>Partial Gram matrices on tensor cores in TF32. <see cref="GramReduction"/> adds them. Defined by
/// <see cref="GramReference"/> of rounded inputs.</summary>
public static class GramTensorCore
{
    private const int Threads = 128;
    private const int Channels = GramSplit.TileChannels;
    private const int Step = 32;
    private const int Pitch = Step + 8;
    private const int Side = Channels * Pitch;
    private const int Slot = 2 * Side;

    /// <summary>Groups and threads.</summary>
    public static KernelConfig Config(GramSplit split) => split.Config(Threads);

    /// <summary>P = F·Fᵀ of each part, F rounded to TF32.</summary>
    /// <param name="f">F, [C, M].</param>
    /// <param name="partials">P, [parts, C, C]. Overwritten on and below the diagonal.</param>
    /// <param name="split">C, M and the parts.</param>
    public static void Forward(ArrayView<float> f, ArrayView<float> partials, GramSplit split)
    {
        ArrayView<float> staged = SharedMemory.Allocate<float>(2 * Slot);
        ArrayView<float> sums = LocalMemory.Allocate<float>(32);
        ArrayView<float> right = LocalMemory.Allocate<float>(8);
        GramTile tile = GramTile.OfGroup(split);
        int warp = Group.IdxX >> 5, group = (Group.IdxX & 31) >> 2, member = Group.IdxX & 3;
        int warpRow = (warp >> 1) * 32, warpColumn = (warp & 1) * 32;
        for (int n = 0; n < 32; n++) sums[n] = 0f;

        Stage(f, split, tile, tile.Begin, staged, 0);
        int slot = 0;
        for (int first = tile.Begin; first < tile.End; first += Step)
        {
            AsyncCopy.Wait(0);
            Group.Barrier();
            if (first + Step < tile.End) Stage(f, split, tile, first + Step, staged, Slot - slot);
            int rows = slot + (warpRow + group) * Pitch + 2 * member;
            int columns = slot + Side + (warpColumn + group) * Pitch + 2 * member;
            for (int k = 0; k < Step; k += 8) MultiplyEight(staged.Cast<Float2>(), rows + k, columns + k, right, sums);
            slot = Slot - slot;
        }

        for (int a = 0; a < 2; a++)
            for (int b = 0; b < 4; b++)
                for (int d = 0; d < 4; d++)
                    GramTile.Store(partials, split, tile.FirstRow + warpRow + a * 16 + d / 2 * 8 + group,
                        tile.FirstColumn + warpColumn + b * 8 + 2 * member + d % 2, sums[(a * 4 + b) * 4 + d]);
    }

    // Offsets are in floats and even.
    private static void MultiplyEight(ArrayView<Float2> staged, int rows, int columns, ArrayView<float> right,
        ArrayView<float> sums)
    {
        for (int b = 0; b < 4; b++)
        {
            Float2 pair = staged[(columns + b * 8 * Pitch) >> 1];
            right[2 * b] = TensorCore.RoundToTf32(pair.X);
            right[2 * b + 1] = TensorCore.RoundToTf32(pair.Y);
        }
        for (int a = 0; a < 2; a++)
        {
            Float2 upper = staged[(rows + a * 16 * Pitch) >> 1], lower = staged[(rows + (a * 16 + 8) * Pitch) >> 1];
            float a0 = TensorCore.RoundToTf32(upper.X), a2 = TensorCore.RoundToTf32(upper.Y);
            float a1 = TensorCore.RoundToTf32(lower.X), a3 = TensorCore.RoundToTf32(lower.Y);
            for (int b = 0; b < 4; b++)
            {
                int d = (a * 4 + b) * 4;
                TensorCore.MultiplyAddM16N8K8(ref sums[d], ref sums[d + 1], ref sums[d + 2], ref sums[d + 3],
                    a0, a1, a2, a3, right[2 * b], right[2 * b + 1]);
            }
        }
    }

    private static void Stage(ArrayView<float> f, GramSplit split, GramTile tile, int first, ArrayView<float> staged, int slot)
    {
        if ((split.Positions & 3) == 0)
        {
            StageFours(f, split, tile.FirstRow, first, tile.End, staged, slot);
            StageFours(f, split, tile.FirstColumn, first, tile.End, staged, slot + Side);
        }
        else
        {
            StageSingles(f, split, tile.FirstRow, first, tile.End, staged, slot);
            StageSingles(f, split, tile.FirstColumn, first, tile.End, staged, slot + Side);
        }
        AsyncCopy.Commit();
    }

    // 8 lanes copy the 128 bytes of a row. A part begins at a multiple of 32: four neighbours are all inside or all outside.
    private static void StageFours(ArrayView<float> f, GramSplit split, int firstChannel, int first, int end,
        ArrayView<float> staged, int place)
    {
        ArrayView<Float4> from = f.Cast<Float4>(), to = staged.Cast<Float4>();
        int position = first + (Group.IdxX & 7) * 4, row = Group.IdxX >> 3;
        for (int n = 0; n < Channels / 16; n++)
        {
            int channel = firstChannel + row + n * 16;
            bool inside = channel < split.Channels & position < end;
            int begin = inside ? (channel * split.Positions + position) >> 2 : 0;
            AsyncCopy.CopyOrZero(ref to[((place + (row + n * 16) * Pitch) >> 2) + (Group.IdxX & 7)], ref from[begin], inside);
        }
    }

    // A warp copies a row.
    private static void StageSingles(ArrayView<float> f, GramSplit split, int firstChannel, int first, int end,
        ArrayView<float> staged, int place)
    {
        int position = first + (Group.IdxX & 31), row = Group.IdxX >> 5;
        for (int n = 0; n < Channels / 4; n++)
        {
            int channel = firstChannel + row + n * 4;
            bool inside = channel < split.Channels & position < end;
            AsyncCopy.CopyOrZero(ref staged[place + (row + n * 4) * Pitch + (Group.IdxX & 31)],
                ref f[inside ? channel * split.Positions + position : 0], inside);
        }
    }
}
