using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Gram;

// How the tensor cores' Gram kernel brings one step, 32 positions of 2·64 rows of F, to shared memory.
//
// Rows      beyond the last channel are the last one's again: their products are not kept.
// Positions beyond the part's end are zeros; nothing is read there.
// Addresses what changes from step to step is the same for all copies of a thread: F from the position on. A row's distance
//           from F's first does not change.

/// <summary>Begins the copies of one step.</summary>
internal interface IGramCopies
{
    /// <summary>Begins them; the caller closes the group.</summary>
    /// <param name="f">F, [C, M].</param>
    /// <param name="split">C and M.</param>
    /// <param name="tile">The rows, and where the part ends.</param>
    /// <param name="first">First position, below the end, a multiple of 4 from F's first.</param>
    /// <param name="staged">Shared memory.</param>
    /// <param name="slot">The step's first float there: 64 rows of 32, the tile's rows, then as many, its columns.</param>
    void Begin(ArrayView<float> f, GramSplit split, GramTile tile, int first, ArrayView<float> staged, int slot);
}

/// <summary>Sixteen bytes at a time: 8 threads copy the 128 bytes of a row. M is a multiple of 4, so four neighbours are all
/// inside or all outside.</summary>
internal struct GramFourCopies : IGramCopies
{
    /// <inheritdoc/>
    public readonly void Begin(ArrayView<float> f, GramSplit split, GramTile tile, int first, ArrayView<float> staged, int slot)
    {
        int four = Group.IdxX & 7, row = Group.IdxX >> 3, position = first + four * 4;
        bool inside = position < tile.End;
        ArrayView<Float4> from = f.SubView(Math.Min(position, tile.End - 4)).Cast<Float4>();
        ArrayView<Float4> to = staged.SubView(slot, 2 * GramTensorCore.Side).Cast<Float4>();
        int pitch = split.Positions >> 2, place = row * 8 + GramTensorCore.Place(row, four);
        for (int n = 0; n < 8; n++)
        {
            int channel = (n < 4 ? tile.FirstRow : tile.FirstColumn) + n % 4 * 16 + row;
            AsyncCopy.CopyOrZero(ref to[place + n * 128], ref from[Math.Min(channel, split.Channels - 1) * pitch], inside);
        }
    }
}

/// <summary>Four bytes at a time: a warp copies a row.</summary>
internal struct GramSingleCopies : IGramCopies
{
    /// <inheritdoc/>
    public readonly void Begin(ArrayView<float> f, GramSplit split, GramTile tile, int first, ArrayView<float> staged, int slot)
    {
        int across = Group.IdxX & 31, row = Group.IdxX >> 5, position = first + across;
        bool inside = position < tile.End;
        ArrayView<float> from = f.SubView(Math.Min(position, tile.End - 1));
        ArrayView<float> to = staged.SubView(slot, 2 * GramTensorCore.Side);
        int place = row * 32 + GramTensorCore.Place(row, across >> 2) * 4 + (across & 3);
        for (int n = 0; n < 32; n++)
        {
            int channel = (n < 16 ? tile.FirstRow : tile.FirstColumn) + n % 16 * 4 + row;
            AsyncCopy.CopyOrZero(ref to[place + n * 128],
                ref from[Math.Min(channel, split.Channels - 1) * split.Positions], inside);
        }
    }
}
