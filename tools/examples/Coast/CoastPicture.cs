using System.Numerics;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Examples.Coast;

/// <summary>The content picture: a ray-traced coast in late light, as a photograph would show it.</summary>
internal static class CoastPicture
{
    private const int Width = 640, Height = 480, SamplesAcross = 3;
    private static readonly Vector3 eye = new(0, 23.5f, 0);
    private static readonly float tangent = MathF.Tan(20 * MathF.PI / 180); // half the vertical field of view

    /// <summary>Renders and develops it, 640×480.</summary>
    public static Picture Draw()
    {
        var tracer = new Tracer(new Scene());
        var exposed = new Canvas(Width, Height).Fill((x, y) => Pixel(tracer, x, y));
        return Darkroom.Develop(exposed).ToPicture();
    }

    // Stratified samples; the first row of strata decides whether it is all sky, which needs no more.
    private static Vector3 Pixel(Tracer tracer, int x, int y)
    {
        var sum = Vector3.Zero;
        int taken = 0, solid = 0;
        for (int k = 0; k < SamplesAcross * SamplesAcross; k++)
        {
            // Column and row of the stratum: the first few lie on a diagonal and so see all of the pixel.
            int i = k % SamplesAcross, j = (k + (k / SamplesAcross)) % SamplesAcross;
            var lot = new Lot((ulong)((y * Width) + x), k);
            float u = x + ((i + lot.Next()) / SamplesAcross), v = y + ((j + lot.Next()) / SamplesAcross);
            var light = tracer.Radiance(eye, Ray(u, v), 2 * tangent / Height, ref lot, out var target);
            // A single glint must not outshine its pixel.
            sum += Vector3.Min(light, new(6));
            taken++;
            if (target != Target.Sky) solid++;
            if (k == SamplesAcross - 1 && solid == 0) break;
        }
        return sum / taken;
    }

    private static Vector3 Ray(float u, float v)
    {
        const float Pitch = -0.052f;
        float right = ((2 * u / Width) - 1) * tangent * Width / Height, up = (1 - (2 * v / Height)) * tangent;
        var (sin, cos) = MathF.SinCos(Pitch);
        return Vector3.Normalize(new(right, (up * cos) + sin, cos - (up * sin)));
    }
}
