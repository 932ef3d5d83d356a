using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Gram;

// Third rung, exact float32 in production. P[part, a, b] = Σ over the part's positions of F[a,m] · F[b,m].
//
// Group     a tile of 64×64 elements on or below the diagonal and one part of the positions; the grid is (tiles, parts).
// Threads   64, each 8×8 elements: thread 8·i + j makes rows 4i … 4i+3, 32+4i … 35+4i and columns likewise by j. For one position
//           it reads 4 float4 for 64 multiply-adds; the lanes of a warp read 4 and 8 different ones (broadcast).
// Stage     16 positions of 2·64 rows, turned round so that the channels of one position lie side by side (pitch 68: rows stay
//           aligned and the turned writes meet on a bank only in pairs). Read as float4 where rows of F begin at 16 bytes.
// Traffic   2·64·M values for 4096 elements: M/8 bytes an element, a quarter of the second rung.
// Barriers  one after staging, one after multiplying. Many small groups share a multiprocessor and hide each other's staging.

/// <summary>Partial Gram matrices in float32, 8×8 elements a thread. <see cref="GramReduction"/> adds them. Defined by
/// <see cref="GramReference"/>.</summary>
public static class GramRegisterTile
{
    private const int Threads = 64;
    private const int Channels = GramSplit.TileChannels;
    private const int Step = 16;
    private const int Pitch = Channels + 4;

    /// <summary>Groups and threads.</summary>
    public static KernelConfig Config(GramSplit split) => split.Config(Threads);

    /// <summary>P = F·Fᵀ of each part.</summary>
    /// <param name="f">F, [C, M].</param>
    /// <param name="partials">P, [parts, C, C]. Overwritten on and below the diagonal.</param>
    /// <param name="split">C, M and the parts.</param>
    public static void Forward(ArrayView<float> f, ArrayView<float> partials, GramSplit split)
    {
        ArrayView<float> rows = SharedMemory.Allocate<float>(Step * Pitch);
        ArrayView<float> columns = SharedMemory.Allocate<float>(Step * Pitch);
        ArrayView<float> sums = LocalMemory.Allocate<float>(64);
        GramTile tile = GramTile.OfGroup(split);
        int i = Group.IdxX >> 3, j = Group.IdxX & 7;
        for (int n = 0; n < 64; n++) sums[n] = 0f;

        for (int first = tile.Begin; first < tile.End; first += Step)
        {
            if ((split.Positions & 3) == 0)
            {
                StageFours(f, split, tile.FirstRow, first, tile.End, rows);
                StageFours(f, split, tile.FirstColumn, first, tile.End, columns);
            }
            else
            {
                StageSingles(f, split, tile.FirstRow, first, tile.End, rows);
                StageSingles(f, split, tile.FirstColumn, first, tile.End, columns);
            }
            Group.Barrier();
            for (int m = 0; m < Step; m++) MultiplyPosition(rows, columns, m, i, j, sums);
            Group.Barrier();
        }
        for (int a = 0; a < 8; a++)
            for (int b = 0; b < 8; b++)
                GramTile.Store(partials, split, tile.FirstRow + Place(i, a), tile.FirstColumn + Place(j, b), sums[a * 8 + b]);
    }

    private static int Place(int thread, int n) => n < 4 ? 4 * thread + n : 32 + 4 * thread + n - 4;

    private static void MultiplyPosition(ArrayView<float> rows, ArrayView<float> columns, int m, int i, int j,
        ArrayView<float> sums)
    {
        ArrayView<float> left = LocalMemory.Allocate<float>(8);
        ArrayView<float> right = LocalMemory.Allocate<float>(8);
        ReadEight(rows.Cast<Float4>(), m * (Pitch / 4) + i, left);
        ReadEight(columns.Cast<Float4>(), m * (Pitch / 4) + j, right);
        for (int a = 0; a < 8; a++)
            for (int b = 0; b < 8; b++)
                sums[a * 8 + b] += left[a] * right[b];
    }

    private static void ReadEight(ArrayView<Float4> fours, int begin, ArrayView<float> values)
    {
        Float4 low = fours[begin], high = fours[begin + 8];
        values[0] = low.X;
        values[1] = low.Y;
        values[2] = low.Z;
        values[3] = low.W;
        values[4] = high.X;
        values[5] = high.Y;
        values[6] = high.Z;
        values[7] = high.W;
    }

    // A part begins at a multiple of 32 and M is a multiple of 4: four neighbours are all inside or all outside. Rows beyond the
    // last channel are the last one's again: their sums are not stored.
    private static void StageFours(ArrayView<float> f, GramSplit split, int firstChannel, int first, int end,
        ArrayView<float> staged)
    {
        int across = (Group.IdxX & 3) * 4, row = Group.IdxX >> 2, position = first + across, place = across * Pitch + row;
        bool inside = position < end;
        // What changes from step to step is the view alone, not a row's distance from the first.
        ArrayView<Float4> fours = f.SubView(Math.Min(position, end - 4)).Cast<Float4>();
        for (int n = 0; n < 4; n++)
        {
            int channel = Math.Min(firstChannel + row + n * 16, split.Channels - 1);
            Float4 four = fours[channel * (split.Positions >> 2)];
            staged[place + n * 16] = inside ? four.X : 0f;
            staged[place + Pitch + n * 16] = inside ? four.Y : 0f;
            staged[place + 2 * Pitch + n * 16] = inside ? four.Z : 0f;
            staged[place + 3 * Pitch + n * 16] = inside ? four.W : 0f;
        }
    }

    private static void StageSingles(ArrayView<float> f, GramSplit split, int firstChannel, int first, int end,
        ArrayView<float> staged)
    {
        int across = Group.IdxX & 15, row = Group.IdxX >> 4, position = first + across;
        bool inside = position < end;
        ArrayView<float> from = f.SubView(Math.Min(position, end - 1));
        for (int n = 0; n < 16; n++)
        {
            int channel = Math.Min(firstChannel + row + n * 4, split.Channels - 1);
            float value = from[channel * split.Positions];
            staged[across * Pitch + row + n * 4] = inside ? value : 0f;
        }
    }
}
