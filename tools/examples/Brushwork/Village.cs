using System.Numerics;

namespace GatysGpu.Examples.Brushwork;

/// <summary>Houses along the far shore, their windows lit.</summary>
internal static class Village
{
    private readonly record struct House(float X, float Foot, float Width, float Wall, float Roof);

    private static readonly House[] houses =
    [
        new(0.615f, 0.688f, 0.050f, 0.030f, 0.026f),
        new(0.672f, 0.694f, 0.042f, 0.036f, 0.024f),
        new(0.720f, 0.690f, 0.030f, 0.078f, 0.052f), // the tower
        new(0.776f, 0.696f, 0.062f, 0.034f, 0.034f),
        new(0.850f, 0.692f, 0.046f, 0.030f, 0.026f),
        new(0.912f, 0.698f, 0.056f, 0.038f, 0.030f),
        new(0.985f, 0.693f, 0.044f, 0.028f, 0.024f),
        new(1.060f, 0.697f, 0.052f, 0.034f, 0.028f),
        new(0.530f, 0.690f, 0.036f, 0.024f, 0.020f),
    ];

    /// <summary>The house at a place, if there is one.</summary>
    public static Sight? At(Vector2 p)
    {
        foreach (var house in houses)
        {
            float across = (p.X - house.X) / (0.5f * house.Width), up = house.Foot - p.Y;
            if (up < 0 || MathF.Abs(across) > 1.15f) continue;
            if (up < house.Wall && MathF.Abs(across) <= 1)
                return IsWindow(house, across, up)
                    ? new(Form.Window, Pigments.Glow, 0.85f, Vector2.UnitX)
                    : new(Form.House, Pigments.Plaster, 0.5f - (0.3f * across), Vector2.UnitY);
            float rise = (up - house.Wall) / house.Roof;
            if (rise >= 0 && rise < 1 - (MathF.Abs(across) / 1.15f))
                return new(Form.Roof, Pigments.Clay, 0.42f - (0.28f * across),
                    Vector2.Normalize(new(MathF.Sign(across) * house.Width, house.Roof)));
        }
        return null;
    }

    /// <summary>Light of the windows on the water below them.</summary>
    public static float Reflection(Vector2 p)
    {
        float light = 0;
        foreach (var house in houses)
        {
            float below = p.Y - house.Foot, off = (p.X - house.X) / (0.010f + (0.05f * below));
            light += 0.6f * MathF.Exp(-off * off) * Ramp.Smooth(0.1f, 0, below);
        }
        return light;
    }

    private static bool IsWindow(in House house, float across, float up)
    {
        float column = MathF.Abs(across) - 0.42f, row = MathF.Abs(up - (0.55f * house.Wall));
        return MathF.Abs(column) * 0.5f * house.Width < 0.0042f && row < 0.0075f;
    }
}
