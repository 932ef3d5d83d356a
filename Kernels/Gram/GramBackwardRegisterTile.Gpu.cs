using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Gram;

// dF[a,m] (+)= Σ_b D[a,b] · F[b,m]: a product of [C, C] by [C, M], exact float32 in production.
//
// Group     64 channels × 128 positions, 128 threads; the grid is (⌈M/128⌉, ⌈C/64⌉).
// Threads   thread 16·i + j makes channels 4i … 4i+3, 32+4i … 35+4i and positions 4j … 4j+3, 64+4j … 67+4j: 4 reads of float4
//           for 64 multiply-adds.
// Stage     16 rows of F (128 positions each) and of D (64 channels each), 12 KB. D is symmetric, so a row of it is read
//           where the formula has a column, and neighbours read neighbours. Float4 where rows begin at 16 bytes.
// Traffic   C·(128 + 64) values for 8192 elements: 0.09·C bytes an element.
// Barriers  one after staging, one after multiplying.

/// <summary>dF (+)= D·F in float32, 8×8 elements a thread. Defined by <see cref="GramReference"/>.</summary>
public static class GramBackwardRegisterTile
{
    internal const int Threads = 128;
    internal const int Channels = 64;
    internal const int Positions = 128;

    /// <summary>Binary logarithms of the two: a division would cost a kernel dear.</summary>
    internal const int ChannelBits = 6, PositionBits = 7;
    private const int Step = 16;

    /// <summary>Groups and threads.</summary>
    /// <param name="channels">C.</param>
    /// <param name="positions">M; C·M below 2³¹.</param>
    public static KernelConfig Config(int channels, int positions) => new(
        new Index3D((positions + Positions - 1) / Positions, (channels + Channels - 1) / Channels, 1),
        new Index3D(Threads, 1, 1));

    /// <summary>dF (+)= D·F.</summary>
    /// <param name="d">D, [C, C], symmetric.</param>
    /// <param name="f">F, [C, M].</param>
    /// <param name="dF">[C, M]. Overwritten, or added to.</param>
    /// <param name="channels">C.</param>
    /// <param name="positions">M.</param>
    /// <param name="accumulate">0 overwrites.</param>
    public static void Backward(ArrayView<float> d, ArrayView<float> f, ArrayView<float> dF, int channels, int positions,
        int accumulate)
    {
        ArrayView<float> left = SharedMemory.Allocate<float>(Step * Channels);
        ArrayView<float> right = SharedMemory.Allocate<float>(Step * Positions);
        ArrayView<float> sums = LocalMemory.Allocate<float>(64);
        int firstPosition = Grid.IdxX * Positions, firstChannel = Grid.IdxY * Channels;
        int i = Group.IdxX >> 4, j = Group.IdxX & 15;
        for (int n = 0; n < 64; n++) sums[n] = 0f;

        for (int first = 0; first < channels; first += Step)
        {
            if ((channels & 3) == 0) StageFours(d, channels, channels, first, firstChannel, ChannelBits - 2, left);
            else StageSingles(d, channels, channels, first, firstChannel, ChannelBits, left);
            if ((positions & 3) == 0) StageFours(f, channels, positions, first, firstPosition, PositionBits - 2, right);
            else StageSingles(f, channels, positions, first, firstPosition, PositionBits, right);
            Group.Barrier();
            for (int k = 0; k < Step; k++) MultiplyRow(left, right, k, i, j, sums);
            Group.Barrier();
        }
        for (int a = 0; a < 8; a++)
            for (int half = 0; half < 2; half++)
            {
                int channel = firstChannel + (a < 4 ? 4 * i + a : 32 + 4 * i + a - 4);
                int position = firstPosition + half * 64 + 4 * j;
                StoreFour(dF, channels, positions, accumulate, channel, position, sums, a * 8 + half * 4);
            }
    }

    private static void MultiplyRow(ArrayView<float> left, ArrayView<float> right, int k, int i, int j, ArrayView<float> sums)
    {
        ArrayView<float> a = LocalMemory.Allocate<float>(8);
        ArrayView<float> b = LocalMemory.Allocate<float>(8);
        ReadEight(left.Cast<Float4>(), k * (Channels / 4) + i, Channels / 8, a);
        ReadEight(right.Cast<Float4>(), k * (Positions / 4) + j, Positions / 8, b);
        for (int p = 0; p < 8; p++)
            for (int q = 0; q < 8; q++)
                sums[p * 8 + q] += a[p] * b[q];
    }

    private static void ReadEight(ArrayView<Float4> fours, int begin, int apart, ArrayView<float> values)
    {
        Float4 low = fours[begin], high = fours[begin + apart];
        values[0] = low.X;
        values[1] = low.Y;
        values[2] = low.Z;
        values[3] = low.W;
        values[4] = high.X;
        values[5] = high.Y;
        values[6] = high.Z;
        values[7] = high.W;
    }

    /// <summary>Copies 16 rows from a matrix whose rows begin at multiples of 16 bytes. Rows beyond the last are zeros, columns
    /// beyond the last are the last ones again: their sums are not stored.</summary>
    private static void StageFours(ArrayView<float> matrix, int rows, int columns, int firstRow, int firstColumn, int widthBits,
        ArrayView<float> staged)
    {
        int line = Group.IdxX >> widthBits, across = Group.IdxX & (1 << widthBits) - 1;
        int column = Math.Min(firstColumn + across * 4, columns - 4);
        // What changes from step to step is the view alone, not a row's distance from the first.
        ArrayView<Float4> from = matrix.SubView(firstRow * columns + column).Cast<Float4>(), to = staged.Cast<Float4>();
        for (int i = 0; i < (Step << widthBits) / Threads; i++)
        {
            int row = line + i * (Threads >> widthBits);
            bool inside = firstRow + row < rows;
            Float4 four = from[inside ? row * (columns >> 2) : 0];
            to[i * Threads + Group.IdxX] = inside ? four : new Float4(0f, 0f, 0f, 0f);
        }
    }

    private static void StageSingles(ArrayView<float> matrix, int rows, int columns, int firstRow, int firstColumn, int widthBits,
        ArrayView<float> staged)
    {
        int line = Group.IdxX >> widthBits, across = Group.IdxX & (1 << widthBits) - 1;
        int column = Math.Min(firstColumn + across, columns - 1);
        ArrayView<float> from = matrix.SubView(firstRow * columns + column);
        for (int i = 0; i < (Step << widthBits) / Threads; i++)
        {
            int row = line + i * (Threads >> widthBits);
            bool inside = firstRow + row < rows;
            float value = from[inside ? row * columns : 0];
            staged[i * Threads + Group.IdxX] = inside ? value : 0f;
        }
    }

    private static void StoreFour(ArrayView<float> dF, int channels, int positions, int accumulate, int channel, int position,
        ArrayView<float> sums, int first)
    {
        if (channel >= channels | position >= positions) return;
        int index = channel * positions + position;
        if ((positions & 3) == 0)
        {
            ArrayView<Float4> fours = dF.Cast<Float4>();
            Float4 before = accumulate != 0 ? fours[index >> 2] : new Float4(0f, 0f, 0f, 0f);
            fours[index >> 2] = new Float4(before.X + sums[first], before.Y + sums[first + 1], before.Z + sums[first + 2],
                before.W + sums[first + 3]);
        }
        else
        {
            for (int p = 0; p < 4; p++)
                if (position + p < positions) dF[index + p] = accumulate != 0 ? dF[index + p] + sums[first + p] : sums[first + p];
        }
    }
}
