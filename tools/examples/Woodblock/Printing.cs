using System.Numerics;

namespace GatysGpu.Examples.Woodblock;

/// <summary>Ink on paper: each block rubbed by hand, the wood's grain in the flat areas, the key not quite in register.</summary>
internal static class Printing
{
    private static readonly Vector3 paper = Ramp.Hex(0xf1e6cd);
    private static readonly Vector3 keyInk = Ramp.Hex(0x1c2a4c);

    /// <summary>The print, sRGB-encoded 0 to 1.</summary>
    /// <param name="plate">The blocks.</param>
    /// <param name="factor">Pixels of the plate per pixel of the print, each way.</param>
    public static Canvas Pull(Plate plate, int factor) =>
        new Canvas(plate.Width / factor, plate.Height / factor).Fill((x, y) => Pixel(plate, x * factor, y * factor, factor));

    // The textures are as coarse as the print; only the blocks' edges are finer.
    private static Vector3 Pixel(Plate plate, int left, int top, int factor)
    {
        const int ShiftX = 2, ShiftY = -2; // of the key block, in pixels of the plate
        var p = new Vector2(left, top) / plate.Height;
        var sheet = Sheet(p);
        var key = Ramp.Mix(Vector3.One, keyInk / paper, 0.9f + (0.12f * Noise.Fbm(p * 90, 3)));
        Span<Vector3> inks = stackalloc Vector3[16];
        int prepared = 0;
        var sum = Vector3.Zero;
        for (int y = top; y < top + factor; y++)
            for (int x = left; x < left + factor; x++)
            {
                int ink = (int)plate.Colors[(y * plate.Width) + x];
                if ((prepared & (1 << ink)) == 0)
                {
                    inks[ink] = ink == 0 ? Vector3.One : Ramp.Mix(Vector3.One, Color((Ink)ink, p) / paper, Coverage((Ink)ink, p));
                    prepared |= 1 << ink;
                }
                int from = (Math.Clamp(y + ShiftY, 0, plate.Height - 1) * plate.Width) + Math.Clamp(x + ShiftX, 0, plate.Width
                    - 1);
                sum += plate.Key[from] ? key * Vector3.Lerp(Vector3.One, inks[ink], 0.3f) : inks[ink];
            }
        return sheet * sum / (factor * factor);
    }

    // Fibres of mulberry paper: long, pale and dark, in every direction.
    private static Vector3 Sheet(Vector2 p)
    {
        float fibres = 0;
        for (int k = 0; k < 3; k++)
        {
            var (sin, cos) = MathF.SinCos(0.5f + (2.1f * k));
            var turned = new Vector2((cos * p.X) + (sin * p.Y), (cos * p.Y) - (sin * p.X));
            fibres += MathF.Pow(1 - MathF.Abs(Noise.Gradient((turned * new Vector2(18, 170)) + new Vector2(k * 31, 7))), 12);
        }
        float cloud = Noise.Fbm(p * 6, 4), tooth = Noise.Fbm(p * 260, 2);
        return paper * (1 + (0.018f * cloud) + (0.028f * tooth) - (0.022f * fibres));
    }

    private static Vector3 Color(Ink ink, Vector2 p) => ink switch
    {
        // Wiped gradations: indigo from the top, warm light from the horizon.
        Ink.Sky => Ramp.Mix(Ramp.Hex(0x24467c), Ramp.Hex(0xeadfc6), Ramp.Smooth(0, 0.2f, p.Y)),
        Ink.Dawn => Ramp.Mix(Ramp.Hex(0xeadfc6), Ramp.Hex(0xeab583), Ramp.Smooth(0.36f, 0.66f, p.Y)),
        Ink.Sun => Ramp.Mix(Ramp.Hex(0xc63d28), Ramp.Hex(0xd9623a), Ramp.Smooth(0.3f, 0.6f, p.Y)),
        Ink.Pale => Ramp.Hex(0xa9c4c4),
        Ink.Blue => Ramp.Hex(0x4c7fa3),
        Ink.Deep => Ramp.Hex(0x1f4478),
        Ink.Hill => Ramp.Mix(Ramp.Hex(0x6f88a0), Ramp.Hex(0xd9c3a4), Ramp.Smooth(0.54f, 0.66f, p.Y)),
        Ink.Moss => Ramp.Mix(Ramp.Hex(0x5d7350), Ramp.Hex(0x8d8a62), Ramp.Smooth(0.5f, 0.68f, p.Y)),
        _ => Ramp.Hex(0xc99a55),
    };

    // Each block has its own board: growth rings stretched along it, and the mottle of the rubbing pad.
    private static float Coverage(Ink ink, Vector2 p)
    {
        var board = p + (3.7f * (int)ink * new Vector2(1, 0.6f));
        float bend = Noise.Fbm(board * new Vector2(0.9f, 2.2f), 3);
        float rings = MathF.Sin((board.Y * 95) + (26 * bend));
        float pores = Noise.Fbm(board * new Vector2(14, 240), 2);
        float mottle = Noise.Fbm(board * 34, 4, 0.65f);
        return Math.Clamp(0.9f + (0.045f * rings) + (0.06f * pores) + (0.1f * mottle), 0, 1);
    }
}
