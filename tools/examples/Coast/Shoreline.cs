using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>The map of the coast: x to the right, z away from the camera, in metres.</summary>
internal static class Shoreline
{
    // A tapered capsule of land: its axis, half-widths and the height of its top at both ends.
    private readonly record struct Land(Vector2 A, Vector2 B, float WidthA, float WidthB, float TopA, float TopB);

    private static readonly Land[] lands =
    [
        new(new(10, -40), new(27, 30), 31, 22, 17, 17.5f), // the meadow under the camera
        new(new(27, 30), new(75, 75), 22, 30, 18, 23),
        new(new(75, 75), new(150, 160), 38, 60, 24, 34),
        new(new(120, 165), new(0, 140), 34, 13, 25, 16.5f), // the lighthouse's headland
        new(new(0, 140), new(-23, 133), 13, 12, 16.5f, 15.5f),
        new(new(-49, 124), new(-47, 127), 3.4f, 3, 9, 10), // its stacks
        new(new(-61, 132), new(-60, 131), 1.6f, 2.4f, 3, 4.5f),
        new(new(-10, 96), new(-7, 97), 1.8f, 1.3f, 2.6f, 2),
        new(new(150, 160), new(420, 480), 60, 150, 30, 60),
        new(new(520, 620), new(60, 720), 130, 70, 95, 55), // far headlands
        new(new(60, 720), new(-40, 735), 70, 34, 55, 30),
        new(new(1700, 1700), new(-120, 2150), 420, 190, 330, 130),
    ];

    /// <summary>Metres inland (negative at sea) and the height the land has there.</summary>
    public static (float Inland, float Top) At(Vector2 p)
    {
        float far = Ramp.Smooth(250, 700, p.Y);
        var bent = p + ((6 + (45 * far)) * Turbulence(p / (38 + (220 * far))));
        float weight = 0, inland = 0, top = 0;
        float blend = 5 + (30 * far);
        foreach (var land in lands)
        {
            var axis = land.B - land.A;
            float t = Math.Clamp(Vector2.Dot(bent - land.A, axis) / axis.LengthSquared(), 0, 1);
            float depth = Ramp.Mix(land.WidthA, land.WidthB, t) - Vector2.Distance(bent, land.A + (t * axis));
            float w = MathF.Exp(Math.Clamp(depth / blend, -40, 40));
            weight += w;
            inland += w * depth;
            top += w * Ramp.Mix(land.TopA, land.TopB, t);
        }
        float coves = (2.6f * Noise.Fbm(p / 11, 3)) + (30 * far * Noise.Fbm(p / 130, 4));
        return ((inland / weight) + coves, top / weight);
    }

    private static Vector2 Turbulence(Vector2 p) => new(Noise.Fbm(p, 3), Noise.Fbm(p + new Vector2(31.4f, 47.1f), 3));
}
