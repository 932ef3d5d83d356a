using System.Numerics;

namespace GatysGpu.Examples.Brushwork;

/// <summary>One touch of a loaded brush.</summary>
/// <param name="Path">Where it went, in pixels.</param>
/// <param name="Radius">Half the brush's width, in pixels.</param>
/// <param name="Color">The paint, sRGB-encoded.</param>
/// <param name="Second">A paint not quite mixed into it.</param>
/// <param name="Load">How much paint: 1 covers to the end, less runs dry.</param>
/// <param name="Seed">The bristles.</param>
internal readonly record struct Stroke(Vector2[] Path, float Radius, Vector3 Color, Vector3 Second, float Load, int Seed)
{
    /// <summary>What the brush leaves at a place.</summary>
    /// <param name="along">0 where it was set down to 1 where it was lifted.</param>
    /// <param name="across">-1 to 1 over its width.</param>
    /// <param name="length">Length of the path, in pixels.</param>
    /// <returns>Share of what was below that is covered, thickness, and share of the second paint.</returns>
    public (float Cover, float Thickness, float Second) Touch(float along, float across, float length)
    {
        float grain = MathF.Max(2.2f, Radius * 0.42f), run = along * length / (Radius * 5);
        var bristles = new Vector2((across * grain) + (Seed * 13.7f), run);
        float hair = Noise.Gradient(bristles * new Vector2(1.7f, 0.5f));
        float fine = Noise.Gradient(bristles * new Vector2(4.1f, 0.6f));
        float streak = 0.5f + (0.32f * hair) + (0.22f * fine);

        float edge = Ramp.Smooth(1, 0.82f, MathF.Abs(across) + (0.1f * hair));
        // The paint gives out hair by hair towards the end.
        float dry = Ramp.Smooth(-0.12f, 0.12f, streak + Load - (1.15f * along));
        float cover = edge * dry * Ramp.Smooth(0, 0.02f, along);

        // Pushed to the sides and to the end, thin in the middle.
        float ridge = 0.75f + (0.5f * MathF.Pow(MathF.Abs(across), 3)) + (0.5f * Ramp.Smooth(0.75f, 0.98f, along));
        return (cover, ridge * (0.35f + (0.9f * streak)), Ramp.Smooth(0.48f, 0.8f, streak));
    }
}
