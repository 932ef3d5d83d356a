using System.Numerics;

namespace GatysGpu.Examples.Brushwork;

/// <summary>A light in the sky.</summary>
internal readonly record struct Orb(Vector2 Centre, float Radius, float Light, float Spin);

/// <summary>Sky in motion: the brush follows the level lines of one stream function, and so do the bands of colour.</summary>
internal static class NightSky
{
    /// <summary>All lights, the moon first.</summary>
    public static readonly Orb[] Orbs =
    [
        new(new(0.365f, 0.225f), 0.068f, 1, 1),
        new(new(1.045f, 0.150f), 0.040f, 0.8f, -1),
        new(new(0.720f, 0.095f), 0.026f, 0.6f, 1),
        new(new(1.235f, 0.330f), 0.028f, 0.65f, 1),
        new(new(0.830f, 0.315f), 0.031f, 0.7f, -1),
        new(new(0.600f, 0.400f), 0.018f, 0.5f, -1),
        new(new(1.255f, 0.075f), 0.018f, 0.5f, 1),
        new(new(0.090f, 0.420f), 0.021f, 0.5f, -1),
        new(new(0.100f, 0.085f), 0.024f, 0.5f, -1),
        new(new(0.545f, 0.045f), 0.012f, 0.4f, -1),
        new(new(0.985f, 0.430f), 0.013f, 0.4f, 1),
    ];

    /// <summary>The sight at a place of the sky.</summary>
    public static Sight At(Vector2 p)
    {
        var flow = Flow(p);
        foreach (var orb in Orbs)
        {
            float r = Vector2.Distance(p, orb.Centre) / orb.Radius;
            if (r > 3) continue;
            // A disc, then a gap of sky, then a ring that breaks up outwards.
            float rings = -MathF.Cos((r - 0.85f) * MathF.Tau / 1.15f);
            float torn = (0.9f * Noise.Gradient(p * 30)) + (0.8f * rings) - (0.55f * MathF.Max(0, r - 1.2f));
            if (r < 0.85f + (0.1f * Noise.Gradient(p * 25)) || torn > 0.28f)
                return new(Form.Orb, Pigments.Glow, 1.04f - (0.3f * r), flow);
        }
        float bands = MathF.Sin(Stream(p) * 46), drift = Noise.Fbm(p * 3.1f, 3);
        float horizon = Ramp.Smooth(0.3f, 0.56f, p.Y);
        float tone = 0.27f + (0.19f * bands) + (0.2f * drift) + (0.2f * horizon) + (0.32f * Halo(p));
        return new(Form.Sky, Pigments.Night, tone, flow);
    }

    // The brush goes along the level lines: (∂ψ/∂y, -∂ψ/∂x).
    private static Vector2 Flow(Vector2 p)
    {
        const float E = 0.002f;
        float dx = Stream(p + new Vector2(E, 0)) - Stream(p - new Vector2(E, 0));
        float dy = Stream(p + new Vector2(0, E)) - Stream(p - new Vector2(0, E));
        var flow = new Vector2(dy, -dx);
        return flow.LengthSquared() < 1e-14f ? Vector2.UnitX : Vector2.Normalize(flow);
    }

    // A wind from left to right, swollen by noise, wound around every orb.
    private static float Stream(Vector2 p)
    {
        float psi = (0.62f * p.Y) + (0.2f * Noise.Fbm((p * 2.1f) + new Vector2(3.3f, 8.1f), 2))
            + (0.05f * MathF.Sin((p.X * 7) + (p.Y * 4)));
        foreach (var orb in Orbs)
        {
            float r = Vector2.Distance(p, orb.Centre) / orb.Radius;
            psi += orb.Spin * 4.6f * orb.Radius * MathF.Exp(-0.15f * r * r);
        }
        return psi;
    }

    private static float Halo(Vector2 p)
    {
        float halo = 0;
        foreach (var orb in Orbs)
        {
            float r = Vector2.Distance(p, orb.Centre) / orb.Radius;
            halo += orb.Light * MathF.Exp(-0.11f * r * r);
        }
        return halo;
    }
}
