using System.Numerics;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Examples.Mosaic;

/// <summary>The third style picture: a peacock of glass and stone tesserae in grout.</summary>
internal static class MosaicPicture
{
    private const int Width = 800, Height = 600, Detail = 3;
    private const float Side = 8.6f; // of a tile, in pixels

    private static readonly Vector3[] glasses =
    [
        Ramp.Hex(0xe6d9b8), Ramp.Hex(0xcdb486), Ramp.Hex(0xa8512f), Ramp.Hex(0x4a3222), Ramp.Hex(0xd39a2a), Ramp.Hex(0xd9772a),
        Ramp.Hex(0x1f7a55), Ramp.Hex(0x6f9a3a), Ramp.Hex(0x2fa7a8), Ramp.Hex(0x1f4fa0), Ramp.Hex(0x1b2038), Ramp.Hex(0xf2eee2),
    ];

    private static readonly Vector3 half = Vector3.Normalize(new(-0.30f, -0.42f, 1)); // between lamp and eye

    /// <summary>Lays it, 800×600.</summary>
    public static Picture Draw()
    {
        var regions = new int[Width * Height];
        Parallel.For(0, Height, y =>
        {
            for (int x = 0; x < Width; x++) regions[(y * Width) + x] = Motif.At(new Vector2(x + 0.5f, y + 0.5f) / Height).Region;
        });
        var field = new DistanceField(regions, Width, Height);
        var tiles = new Tesserae(regions, Width, Height, field, Side);
        return new Canvas(Width, Height).Fill((x, y) => Pixel(tiles, field, x, y)).ToPicture();
    }

    private static Vector3 Pixel(Tesserae tiles, DistanceField field, int x, int y)
    {
        var sum = Vector3.Zero;
        for (int j = 0; j < Detail; j++)
            for (int i = 0; i < Detail; i++)
                sum += Point(tiles, new(x + ((i + 0.5f) / Detail), y + ((j + 0.5f) / Detail)), field.At(x, y));
        return sum / (Detail * Detail);
    }

    private static Vector3 Point(Tesserae tiles, Vector2 p, float toBorder)
    {
        var (tile, local) = tiles.At(p);
        if (tile < 0 || toBorder < 0.5f) return Grout(p, 0);
        var dice = new Dice((ulong)(tile + 100));
        float size = Math.Clamp(0.5f * MathF.Sqrt(tiles.Areas[tile]), 1.2f, 0.62f * Side);
        // Cut by hand: no two edges of the same length, no corner quite square.
        var extent = size * new Vector2(dice.Next(0.86f, 0.98f), dice.Next(0.86f, 0.98f));
        var skewed = local + (dice.Next(-0.08f, 0.08f) * new Vector2(local.Y, local.X));
        var within = Vector2.Abs(skewed) / extent;
        float edge = MathF.Pow(MathF.Pow(within.X, 7) + MathF.Pow(within.Y, 7), 1 / 7f);
        if (edge > 1) return Grout(p, (edge - 1) * size);
        return Tile(tiles.Centres[tile], p, local, skewed / extent, (1 - edge) * size, ref dice);
    }

    private static Vector3 Tile(Vector2 centre, Vector2 p, Vector2 local, Vector2 within, float inside, ref Dice dice)
    {
        var mark = Motif.At(centre / Height);
        var color = glasses[(int)mark.Glass];
        bool metal = mark.Glass == Glass.Gold;
        color *= 1 + (0.24f * mark.Tone) + (0.075f * dice.Bell());
        color += 0.022f * new Vector3(dice.Bell(), dice.Bell(), dice.Bell());
        // Veins and bubbles in the melt, in a direction of each tile's own.
        var vein = (local * new Vector2(0.12f, 0.5f)) + new Vector2(dice.Next(0, 900), 0);
        color *= 1 + (0.12f * Noise.Fbm(vein, 3)) + (0.05f * Noise.Gradient(p * 1.1f));

        // Each tile is set a little askew and its edges are worn round.
        var tilt = new Vector3(0.1f * dice.Bell(), 0.1f * dice.Bell(), 1);
        var rim = within * within * within * Vector2.Abs(within);
        var worn = Ramp.Smooth(1.1f, 0, inside) * 0.6f * new Vector3(rim, 0);
        var normal = Vector3.Normalize(tilt + worn + (0.06f * new Vector3(within, 0)));
        float diffuse = 0.5f + (0.72f * Vector3.Dot(normal, Vector3.Normalize(new(-0.5f, -0.65f, 0.9f))));
        float facing = MathF.Max(0, Vector3.Dot(normal, half));
        float glint = (metal ? 0.5f : 0.3f) * MathF.Pow(facing, metal ? 60 : 170);
        return (color * diffuse) + (glint * (metal ? new Vector3(1, 0.86f, 0.5f) : new Vector3(1, 0.98f, 0.94f)));
    }

    // Darkest in the shade of the tile's edge.
    private static Vector3 Grout(Vector2 p, float fromTile)
    {
        float sand = Noise.Fbm(p * 0.8f, 3, 0.7f);
        return Ramp.Hex(0x6a5f52) * (0.62f + (0.22f * MathF.Min(1, fromTile)) + (0.2f * sand));
    }
}
