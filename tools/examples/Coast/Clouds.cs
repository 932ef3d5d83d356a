using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>Fair-weather cumulus as a lit volume between two heights, and a veil of cirrus above it.</summary>
internal static class Clouds
{
    private const float Base = 800, Top = 1900, Reach = 26000;
    private const int Steps = 36, LightSteps = 5;
    private static readonly Vector3 shade = new(0.34f, 0.40f, 0.50f);

    /// <summary>The clear sky seen through the cumulus.</summary>
    public static Vector3 Over(Vector3 direction, Vector3 behind, ref Lot lot)
    {
        if (direction.Y < 0.012f) return behind;
        float enter = Base / direction.Y, leave = MathF.Min(Top / direction.Y, Reach);
        if (enter >= leave) return behind;
        float step = (leave - enter) / Steps, offset = lot.Offset(), through = 1, weighted = 0, total = 0;
        float toSun = Vector3.Dot(direction, Sky.Sun), phase = Phase(toSun);
        var light = Vector3.Zero;
        for (int i = 0; i < Steps && through > 0.02f; i++)
        {
            float t = enter + ((i + offset) * step);
            var p = t * direction;
            float density = Density(p, 5);
            if (density <= 0) continue;
            float kept = MathF.Exp(-density * MathF.Min(step, 130) * 0.011f);
            float height = (p.Y - Base) / (Top - Base);
            var lit = (Sky.Sunlight * 0.62f * phase * Sunshine(p)) + (shade * Ramp.Mix(0.62f, 1.25f, height));
            float part = through * (1 - kept);
            light += part * lit;
            weighted += part * t;
            total += part;
            through *= kept;
        }
        if (total <= 0) return behind;
        // Far clouds fade into the haze as far land does.
        float near = MathF.Exp(-MathF.Max(0, (weighted / total) - 2500) / 9500);
        return Ramp.Mix(behind, light + (through * behind), near);
    }

    /// <summary>Cirrus: a thin bright layer, combed by the wind up there.</summary>
    public static Vector3 Veil(Vector3 direction, Vector3 behind)
    {
        if (direction.Y < 0.03f) return behind;
        var p = new Vector2(direction.X, direction.Z) / direction.Y;
        var bent = p + (0.5f * new Vector2(Noise.Fbm(p * 0.7f, 3), Noise.Fbm((p * 0.7f) + new Vector2(9, 4), 3)));
        var combed = new Vector2((0.9f * bent.X) + (0.35f * bent.Y), (1.1f * bent.Y) - (3.2f * bent.X));
        float strands = Noise.Fbm(combed * 0.8f, 5, 0.6f);
        float patches = Ramp.Smooth(-0.25f, 0.4f, Noise.Fbm(p * 0.33f, 2));
        float amount = 0.5f * patches * Ramp.Smooth(-0.15f, 0.6f, strands) * Ramp.Smooth(0.03f, 0.2f, direction.Y);
        return Ramp.Mix(behind, new Vector3(1.25f, 1.1f, 0.95f), amount);
    }

    private static float Density(Vector3 p, int octaves)
    {
        float height = (p.Y - Base) / (Top - Base);
        if (height is < 0 or > 1) return 0;
        var q = (p + new Vector3(2300, 0, 900)) * 0.00095f;
        float shape = Noise.Fbm(q with { Y = q.Y * 1.25f }, octaves, 0.52f);
        // A flat base, and less cloud the higher: only the strongest towers reach up.
        float cover = -0.055f - (0.62f * height * MathF.Sqrt(height)) - (0.5f * Ramp.Smooth(0.1f, 0, height));
        float d = shape + cover;
        return d <= 0 ? 0 : MathF.Min(1, 7 * d);
    }

    // Beer's law towards the sun, with a floor for the light scattered many times.
    private static float Sunshine(Vector3 p)
    {
        float depth = 0, step = 60;
        for (int i = 0; i < LightSteps; i++)
        {
            p += step * Sky.Sun;
            depth += Density(p, 3) * step;
            step *= 1.6f;
        }
        return (0.8f * MathF.Exp(-0.0065f * depth)) + (0.2f * MathF.Exp(-0.0012f * depth));
    }

    // Henyey-Greenstein forward lobe over an even part: silver linings towards the sun.
    private static float Phase(float cosine)
    {
        const float G = 0.55f;
        float forward = (1 - (G * G)) / MathF.Pow(1 + (G * G) - (2 * G * cosine), 1.5f);
        return 0.36f + (0.24f * forward);
    }
}
