namespace GatysGpu.Engine.Imaging;

/// <summary>One pass over a PNG picture: a grid of its pixels, stored as a small picture of its own.</summary>
/// <param name="X">First column of the grid.</param>
/// <param name="Y">First row of the grid.</param>
/// <param name="StepX">Columns from one pixel of the grid to the next.</param>
/// <param name="StepY">Rows from one row of the grid to the next.</param>
/// <param name="Width">Pixels in a row of the grid, at least 1.</param>
/// <param name="Height">Rows of the grid, at least 1.</param>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY, int Width, int Height)
{
    // Adam7, PNG specification section 8.1: of every 8×8 pixels, first the corner, then grids that double the density.
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The passes in the file's order. A pass that holds no pixel of a small picture is not in the file at all.</summary>
    public static IEnumerable<PngPass> Of(PngHeader header)
    {
        if (!header.Interlaced)
        {
            yield return new PngPass(0, 0, 1, 1, header.Width, header.Height);
            yield break;
        }
        foreach ((int x, int y, int stepX, int stepY) in Adam7)
        {
            int width = Count(header.Width, x, stepX), height = Count(header.Height, y, stepY);
            if (width > 0 && height > 0) yield return new PngPass(x, y, stepX, stepY, width, height);
        }
    }

    // How many of first, first + step, first + 2·step, … are below the length; the sum of length and step may exceed an int.
    private static int Count(int length, int first, int step) => (int)Math.Max(0, ((long)length - first + step - 1) / step);
}
