using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Gram;

// How the tensor cores' kernel of the Gram gradient brings one step, 16 channels b, to shared memory: 16 columns of 64 rows of D
// and 128 columns of 16 rows of F.
//
// Outside   rows a of D beyond the last channel and positions beyond the last are the last ones again: their sums are not
//           stored. Channels b beyond the last are zeros; nothing is read there.
// Addresses what changes from step to step is the same for all copies of a thread: D from its column on, F from its row on.

/// <summary>Begins the copies of one step.</summary>
internal interface IGramBackwardCopies
{
    /// <summary>Begins them; the caller closes the group.</summary>
    /// <param name="d">D, [C, C].</param>
    /// <param name="f">F, [C, M].</param>
    /// <param name="channels">C.</param>
    /// <param name="positions">M.</param>
    /// <param name="first">First of the channels b, below C, a multiple of 16.</param>
    /// <param name="staged">Shared memory.</param>
    /// <param name="slot">The step's first float there.</param>
    void Begin(ArrayView<float> d, ArrayView<float> f, int channels, int positions, int first, ArrayView<float> staged, int slot);
}

/// <summary>Sixteen bytes at a time; C and M are multiples of 4. A warp copies four rows of F, which are all inside or all
/// outside, and 4 threads copy the 64 bytes of a row of D.</summary>
internal struct GramBackwardFourCopies : IGramBackwardCopies
{
    /// <inheritdoc/>
    public readonly void Begin(ArrayView<float> d, ArrayView<float> f, int channels, int positions, int first,
        ArrayView<float> staged, int slot)
    {
        ArrayView<Float4> to = staged.SubView(slot, GramBackwardTensorCore.Slot).Cast<Float4>();
        int row = Group.IdxX >> 2, across = Group.IdxX & 3, column = first + across * 4;
        int place = row * (GramBackwardTensorCore.Step / 4) + GramBackwardTensorCore.Place(row, across);
        ArrayView<Float4> fromD = d.SubView(Math.Min(column, channels - 4)).Cast<Float4>();
        for (int n = 0; n < 2; n++)
        {
            int channel = Math.Min(Grid.IdxY * GramBackwardTensorCore.Channels + row + n * 32, channels - 1);
            AsyncCopy.CopyOrZero(ref to[place + n * 32 * (GramBackwardTensorCore.Step / 4)],
                ref fromD[channel * (channels >> 2)], column < channels);
        }
        int line = (Group.IdxX >> 5) * 4, four = Group.IdxX & 31;
        int position = Math.Min(Grid.IdxX * GramBackwardTensorCore.Positions + four * 4, positions - 4);
        ArrayView<Float4> fromF = f.SubView(Math.Min(first + line, channels - 4) * positions).Cast<Float4>();
        for (int n = 0; n < 4; n++)
            AsyncCopy.CopyOrZero(
                ref to[GramBackwardTensorCore.Right / 4 + (line + n) * (GramBackwardTensorCore.RightPitch / 4) + four],
                ref fromF[(position >> 2) + n * (positions >> 2)], first + line < channels);
    }
}

/// <summary>Four bytes at a time: half a warp copies a row of D, a group a row of F.</summary>
internal struct GramBackwardSingleCopies : IGramBackwardCopies
{
    /// <inheritdoc/>
    public readonly void Begin(ArrayView<float> d, ArrayView<float> f, int channels, int positions, int first,
        ArrayView<float> staged, int slot)
    {
        ArrayView<float> to = staged.SubView(slot, GramBackwardTensorCore.Slot);
        int row = Group.IdxX >> 4, across = Group.IdxX & 15, column = first + across;
        int place = row * GramBackwardTensorCore.Step + GramBackwardTensorCore.Place(row, across >> 2) * 4 + (across & 3);
        ArrayView<float> fromD = d.SubView(Math.Min(column, channels - 1));
        for (int n = 0; n < 8; n++)
        {
            int channel = Math.Min(Grid.IdxY * GramBackwardTensorCore.Channels + row + n * 8, channels - 1);
            AsyncCopy.CopyOrZero(ref to[place + n * 8 * GramBackwardTensorCore.Step],
                ref fromD[channel * channels], column < channels);
        }
        int position = Math.Min(Grid.IdxX * GramBackwardTensorCore.Positions + Group.IdxX, positions - 1);
        ArrayView<float> fromF = f.SubView(position);
        for (int n = 0; n < 16; n++)
            AsyncCopy.CopyOrZero(ref to[GramBackwardTensorCore.Right + n * GramBackwardTensorCore.RightPitch + Group.IdxX],
                ref fromF[Math.Min(first + n, channels - 1) * positions], first + n < channels);
    }
}
