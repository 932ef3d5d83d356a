using System.Numerics;

namespace GatysGpu.Examples;

/// <summary>Transitions between two values, and colours written as they are known from screens.</summary>
internal static class Ramp
{
    /// <summary>0 at <paramref name="from"/>, 1 at <paramref name="to"/>, clamped; the two may be in either order.</summary>
    public static float Linear(float from, float to, float x) => Math.Clamp((x - from) / (to - from), 0, 1);

    /// <summary>As <see cref="Linear"/> with a soft start and end (3t² - 2t³).</summary>
    public static float Smooth(float from, float to, float x)
    {
        float t = Linear(from, to, x);
        return t * t * (3 - (2 * t));
    }

    /// <summary>a + (b - a)·t.</summary>
    public static float Mix(float a, float b, float t) => a + ((b - a) * t);

    /// <summary>a + (b - a)·t.</summary>
    public static Vector3 Mix(Vector3 a, Vector3 b, float t) => a + ((b - a) * t);

    /// <summary>0xRRGGBB as 0 to 1 per channel, still sRGB-encoded.</summary>
    public static Vector3 Hex(int rgb) => new Vector3((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255) / 255f;

    /// <summary>0xRRGGBB as linear light, 0 to 1 per channel (IEC 61966-2-1, with its power law rounded to 2.2).</summary>
    public static Vector3 Light(int rgb)
    {
        var c = Hex(rgb);
        return new(MathF.Pow(c.X, 2.2f), MathF.Pow(c.Y, 2.2f), MathF.Pow(c.Z, 2.2f));
    }

    /// <summary>Brightness of a colour (the weights of BT.709).</summary>
    public static float Luma(Vector3 c) => Vector3.Dot(c, new(0.2126f, 0.7152f, 0.0722f));
}
