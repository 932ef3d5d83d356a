using System.Numerics;

namespace GatysGpu.Examples.Mosaic;

/// <summary>For each pixel of a map of regions: how far the nearest border is and where it lies.</summary>
internal sealed class DistanceField
{
    private readonly int width, height;
    private readonly float[] distances; // [H, W], pixels
    private readonly Canvas smooth;

    /// <summary>Measures by two sweeps with the steps 1 and √2 (Borgefors 1986): a few per cent off, which no tile
    /// shows.</summary>
    /// <param name="regions">[H, W] row-major.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public DistanceField(int[] regions, int width, int height)
    {
        (this.width, this.height) = (width, height);
        distances = new float[regions.Length];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                int at = (y * width) + x;
                bool border = (x + 1 < width && regions[at] != regions[at + 1])
                    || (y + 1 < height && regions[at] != regions[at + width]);
                distances[at] = border ? 0 : 1e6f;
            }
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) Relax(x, y, -1);
        for (int y = height - 1; y >= 0; y--)
            for (int x = width - 1; x >= 0; x--) Relax(x, y, 1);
        smooth = new Canvas(width, height).Fill((x, y) => new(distances[(y * width) + x])).Blur(4);
    }

    /// <summary>Distance to the nearest border, in pixels.</summary>
    public float At(int x, int y) => distances[(Math.Clamp(y, 0, height - 1) * width) + Math.Clamp(x, 0, width - 1)];

    /// <summary>Unit vector away from the nearest border, smoothed so that rows of tiles bend instead of breaking.</summary>
    public Vector2 Away(Vector2 p)
    {
        float dx = smooth.Sample(p.X + 2, p.Y).X - smooth.Sample(p.X - 2, p.Y).X;
        float dy = smooth.Sample(p.X, p.Y + 2).X - smooth.Sample(p.X, p.Y - 2).X;
        var away = new Vector2(dx, dy);
        return away.LengthSquared() < 1e-6f ? Vector2.UnitY : Vector2.Normalize(away);
    }

    // The neighbours already swept: the row before and the pixel before.
    private void Relax(int x, int y, int way)
    {
        float best = At(x, y);
        best = MathF.Min(best, Math.Min(Neighbour(x + way, y, 1), Neighbour(x, y + way, 1)));
        best = MathF.Min(best, Math.Min(Neighbour(x + way, y + way, 1.4142f), Neighbour(x - way, y + way, 1.4142f)));
        distances[(y * width) + x] = best;
    }

    private float Neighbour(int x, int y, float step) =>
        x < 0 || y < 0 || x >= width || y >= height ? 1e6f : distances[(y * width) + x] + step;
}
