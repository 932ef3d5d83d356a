namespace GatysGpu.Kernels.Gram;

/// <summary>Which 64×64 tile of G, on or below the diagonal, a group makes, and of which positions.</summary>
/// <remarks>Tiles are numbered row by row: (0,0), (1,0), (1,1), (2,0), …, so tile t of row i is t = i(i+1)/2 + column.</remarks>
internal struct GramTile
{
    public int FirstRow;
    public int FirstColumn;
    public int Begin;
    public int End;

    /// <summary>The tile of group (<see cref="Grid.IdxX"/>, <see cref="Grid.IdxY"/>).</summary>
    public static GramTile OfGroup(GramSplit split)
    {
        int number = Grid.IdxX, row = 0;
        while (number > row)
        {
            row++;
            number -= row;
        }
        int begin = Grid.IdxY * split.PartPositions;
        return new GramTile
        {
            FirstRow = row * GramSplit.TileChannels,
            FirstColumn = number * GramSplit.TileChannels,
            Begin = begin,
            End = Math.Min(begin + split.PartPositions, split.Positions),
        };
    }

    /// <summary>Writes an element of this part's matrix where it exists and lies on or below the diagonal.</summary>
    public static void Store(ArrayView<float> partials, GramSplit split, int row, int column, float sum)
    {
        if (row < split.Channels & column <= row) partials[(Grid.IdxY * split.Channels + row) * split.Channels + column] = sum;
    }
}
