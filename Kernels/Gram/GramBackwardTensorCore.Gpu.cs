using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Gram;

// dF[a,m] (+)= Σ_b D[a,b] · F[b,m] on tensor cores, in production where TF32 is allowed (sm_80 and later).
//
// Group     64 channels × 128 positions, 4 warps; the grid is (⌈M/128⌉, ⌈C/64⌉).
// Warps     each 32 channels × 64 positions: 2 tiles of 16 rows by 8 tiles of 8 columns, 64 sums a lane.
// Step      16 channels b, two products of 8. D is symmetric: its rows are staged where the formula has columns.
// Banks     A: lane 4g + m reads channel g of row m; B: position g of row m. With pitches of 72 and 136, both 8 more than a
//           multiple of 32, the 32 lanes fall on 32 banks.
// Pipeline  three slots of 16·(72 + 136) floats, 39 KB, asked for two steps ahead; Wait(1) leaves the next step's under way.
//           16-byte copies where rows begin at 16 bytes, else 4-byte ones.
// Barrier   one a step, behind Wait: copies are everybody's, and all are done with the step before, whose slot is filled
//           next.
// Traffic   as the register tile's, 0.09·C bytes an element.
// Rounding  D and F to TF32 when they are read from shared memory; sums are float32.

/// <summary>dF (+)= D·F on tensor cores in TF32. Defined by <see cref="GramReference"/> of rounded inputs.</summary>
public static class GramBackwardTensorCore
{
    private const int Threads = GramBackwardRegisterTile.Threads;
    private const int Channels = GramBackwardRegisterTile.Channels;
    private const int Positions = GramBackwardRegisterTile.Positions;
    private const int ChannelBits = GramBackwardRegisterTile.ChannelBits;
    private const int PositionBits = GramBackwardRegisterTile.PositionBits;
    private const int Step = 16;
    private const int LeftPitch = Channels + 8;
    private const int RightPitch = Positions + 8;
    private const int Right = Step * LeftPitch;
    private const int Slot = Right + Step * RightPitch;
    private const int Slots = 3;

    /// <inheritdoc cref="GramBackwardRegisterTile.Config"/>
    public static KernelConfig Config(int channels, int positions) => GramBackwardRegisterTile.Config(channels, positions);

    /// <summary>dF (+)= D·F, both rounded to TF32.</summary>
    /// <param name="d">D, [C, C], symmetric.</param>
    /// <param name="f">F, [C, M].</param>
    /// <param name="dF">[C, M]. Overwritten, or added to.</param>
    /// <param name="channels">C.</param>
    /// <param name="positions">M.</param>
    /// <param name="accumulate">0 overwrites.</param>
    public static void Backward(ArrayView<float> d, ArrayView<float> f, ArrayView<float> dF, int channels, int positions,
        int accumulate)
    {
        ArrayView<float> staged = SharedMemory.Allocate<float>(Slots * Slot);
        ArrayView<float> sums = LocalMemory.Allocate<float>(64);
        ArrayView<float> right = LocalMemory.Allocate<float>(16);
        int firstPosition = Grid.IdxX * Positions, firstChannel = Grid.IdxY * Channels;
        int warp = Group.IdxX >> 5, group = (Group.IdxX & 31) >> 2, member = Group.IdxX & 3;
        int warpChannel = (warp >> 1) * 32, warpPosition = (warp & 1) * 64;
        for (int n = 0; n < 64; n++) sums[n] = 0f;

        Stage(d, f, channels, positions, 0, firstChannel, firstPosition, staged, 0);
        Stage(d, f, channels, positions, Step, firstChannel, firstPosition, staged, Slot);
        int slot = 0, ahead = 2 * Slot;
        for (int first = 0; first < channels; first += Step)
        {
            AsyncCopy.Wait(1);
            Group.Barrier();
            Stage(d, f, channels, positions, first + 2 * Step, firstChannel, firstPosition, staged, ahead);
            for (int k = 0; k < Step; k += 8)
                MultiplyEight(staged, slot + (k + member) * LeftPitch + warpChannel + group,
                    slot + Right + (k + member) * RightPitch + warpPosition + group, right, sums);
            slot = slot == (Slots - 1) * Slot ? 0 : slot + Slot;
            ahead = ahead == (Slots - 1) * Slot ? 0 : ahead + Slot;
        }

        for (int a = 0; a < 2; a++)
            for (int half = 0; half < 2; half++)
                for (int b = 0; b < 8; b++)
                {
                    int n = (a * 8 + b) * 4 + half * 2;
                    StorePair(dF, channels, positions, accumulate, firstChannel + warpChannel + a * 16 + half * 8 + group,
                        firstPosition + warpPosition + b * 8 + 2 * member, sums[n], sums[n + 1]);
                }
    }

    private static void MultiplyEight(ArrayView<float> staged, int rows, int columns, ArrayView<float> right,
        ArrayView<float> sums)
    {
        for (int b = 0; b < 8; b++)
        {
            right[2 * b] = TensorCore.RoundToTf32(staged[columns + b * 8]);
            right[2 * b + 1] = TensorCore.RoundToTf32(staged[columns + b * 8 + 4 * RightPitch]);
        }
        for (int a = 0; a < 2; a++)
        {
            float a0 = TensorCore.RoundToTf32(staged[rows + a * 16]), a1 = TensorCore.RoundToTf32(staged[rows + a * 16 + 8]);
            float a2 = TensorCore.RoundToTf32(staged[rows + a * 16 + 4 * LeftPitch]);
            float a3 = TensorCore.RoundToTf32(staged[rows + a * 16 + 8 + 4 * LeftPitch]);
            for (int b = 0; b < 8; b++)
            {
                int n = (a * 8 + b) * 4;
                TensorCore.MultiplyAddM16N8K8(ref sums[n], ref sums[n + 1], ref sums[n + 2], ref sums[n + 3],
                    a0, a1, a2, a3, right[2 * b], right[2 * b + 1]);
            }
        }
    }

    // Begins the copies of one step and closes their group; past the last channel the group is empty.
    private static void Stage(ArrayView<float> d, ArrayView<float> f, int channels, int positions, int first, int firstChannel,
        int firstPosition, ArrayView<float> staged, int slot)
    {
        if (first < channels)
        {
            if ((channels & 3) == 0)
                StageFours(d, channels, channels, first, firstChannel, ChannelBits - 2, staged, slot, LeftPitch);
            else StageSingles(d, channels, channels, first, firstChannel, ChannelBits, staged, slot, LeftPitch);
            if ((positions & 3) == 0)
                StageFours(f, channels, positions, first, firstPosition, PositionBits - 2, staged, slot + Right, RightPitch);
            else StageSingles(f, channels, positions, first, firstPosition, PositionBits, staged, slot + Right, RightPitch);
        }
        AsyncCopy.Commit();
    }

    private static void StageFours(ArrayView<float> matrix, int rows, int columns, int firstRow, int firstColumn, int widthBits,
        ArrayView<float> staged, int place, int pitch)
    {
        ArrayView<Float4> from = matrix.Cast<Float4>(), to = staged.Cast<Float4>();
        for (int i = 0; i < (Step << widthBits) / Threads; i++)
        {
            int n = i * Threads + Group.IdxX;
            int line = n >> widthBits, across = n & (1 << widthBits) - 1;
            int row = firstRow + line, column = firstColumn + across * 4;
            bool inside = row < rows & column < columns;
            AsyncCopy.CopyOrZero(ref to[(place >> 2) + line * (pitch >> 2) + across],
                ref from[inside ? (row * columns + column) >> 2 : 0], inside);
        }
    }

    private static void StageSingles(ArrayView<float> matrix, int rows, int columns, int firstRow, int firstColumn, int widthBits,
        ArrayView<float> staged, int place, int pitch)
    {
        for (int i = 0; i < (Step << widthBits) / Threads; i++)
        {
            int n = i * Threads + Group.IdxX;
            int line = n >> widthBits, across = n & (1 << widthBits) - 1;
            int row = firstRow + line, column = firstColumn + across;
            bool inside = row < rows & column < columns;
            AsyncCopy.CopyOrZero(ref staged[place + line * pitch + across],
                ref matrix[inside ? row * columns + column : 0], inside);
        }
    }

    private static void StorePair(ArrayView<float> dF, int channels, int positions, int accumulate, int channel, int position,
        float first, float second)
    {
        if (channel >= channels | position >= positions) return;
        int index = channel * positions + position;
        if ((positions & 1) == 0)
        {
            ArrayView<Float2> pairs = dF.Cast<Float2>();
            Float2 before = accumulate != 0 ? pairs[index >> 1] : new Float2(0f, 0f);
            pairs[index >> 1] = new Float2(before.X + first, before.Y + second);
        }
        else
        {
            dF[index] = accumulate != 0 ? dF[index] + first : first;
            if (position + 1 < positions) dF[index + 1] = accumulate != 0 ? dF[index + 1] + second : second;
        }
    }
}
