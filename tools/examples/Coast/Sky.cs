using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>Late light: a clear sky with a low sun beside the picture, cloud below it, haze along the horizon.</summary>
internal sealed class Sky
{
    private const int DomeWidth = 256, DomeHeight = 64;
    private readonly Canvas dome;

    /// <summary>Towards the sun: 73° to the left of the view, 17° high.</summary>
    public static readonly Vector3 Sun = Toward(-73, 17);

    /// <summary>Irradiance of a surface that faces the sun; a white one in the open is about 3.</summary>
    public static readonly Vector3 Sunlight = new Vector3(1, 0.77f, 0.5f) * 3.5f;

    /// <summary>Prepares the coarse dome that lights shadows and rough water.</summary>
    public Sky() => dome = new Canvas(DomeWidth, DomeHeight).Fill((x, y) =>
    {
        var lot = new Lot((ulong)((y * DomeWidth) + x), 0);
        float azimuth = MathF.Tau * (x + 0.5f) / DomeWidth, rise = (y + 0.5f) / DomeHeight, up = rise * rise;
        float across = MathF.Sqrt(1 - (up * up));
        return Radiance(new(across * MathF.Sin(azimuth), up, -across * MathF.Cos(azimuth)), ref lot);
    });

    /// <summary>What the sky sends from a direction, clouds and all.</summary>
    public static Vector3 Radiance(Vector3 direction, ref Lot lot)
    {
        var clear = Clear(direction);
        clear = Clouds.Veil(direction, clear);
        return Clouds.Over(direction, clear, ref lot);
    }

    /// <summary>The same from the coarse dome; directions below the horizon look at it.</summary>
    public Vector3 Dome(Vector3 direction)
    {
        float azimuth = MathF.Atan2(direction.X, -direction.Z) / MathF.Tau;
        return dome.Sample((azimuth - MathF.Floor(azimuth)) * DomeWidth, MathF.Sqrt(MathF.Max(0, direction.Y)) * DomeHeight);
    }

    /// <summary>The sky without clouds: blue above, pale haze below, both warmer towards the sun.</summary>
    public static Vector3 Clear(Vector3 direction)
    {
        float up = MathF.Max(direction.Y, 0), toSun = MathF.Max(0, Vector3.Dot(direction, Sun));
        float low = MathF.Exp(-5.5f * up);
        var color = Ramp.Mix(new Vector3(0.105f, 0.235f, 0.50f), new(0.30f, 0.44f, 0.62f), MathF.Exp(-2.4f * up));
        var haze = Ramp.Mix(new Vector3(0.60f, 0.64f, 0.66f), new(1.25f, 0.92f, 0.58f), MathF.Pow(toSun, 2.2f));
        color = Ramp.Mix(color, haze, low * 0.92f);
        return color + (new Vector3(1.3f, 0.82f, 0.42f) * ((0.42f * MathF.Pow(toSun, 7)) + (1.2f * MathF.Pow(toSun, 60))));
    }

    /// <summary>Blends what is far away into the haze before it.</summary>
    public static Vector3 Haze(Vector3 radiance, Vector3 direction, float distance)
    {
        var horizon = Clear(Vector3.Normalize(new(direction.X, 0.035f, direction.Z)));
        // Short waves are scattered most: distance turns shadows blue before it turns light pale.
        var depth = distance * new Vector3(1 / 3300f, 1 / 2700f, 1 / 2050f);
        var through = new Vector3(MathF.Exp(-depth.X), MathF.Exp(-depth.Y), MathF.Exp(-depth.Z));
        return (radiance * through) + (horizon * new Vector3(0.86f, 0.93f, 1) * (Vector3.One - through));
    }

    private static Vector3 Toward(float azimuth, float elevation)
    {
        float a = azimuth * MathF.PI / 180, e = elevation * MathF.PI / 180;
        return new(MathF.Sin(a) * MathF.Cos(e), MathF.Sin(e), MathF.Cos(a) * MathF.Cos(e));
    }
}
