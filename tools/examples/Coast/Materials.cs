using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>How a surface scatters light.</summary>
/// <param name="Albedo">Reflected share of linear light.</param>
/// <param name="Thin">Share of light that comes through from behind: leaves and grass.</param>
/// <param name="Gloss">Strength of a clear reflection at normal incidence: glass, wet rock.</param>
internal readonly record struct Material(Vector3 Albedo, float Thin = 0, float Gloss = 0);

/// <summary>The colours of the coast.</summary>
internal static class Materials
{
    private static readonly Vector3[] beds =
    [
        Ramp.Light(0xc9b28c), Ramp.Light(0xa67a52), Ramp.Light(0xd8cbb0), Ramp.Light(0x8f7a66),
        Ramp.Light(0xb98d5e), Ramp.Light(0x9a8f80), Ramp.Light(0xc79a6a), Ramp.Light(0x7d6250),
    ];

    /// <summary>Land: strata on cliffs, turf above, sand in the cove, weed at the water line.</summary>
    public static Material Land(Vector3 p, Vector3 normal, Ground ground, float width)
    {
        var at = new Vector2(p.X, p.Z);
        float steep = Ramp.Smooth(0.86f, 0.66f, normal.Y + (0.12f * Noise.Fbm(at / 2.5f, 3)));
        float bare = MathF.Max(steep, Ramp.Smooth(3.6f, 2.2f, p.Y + Noise.Fbm(at / 4, 2)));
        bare *= 1 - (0.8f * Ramp.Smooth(300, 600, p.Z) * Ramp.Smooth(0.3f, 0.5f, normal.Y)); // far slopes are wooded
        var color = Ramp.Mix(Turf(at, width), Rock(p), bare);
        float sand = Ramp.Smooth(2.3f, 1.3f, p.Y) * Ramp.Smooth(0.86f, 0.95f, normal.Y)
            * (1 - Ramp.Smooth(0.02f, 0.1f, ground.Relief));
        color = Ramp.Mix(color, Ramp.Light(0xc2a67c) * (0.9f + (0.2f * Noise.Fbm(at * 2, 3))), sand);

        float tide = p.Y + (0.5f * Noise.Fbm(at / 3, 3));
        color *= Ramp.Mix(0.33f, 1, Ramp.Smooth(0.5f, 1.7f, tide));
        color = Ramp.Mix(Ramp.Light(0x2b2a1c), color, Ramp.Smooth(0.1f, 0.9f, tide));
        return new(color, 0, 0.05f * Ramp.Smooth(1.3f, 0.5f, tide));
    }

    /// <summary>Things made of triangles.</summary>
    public static Material Of(in Triangle triangle, Vector3 p) => triangle.Substance switch
    {
        Substance.Whitewash => new(Ramp.Light(0xe9e4d8) * Weathering(p, 0.14f)),
        Substance.RedPaint => new(Ramp.Light(0xb23325) * Weathering(p, 0.22f), 0, 0.03f),
        Substance.Iron => new(Ramp.Light(0x33363a), 0, 0.04f),
        Substance.Glass => new(Ramp.Light(0x1a2026), 0, 0.12f),
        Substance.Tile => new(Ramp.Light(0xa5502f) * Tiles(p)),
        Substance.Wood => new(Ramp.Light(0x2f5d5a)),
        Substance.Bark => new(Ramp.Light(0x7a5a44) * (0.75f + (0.6f * Noise.Ridged(p * new Vector3(9, 2.2f, 9), 2)))),
        Substance.Needle => new(Ramp.Mix(Ramp.Light(0x2f4a26), Ramp.Light(0x6f7d38), triangle.Tint), 0.35f),
        Substance.Blade => new(Ramp.Mix(Ramp.Light(0xa8935a), Ramp.Light(0x5c7a2c), triangle.Tint), 0.45f),
        _ => new(triangle.Tint < 0.55f ? Ramp.Light(0xd8a024) : Ramp.Light(0xd487a8), 0.3f),
    };

    private static Vector3 Rock(Vector3 p)
    {
        float bed = Terrain.Bedding(p);
        bed = (1.5f * bed) + (1.2f * Noise.Gradient(new Vector2(0.6f * bed, 3))); // some beds thick, some thin
        int layer = (int)MathF.Floor(bed);
        var color = Ramp.Mix(Bed(layer), Bed(layer + 1), Ramp.Smooth(0.6f, 1, bed - layer));
        float stains = Noise.Fbm(new Vector3(p.X * 0.5f, p.Y * 0.09f, p.Z * 0.5f), 3);
        color = Ramp.Mix(color, Ramp.Light(0x6e5a48), Ramp.Smooth(0.05f, 0.6f, stains) * 0.6f);
        float grain = 1 + (0.35f * Noise.Fbm(p * 3.1f, 3)) + (0.2f * Noise.Fbm(new Vector3(p.X * 0.7f, bed * 5, p.Z * 0.7f), 2));
        return color * (0.92f * grain);
    }

    // Beds differ less than their pigments do: the same weather has gone over all of them.
    private static Vector3 Bed(int layer) => Ramp.Mix(beds[Noise.Hash(layer, 91) & 7], new(0.40f, 0.28f, 0.175f), 0.5f);

    private static Vector3 Turf(Vector2 at, float width)
    {
        float lush = Noise.Fbm(at / 5, 3) + (0.55f * Noise.Fbm(at / 31, 3));
        var color = Ramp.Mix(Ramp.Light(0x8f7f4a), Ramp.Light(0x4f6427), Ramp.Smooth(-0.35f, 0.4f, lush));
        color = Ramp.Mix(color, Ramp.Light(0x2e3c1c), 0.75f * Ramp.Smooth(0.12f, 0.42f, Noise.Fbm(at / 9, 4, 0.6f)));
        float grain = Noise.Fbm(at * Math.Clamp(0.5f / MathF.Max(width, 0.01f), 0.05f, 6), 3, 0.7f);
        return color * (0.85f + (0.5f * grain));
    }

    private static float Weathering(Vector3 p, float depth) =>
        1 - (depth * Ramp.Smooth(-0.1f, 0.7f, Noise.Fbm(p * new Vector3(1.6f, 0.35f, 1.6f), 4)));

    private static float Tiles(Vector3 p)
    {
        float row = p.Y * 4.5f;
        return 0.72f + (0.3f * (row - MathF.Floor(row)))
            + (0.3f * (Noise.White((int)MathF.Floor(row), (int)MathF.Floor(p.X * 2.6f)) - 0.5f));
    }
}
