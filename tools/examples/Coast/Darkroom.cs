using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>From linear light to a print: bloom, vignette, film curve, a little grain.</summary>
internal static class Darkroom
{
    private const float Exposure = 0.78f;

    /// <summary>Develops a canvas of linear light into sRGB-encoded 0 to 1.</summary>
    public static Canvas Develop(Canvas exposed)
    {
        var bright = new Canvas(exposed.Width, exposed.Height)
            .Fill((x, y) => Vector3.Max(exposed[x, y] - new Vector3(1.1f), Vector3.Zero))
            .Blur(9);
        return new Canvas(exposed.Width, exposed.Height).Fill((x, y) =>
        {
            float u = ((x + 0.5f) / exposed.Width) - 0.5f, v = ((y + 0.5f) / exposed.Height) - 0.5f;
            float vignette = 1 - (0.42f * ((u * u) + (v * v)));
            var light = Exposure * vignette * (exposed[x, y] + (0.25f * bright[x, y]));
            var print = new Vector3(Film(light.X), Film(light.Y), Film(light.Z));
            return Grade(print) + new Vector3(0.009f * (Noise.White(x, y, 9) + Noise.White(x, y, 10) - 1));
        });
    }

    // A shoulder for the highlights and a toe for the blacks (Narkowicz 2015, a fit of the ACES curve), then the screen's power.
    private static float Film(float x) =>
        MathF.Pow(Math.Clamp(x * ((2.51f * x) + 0.03f) / ((x * ((2.43f * x) + 0.59f)) + 0.14f), 0, 1), 1 / 2.2f);

    // Shadows a trace cooler, lights a trace warmer, colours a little stronger.
    private static Vector3 Grade(Vector3 print)
    {
        float luma = Ramp.Luma(print);
        var toned = print + Ramp.Mix(new Vector3(-0.008f, 0.002f, 0.016f), new(0.012f, 0.004f, -0.012f), luma);
        return Ramp.Mix(new Vector3(luma), toned, 1.07f);
    }
}
