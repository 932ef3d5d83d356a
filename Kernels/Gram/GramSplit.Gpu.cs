namespace GatysGpu.Kernels.Gram;

// G has few elements and long sums: C = 64 makes one tile of 64×64 from a quarter of a million positions. So that all
// multiprocessors have work, the positions are split; each part makes its own partial matrix, and a second kernel adds the
// partials in the order of the parts. The number of parts depends on the shape alone: the same map gives the same bits on
// every device.

/// <summary>How the positions of a Gram matrix are split among groups of threads: a fixed function of the shape.</summary>
public readonly struct GramSplit
{
    /// <summary>Channels of one side of a tile of G.</summary>
    public const int TileChannels = 64;

    /// <summary>A part begins at a multiple of this many positions, a multiple of every kernel's step.</summary>
    internal const int Granularity = 32;

    // Two groups for each multiprocessor of a large GPU.
    private const int GroupsWanted = 256;

    // Below this, writing and adding a partial matrix costs more than the work it shares out.
    private const int LeastPositions = 256;

    /// <summary>C.</summary>
    public readonly int Channels;

    /// <summary>M.</summary>
    public readonly int Positions;

    /// <summary>Positions of each part but the last, which may have fewer.</summary>
    public readonly int PartPositions;

    /// <summary>Number of parts.</summary>
    public readonly int Parts;

    /// <summary>Makes the split.</summary>
    /// <param name="channels">C, at least 1.</param>
    /// <param name="positions">M, at least 1; C·M below 2³¹.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1 or the map has 2³¹ elements or more.</exception>
    public GramSplit(int channels, long positions)
    {
        if (channels < 1 || positions < 1 || channels * positions > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(positions),
                $"{channels} channels of {positions} positions are not between 1 and the {int.MaxValue} elements that 32 bits " +
                "count. Lower the size.");
        (Channels, Positions) = (channels, (int)positions);
        int parts = Math.Max(1, Math.Min((GroupsWanted + Tiles - 1) / Tiles, Positions / LeastPositions));
        int steps = (Positions + Granularity - 1) / Granularity;
        PartPositions = (steps + parts - 1) / parts * Granularity;
        Parts = (Positions + PartPositions - 1) / PartPositions;
    }

    /// <summary>Tiles of 64×64 on or below the diagonal.</summary>
    public int Tiles
    {
        get
        {
            int side = (Channels + TileChannels - 1) / TileChannels;
            return side * (side + 1) / 2;
        }
    }

    /// <summary>Floats of the partial matrices, [parts, C, C].</summary>
    public long ScratchLength => (long)Parts * Channels * Channels;

    /// <summary>Groups and threads of a kernel that makes partial matrices.</summary>
    internal KernelConfig Config(int threads) => new(new Index3D(Tiles, Parts, 1), new Index3D(threads, 1, 1));
}
