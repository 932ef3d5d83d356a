using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Gram;

// dF[a,m] (+)= Σ_b D[a,b] · F[b,m] on tensor cores, in production where TF32 is allowed (sm_80 and later).
//
// Group     64 channels × 128 positions, 4 warps; the grid is (⌈M/128⌉, ⌈C/64⌉).
// Warps     warp = 2·k + h makes all 64 channels × the 64 positions of half h from half k of each step's channels b, 128 sums a
//           lane: a value that was read and rounded is used for 8 (position) or 4 (channel) products. At the end the two of a
//           half exchange halves of their sums through shared memory, so that each writes 32 positions.
// Step      16 channels b, a product of 8 for either k. The product is made turned round, [positions × b]·[b × channels]: A comes
//           from rows of F, B from rows of D. Which of the 8 channels b is the hardware's number k is free, and so is which of
//           16 positions is which row of A: lane 4g + m takes b = 2m, 2m+1 and positions 2g, 2g+1 of each 16, so that a
//           Float2 of D is b0, b1 and a Float2 of F is a0, a1 or a2, a3, and stores are pairs of positions.
// Banks     A: Float2 g of row 2m (2m+1); pitch 132, so that rows 2m lie 8 banks apart. B: half of four 2·k + m/2 of row g;
//           with the fours of rows 2, 3, 6 and 7 of 8 put at number ^ 2 the 16 lanes of half a warp fall on 32
//           banks.
// Pipeline  three slots of 64·16 + 16·132 floats, 37 KB, asked for two steps ahead; Wait(1) leaves the next step's under way.
//           16-byte copies where rows of D and of F begin at 16 bytes, else 4-byte ones (GramBackwardCopies).
// Barriers  one a step, behind Wait: copies are everybody's, and all are done with the step before, whose slot is filled next.
//           At the end two around the exchange.
// Traffic   as the register tile's, 0.09·C bytes an element.
// Rounding  D and F to TF32 when they are read from shared memory; sums are float32.

/// <summary>dF (+)= D·F on tensor cores in TF32. Defined by <see cref="GramReference"/> of rounded inputs.</summary>
public static class GramBackwardTensorCore
{
    internal const int Channels = GramBackwardRegisterTile.Channels;
    internal const int Positions = GramBackwardRegisterTile.Positions;
    internal const int Step = 16;
    internal const int RightPitch = Positions + 4;
    internal const int Right = Channels * Step;
    internal const int Slot = Right + Step * RightPitch;
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
        ArrayView<float> sums = LocalMemory.Allocate<float>(128);
        for (int n = 0; n < 128; n++) sums[n] = 0f;
        // A loop for each width of copy: neither carries the other's addresses.
        if ((channels & 3) == 0 & (positions & 3) == 0)
            AddChannels(default(GramBackwardFourCopies), d, f, channels, positions, staged, sums);
        else AddChannels(default(GramBackwardSingleCopies), d, f, channels, positions, staged, sums);

        // The first half of the sums stays with the warps of k = 0, the second with those of k = 1.
        ArrayView<Float4> left = staged.Cast<Float4>();
        int warp = Group.IdxX >> 5;
        Group.Barrier();
        if (warp < 2) Leave(sums, 64, warp, left);
        else Leave(sums, 0, warp, left);
        Group.Barrier();
        if (warp < 2) AddAndStore(sums, 0, warp + 2, left, dF, channels, positions, accumulate);
        else AddAndStore(sums, 64, warp - 2, left, dF, channels, positions, accumulate);
    }

    /// <summary>Where a four of a row of D lies among the four of that row.</summary>
    internal static int Place(int row, int four) => four ^ row & 2;

    private static void AddChannels<TCopies>(TCopies copies, ArrayView<float> d, ArrayView<float> f, int channels, int positions,
        ArrayView<float> staged, ArrayView<float> sums)
        where TCopies : struct, IGramBackwardCopies
    {
        int k = Group.IdxX >> 6, h = Group.IdxX >> 5 & 1, group = (Group.IdxX & 31) >> 2, member = Group.IdxX & 3;
        int rows = Right / 2 + (8 * k + 2 * member) * (RightPitch / 2) + 32 * h + group;
        int columns = group * (Step / 2) + Place(group, 2 * k + (member >> 1)) * 2 + (member & 1);
        copies.Begin(d, f, channels, positions, 0, staged, 0);
        AsyncCopy.Commit();
        if (Step < channels) copies.Begin(d, f, channels, positions, Step, staged, Slot);
        AsyncCopy.Commit();
        int slot = 0, ahead = 2 * Slot;
        for (int first = 0; first < channels; first += Step)
        {
            AsyncCopy.Wait(1);
            Group.Barrier();
            if (first + 2 * Step < channels) copies.Begin(d, f, channels, positions, first + 2 * Step, staged, ahead);
            AsyncCopy.Commit();
            MultiplyEight(staged.SubView(slot, Slot).Cast<Float2>(), rows, columns, sums);
            slot = slot == (Slots - 1) * Slot ? 0 : slot + Slot;
            ahead = ahead == (Slots - 1) * Slot ? 0 : ahead + Slot;
        }
    }

    // Sums lie as [4 tiles of positions, 8 tiles of channels, d0 … d3]: positions 2g (d0, d1) and 2g+1 of channels 2m and 2m+1.
    private static void MultiplyEight(ArrayView<Float2> staged, int rows, int columns, ArrayView<float> sums)
    {
        ArrayView<float> right = LocalMemory.Allocate<float>(16);
        for (int b = 0; b < 8; b++)
        {
            Float2 pair = staged[columns + b * 8 * (Step / 2)];
            right[2 * b] = TensorCore.RoundToTf32(pair.X);
            right[2 * b + 1] = TensorCore.RoundToTf32(pair.Y);
        }
        for (int a = 0; a < 4; a++)
        {
            Float2 near = staged[rows + a * 8], far = staged[rows + a * 8 + RightPitch / 2];
            float a0 = TensorCore.RoundToTf32(near.X), a1 = TensorCore.RoundToTf32(near.Y);
            float a2 = TensorCore.RoundToTf32(far.X), a3 = TensorCore.RoundToTf32(far.Y);
            for (int b = 0; b < 8; b++)
            {
                int n = (a * 8 + b) * 4;
                TensorCore.MultiplyAddM16N8K8(ref sums[n], ref sums[n + 1], ref sums[n + 2], ref sums[n + 3],
                    a0, a1, a2, a3, right[2 * b], right[2 * b + 1]);
            }
        }
    }

    private static void Leave(ArrayView<float> sums, int begin, int warp, ArrayView<Float4> left)
    {
        for (int n = 0; n < 16; n++)
        {
            int d = begin + n * 4;
            left[(warp * 16 + n) * 32 + (Group.IdxX & 31)] = new Float4(sums[d], sums[d + 1], sums[d + 2], sums[d + 3]);
        }
    }

    private static void AddAndStore(ArrayView<float> sums, int begin, int other, ArrayView<Float4> left, ArrayView<float> dF,
        int channels, int positions, int accumulate)
    {
        int lane = Group.IdxX & 31;
        int channel = Grid.IdxY * Channels + 2 * (lane & 3);
        int position = Grid.IdxX * Positions + (Group.IdxX >> 5 & 1) * 64 + 2 * (lane >> 2);
        for (int n = 0; n < 16; n++)
        {
            int d = begin + n * 4;
            Float4 part = left[(other * 16 + n) * 32 + lane];
            int c = channel + n % 8 * 8, p = position + d / 32 * 16;
            StorePair(dF, channels, positions, accumulate, c, p, sums[d] + part.X, sums[d + 2] + part.Z);
            StorePair(dF, channels, positions, accumulate, c + 1, p, sums[d + 1] + part.Y, sums[d + 3] + part.W);
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
