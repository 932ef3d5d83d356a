using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>The random numbers of one sample of one pixel: independent where nothing is lost by it, spread evenly over the
/// pixel's samples where noise would show (sun's disc, sky's hemisphere).</summary>
/// <remarks>Even spreading is the R2 sequence (Roberts 2018), shifted by a random amount per pixel and use.</remarks>
internal struct Lot(ulong pixel, int sample)
{
    private Dice dice = new((pixel * 64) + (ulong)sample);

    /// <summary>[0, 1), independent.</summary>
    public float Next() => dice.Next();

    /// <summary>[0, 1): where in its steps a march begins.</summary>
    public readonly float Offset() => Even(3).U;

    /// <summary>A point of the sun's disc, radius 1.</summary>
    public readonly Vector2 Disc()
    {
        var (u, v) = Even(1);
        return MathF.Sqrt(u) * new Vector2(MathF.Cos(MathF.Tau * v), MathF.Sin(MathF.Tau * v));
    }

    /// <summary>A unit vector over a surface, as often as the cosine to its normal says.</summary>
    /// <param name="normal">The surface's.</param>
    /// <param name="turn">0, or 0.5 for the vector on the other side of the normal.</param>
    public readonly Vector3 Above(Vector3 normal, float turn)
    {
        var (u, v) = Even(2);
        v += turn;
        float z = (2 * u) - 1, r = MathF.Sqrt(MathF.Max(0, 1 - (z * z)));
        return Vector3.Normalize(normal + (0.999f * new Vector3(r * MathF.Cos(MathF.Tau * v), z, r * MathF.Sin(MathF.Tau * v))));
    }

    private readonly (float U, float V) Even(int use)
    {
        var shift = new Dice((pixel * 4) + (ulong)use);
        float u = shift.Next() + (sample * 0.7548777f), v = shift.Next() + (sample * 0.5698403f);
        return (u - MathF.Floor(u), v - MathF.Floor(v));
    }
}
