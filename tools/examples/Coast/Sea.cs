using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>The water's surface: wind waves, breakers that follow the shore, and the foam they leave.</summary>
internal sealed class Sea(Terrain terrain)
{
    private const float Crest = 0.9f;
    private static readonly Vector4[] waves = Spectrum(); // (direction x, direction z, wave number, amplitude)

    /// <summary>Where a ray meets the water, or infinity.</summary>
    public float Trace(Vector3 origin, Vector3 direction)
    {
        if (direction.Y >= -1e-4f) return float.PositiveInfinity;
        float enter = MathF.Max(0.01f, (Crest - origin.Y) / direction.Y), leave = (-Crest - origin.Y) / direction.Y;
        if (enter > 250) return -origin.Y / direction.Y;
        const int Steps = 9;
        float before = enter, step = (leave - enter) / Steps;
        for (int i = 1; i <= Steps; i++)
        {
            float t = enter + (i * step);
            if (!Under(origin + (t * direction), t)) { before = t; continue; }
            float inside = t;
            for (int k = 0; k < 5; k++)
            {
                float middle = 0.5f * (before + inside);
                if (Under(origin + (middle * direction), middle)) inside = middle;
                else before = middle;
            }
            return inside;
        }
        return leave;
    }

    /// <summary>Unit normal of the surface, with waves shorter than a pixel left out.</summary>
    public Vector3 Normal(Vector3 p, float width)
    {
        float e = MathF.Max(0.03f, 0.4f * width);
        float here = Height(p.X, p.Z, width);
        float dx = Height(p.X + e, p.Z, width) - here, dz = Height(p.X, p.Z + e, width) - here;
        return Vector3.Normalize(new(-dx / e, 1, -dz / e));
    }

    /// <summary>0 clear water to 1 white: lace on the shallows, lines on the breakers, caps on a few crests.</summary>
    public float Foam(Vector3 p, float width)
    {
        var at = new Vector2(p.X, p.Z);
        var ground = terrain.At(p.X, p.Z);
        float depth = MathF.Max(0, p.Y - ground.Height);
        float sheltered = Ramp.Smooth(-42, -1, ground.Inland);
        float swirl = Noise.Fbm(at / 6, 4);
        float wash = MathF.Exp(-depth / 0.45f) * 1.15f;
        float breaker = Ramp.Smooth(0.25f, 0.95f, Swash(at, ground.Inland) + (0.35f * swirl)) * sheltered * sheltered;
        float left = 0.6f * Ramp.Smooth(-22, -2, ground.Inland) * Ramp.Smooth(-0.25f, 0.45f, swirl);
        float caps = 0.85f * Ramp.Smooth(0.34f, 0.62f, Height(p.X, p.Z, width)) * Ramp.Smooth(0.05f, 0.4f, Noise.Fbm(at / 21, 3));
        float amount = MathF.Max(MathF.Max(wash, breaker), MathF.Max(left, caps));
        if (amount < 0.02f) return 0;
        return Ramp.Smooth(0, 0.42f, amount - (0.85f * Holes(at, width)));
    }

    // Bubbles gather along the edges of cells: 1 in the open middle of a cell, 0 on its rim.
    private static float Holes(Vector2 at, float width)
    {
        var bent = at + (0.5f * new Vector2(Noise.Fbm(at / 1.3f, 3), Noise.Fbm((at / 1.3f) + new Vector2(7, 3), 3)));
        var (coarse, coarseNext, _) = Noise.Cells(bent / 1.5f);
        var (fine, fineNext, _) = Noise.Cells(bent / 0.55f);
        float holes = (0.65f * Ramp.Smooth(0.02f, 0.42f, coarseNext - coarse)) + (0.35f * Ramp.Smooth(0, 0.5f, fineNext - fine));
        return Ramp.Mix(holes, 0.55f, Ramp.Smooth(0.4f, 1.5f, width));
    }

    private bool Under(Vector3 p, float distance) => p.Y < Height(p.X, p.Z, 0.004f * distance);

    private float Height(float x, float z, float width)
    {
        float gusts = 0.8f + (0.5f * Noise.Gradient(new Vector2(x, z) / 47));
        float sum = 0;
        foreach (var wave in waves)
        {
            float kept = Ramp.Linear(4, 1.2f, wave.Z * width);
            if (kept <= 0) break; // the rest are shorter still
            float phase = (wave.Z * ((wave.X * x) + (wave.Y * z))) + (wave.W * 977);
            // e^sin is a wave with a narrow crest and a wide trough.
            sum += kept * wave.W * (MathF.Exp(MathF.Sin(phase) - 1) - 0.45f) * (wave.Z > 1.2f ? gusts : 1);
        }
        float inland = terrain.At(x, z).Inland;
        if (inland > -45) sum += 0.55f * Ramp.Smooth(-45, -8, inland) * MathF.Max(0, Swash(new(x, z), inland));
        return Math.Clamp(sum, -Crest, Crest);
    }

    // Crests parallel to the shore, 12 m apart, none of them of one piece.
    private static float Swash(Vector2 at, float inland)
    {
        float bend = 2.8f * Noise.Fbm(at / 19, 3);
        float wave = MathF.Sin((-inland * MathF.Tau / 12) + bend);
        return (wave * MathF.Abs(wave)) - 0.25f + (0.9f * Noise.Gradient(at / 9));
    }

    private static Vector4[] Spectrum()
    {
        const int Count = 26;
        var dice = new Dice(4021);
        var spectrum = new Vector4[Count];
        for (int i = 0; i < Count; i++)
        {
            float length = 19 * MathF.Pow(0.845f, i);
            float angle = -0.62f + (dice.Bell() * Ramp.Mix(0.22f, 0.75f, (float)i / Count));
            spectrum[i] = new(MathF.Sin(angle), MathF.Cos(angle), MathF.Tau / length, 0.0165f * length * dice.Next(0.7f, 1.2f));
        }
        return spectrum;
    }
}
