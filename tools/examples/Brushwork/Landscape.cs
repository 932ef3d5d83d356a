using System.Numerics;

namespace GatysGpu.Examples.Brushwork;

/// <summary>What a place of the composition belongs to; a fine stroke does not leave its form.</summary>
internal enum Form
{
    Sky,
    Orb,
    Ridge,
    Slope,
    Lake,
    Field,
    House,
    Roof,
    Window,
    Tree,
}

/// <summary>What the painter sees at one place.</summary>
/// <param name="Form">The thing.</param>
/// <param name="Pigments">Its colours.</param>
/// <param name="Tone">Where on them, 0 dark to 1 light.</param>
/// <param name="Flow">Direction of the brush, unit length, y down.</param>
internal readonly record struct Sight(Form Form, Pigments Pigments, float Tone, Vector2 Flow);

/// <summary>The composition under the paint: a lake valley at night, glowing orbs, terraced hills, wind-bent trees.</summary>
/// <remarks>Coordinates: x from 0 to 4/3 to the right, y from 0 to 1 down.</remarks>
internal static class Landscape
{
    private const float Shore = 0.685f;

    /// <summary>The sight at a place.</summary>
    public static Sight At(Vector2 p)
    {
        if (Trees.At(p) is { } tree) return tree;
        float near = FieldEdge(p.X);
        if (p.Y > near) return Field(p, near);
        if (Village.At(p) is { } house) return house;
        if (p.Y > Shore + (0.006f * MathF.Sin(p.X * 21))) return Lake(p);
        float slope = SlopeEdge(p.X), ridge = RidgeEdge(p.X);
        if (p.Y > slope) return Hill(p, slope, Form.Slope, Pigments.Slope, SlopeEdge);
        if (p.Y > ridge) return Hill(p, ridge, Form.Ridge, Pigments.Ridge, RidgeEdge);
        return NightSky.At(p);
    }

    private static float RidgeEdge(float x) => 0.535f - (0.085f * MathF.Sin((x * 3.6f) + 0.4f))
        + (0.03f * MathF.Sin((x * 9.1f) + 1));

    private static float SlopeEdge(float x) => 0.625f - (0.075f * MathF.Sin((x * 4.3f) + 3.1f))
        - (0.05f * Ramp.Smooth(0.4f, 0, x));

    private static float FieldEdge(float x) => 0.815f + (0.075f * MathF.Sin((x * 3.4f) + 4.2f))
        - (0.05f * Ramp.Smooth(0.7f, 1.33f, x));

    // Terraces run along the crest and sink into the valley.
    private static Sight Hill(Vector2 p, float edge, Form form, Pigments pigments, Func<float, float> crest)
    {
        float below = p.Y - edge, tilt = (crest(p.X + 0.01f) - crest(p.X - 0.01f)) / 0.02f;
        float wave = 0.35f * Noise.Fbm(p * 5, 2);
        float bands = MathF.Sin((below * 150) + (6 * Noise.Fbm(p * new Vector2(2, 3), 2)));
        float rim = Ramp.Smooth(0.022f, 0, below);
        float tone = 0.36f + (0.16f * bands) + (0.4f * rim) - (0.9f * below) + (0.3f * Glow(p));
        return new(form, pigments, tone, Vector2.Normalize(new(1, (tilt * Ramp.Smooth(0.2f, 0, below)) + wave)));
    }

    // Strips of different crops that run together towards the valley.
    private static Sight Field(Vector2 p, float edge)
    {
        float below = p.Y - edge;
        var vanish = new Vector2(0.52f, 0.60f);
        var ray = p - vanish;
        float angle = MathF.Atan2(ray.X, ray.Y) + (0.12f * Noise.Fbm(p * 3, 2));
        float strip = angle * 5.2f;
        int crop = (int)MathF.Floor(strip);
        float furrow = MathF.Sin(strip * MathF.Tau * 5);
        var pigments = (Noise.Hash(crop, 12) % 5) switch
        {
            0 or 1 => Pigments.Field,
            2 or 3 => Pigments.Vineyard,
            _ => Pigments.Clay,
        };
        float hedge = Ramp.Smooth(0.1f, 0, strip - crop);
        float tone = 0.55f + (0.2f * furrow) - (0.4f * hedge) + (0.25f * Ramp.Smooth(0.03f, 0, below)) - (0.75f * below);
        return new(Form.Field, pigments, tone, Vector2.Normalize(ray + (0.04f * new Vector2(Noise.Fbm(p * 7, 2), 0))));
    }

    // Ripples lie flat; each orb and window draws a broken column of light.
    private static Sight Lake(Vector2 p)
    {
        float depth = p.Y - Shore, light = Village.Reflection(p);
        foreach (var orb in NightSky.Orbs)
        {
            float width = (0.45f * orb.Radius) + (0.12f * depth);
            float off = (p.X - orb.Centre.X + (0.012f * MathF.Sin(p.Y * 190))) / width;
            light += orb.Light * MathF.Exp(-off * off);
        }
        float ripple = MathF.Sin((p.Y * 330) + (5 * Noise.Fbm(p * new Vector2(5, 12), 2)));
        light *= 0.72f + (0.38f * ripple);
        var flow = Vector2.Normalize(new(1, 0.12f * Noise.Gradient(p * 9)));
        return light > 0.3f
            ? new(Form.Lake, Pigments.Glow, 0.05f + (0.75f * light), flow)
            : new(Form.Lake, Pigments.Lake, 0.34f + (0.22f * ripple) + (0.9f * light) - (1.2f * depth), flow);
    }

    private static float Glow(Vector2 p)
    {
        float light = 0;
        foreach (var orb in NightSky.Orbs)
            light += orb.Light * MathF.Exp(-(p - orb.Centre).LengthSquared() / (16 * orb.Radius * orb.Radius));
        return light;
    }
}
