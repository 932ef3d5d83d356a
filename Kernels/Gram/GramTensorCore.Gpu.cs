using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Gram;

// Fourth rung, in production where TF32 is allowed (sm_80 and later). The same tiles and parts as the third, made by
// mma.m16n8k8.
//
// Group     a tile of 64×64 elements on or below the diagonal and one part of the positions; the grid is (tiles, parts).
// Warps     4, each the whole tile, 128 sums a lane, for a quarter of the positions: every value is read from shared memory
//           and rounded once, and one that was read is used for 8 (row) or 4 (column) products. The warps' sums are added at
//           the end, through shared memory, in the order of the warps.
// Step      32 positions, that is one product of 8 a warp. Both sides are rows of F as they lie in memory. Which of the 8
//           positions of a product is the hardware's number k is free, as long as both sides agree: lane member m takes
//           positions 2m and 2m+1 for k = m and m+4, so that one Float2 holds both.
// Banks     a row is 8 fours of positions, all 32 banks. Lane 4g + m reads half of four 2·warp + m/2 of row g: with the fours of
//           row g put at number ^ 2·(g mod 4), the 16 lanes of half a warp fall on 32 banks.
// Pipeline  three slots of 2·64 rows, 48 KB, asked for two steps ahead; Wait(1) leaves the next step's under way. 16-byte
//           copies where rows of F begin at 16 bytes, else 4-byte ones (GramCopies).
// Barriers  one a step behind Wait: the slot that was copied is everybody's, and all are done with the step before, whose slot
//           is filled next. At the end two for each half of the sums: the memory is free, the sums are there.
// Traffic   as on the third rung, M/8 bytes an element; what falls is the number of instructions.
// Rounding  F to TF32 when it is read from shared memory; sums are float32.

/// <summary>Partial Gram matrices on tensor cores in TF32. <see cref="GramReduction"/> adds them. Defined by
/// <see cref="GramReference"/> of rounded inputs.</summary>
public static class GramTensorCore
{
    internal const int Threads = 128;
    internal const int Channels = GramSplit.TileChannels;
    internal const int Step = 32;
    internal const int Side = Channels * Step;
    private const int Slot = 2 * Side;
    private const int Slots = 3;
    private const int Warps = Threads / 32;

    // 16 rows of Float2.
    private const int TileRows = 16 * Step / 2;

    /// <summary>Groups and threads.</summary>
    public static KernelConfig Config(GramSplit split) => split.Config(Threads);

    /// <summary>P = F·Fᵀ of each part, F rounded to TF32.</summary>
    /// <param name="f">F, [C, M].</param>
    /// <param name="partials">P, [parts, C, C]. Overwritten on and below the diagonal.</param>
    /// <param name="split">C, M and the parts.</param>
    public static void Forward(ArrayView<float> f, ArrayView<float> partials, GramSplit split)
    {
        ArrayView<float> staged = SharedMemory.Allocate<float>(Slots * Slot);
        ArrayView<float> sums = LocalMemory.Allocate<float>(128);
        GramTile tile = GramTile.OfGroup(split);
        for (int n = 0; n < 128; n++) sums[n] = 0f;
        // A loop for each width of copy: neither carries the other's addresses.
        if ((split.Positions & 3) == 0) AddPositions(default(GramFourCopies), f, split, tile, staged, sums);
        else AddPositions(default(GramSingleCopies), f, split, tile, staged, sums);
        AddWarps(partials, split, tile, staged.Cast<Float4>(), sums);
    }

    /// <summary>Where a four of a row lies among the eight of that row.</summary>
    internal static int Place(int row, int four) => four ^ 2 * (row & 3);

    private static void AddPositions<TCopies>(TCopies copies, ArrayView<float> f, GramSplit split, GramTile tile,
        ArrayView<float> staged, ArrayView<float> sums)
        where TCopies : struct, IGramCopies
    {
        int group = (Group.IdxX & 31) >> 2, member = Group.IdxX & 3;
        int begin = group * (Step / 2) + Place(group, 2 * (Group.IdxX >> 5) + (member >> 1)) * 2 + (member & 1);
        copies.Begin(f, split, tile, tile.Begin, staged, 0);
        AsyncCopy.Commit();
        if (tile.Begin + Step < tile.End) copies.Begin(f, split, tile, tile.Begin + Step, staged, Slot);
        AsyncCopy.Commit();
        int slot = 0, ahead = 2 * Slot;
        for (int first = tile.Begin; first < tile.End; first += Step)
        {
            AsyncCopy.Wait(1);
            Group.Barrier();
            if (first + 2 * Step < tile.End) copies.Begin(f, split, tile, first + 2 * Step, staged, ahead);
            AsyncCopy.Commit();
            MultiplyEight(staged.SubView(slot, Slot).Cast<Float2>(), begin, sums);
            slot = slot == (Slots - 1) * Slot ? 0 : slot + Slot;
            ahead = ahead == (Slots - 1) * Slot ? 0 : ahead + Slot;
        }
    }

    private static void MultiplyEight(ArrayView<Float2> staged, int begin, ArrayView<float> sums)
    {
        ArrayView<float> right = LocalMemory.Allocate<float>(16);
        for (int b = 0; b < 8; b++)
        {
            Float2 pair = staged[begin + Side / 2 + b * TileRows / 2];
            right[2 * b] = TensorCore.RoundToTf32(pair.X);
            right[2 * b + 1] = TensorCore.RoundToTf32(pair.Y);
        }
        for (int a = 0; a < 4; a++)
        {
            Float2 upper = staged[begin + a * TileRows], lower = staged[begin + a * TileRows + TileRows / 2];
            float a0 = TensorCore.RoundToTf32(upper.X), a2 = TensorCore.RoundToTf32(upper.Y);
            float a1 = TensorCore.RoundToTf32(lower.X), a3 = TensorCore.RoundToTf32(lower.Y);
            for (int b = 0; b < 8; b++)
            {
                int d = (a * 8 + b) * 4;
                TensorCore.MultiplyAddM16N8K8(ref sums[d], ref sums[d + 1], ref sums[d + 2], ref sums[d + 3],
                    a0, a1, a2, a3, right[2 * b], right[2 * b + 1]);
            }
        }
    }

    // A half at a time, for which the slots have room: each warp leaves its own, then adds and writes a quarter of all.
    private static void AddWarps(ArrayView<float> partials, GramSplit split, GramTile tile, ArrayView<Float4> left,
        ArrayView<float> sums)
    {
        int warp = Group.IdxX >> 5, lane = Group.IdxX & 31;
        for (int half = 0; half < 2; half++)
        {
            Group.Barrier();
            for (int n = 0; n < 16; n++)
            {
                int d = half * 64 + n * 4;
                left[(warp * 16 + n) * 32 + lane] = new Float4(sums[d], sums[d + 1], sums[d + 2], sums[d + 3]);
            }
            Group.Barrier();
            int row = tile.FirstRow + (half * 2 + (warp >> 1)) * 16 + (lane >> 2);
            int column = tile.FirstColumn + (warp & 1) * 32 + 2 * (lane & 3);
            for (int n = 0; n < 4; n++)
            {
                Float4 sum = new(0f, 0f, 0f, 0f);
                for (int w = 0; w < Warps; w++)
                {
                    Float4 part = left[(w * 16 + warp * 4 + n) * 32 + lane];
                    sum = new Float4(sum.X + part.X, sum.Y + part.Y, sum.Z + part.Z, sum.W + part.W);
                }
                GramTile.Store(partials, split, row, column + n * 8, sum.X);
                GramTile.Store(partials, split, row, column + n * 8 + 1, sum.Y);
                GramTile.Store(partials, split, row + 8, column + n * 8, sum.Z);
                GramTile.Store(partials, split, row + 8, column + n * 8 + 1, sum.W);
            }
        }
    }
}
