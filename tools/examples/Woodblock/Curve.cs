using System.Numerics;

namespace GatysGpu.Examples.Woodblock;

/// <summary>A smooth line through given points (Catmull-Rom), walked evenly by its length.</summary>
internal sealed class Curve
{
    private readonly Vector2[] points;
    private readonly float[] lengths;

    public Curve(params ReadOnlySpan<Vector2> through)
    {
        const int Pieces = 24;
        var dense = new List<Vector2> { through[0] };
        for (int i = 0; i + 1 < through.Length; i++)
        {
            Vector2 a = through[Math.Max(i - 1, 0)], b = through[i], c = through[i + 1], d =
                through[Math.Min(i + 2, through.Length - 1)];
            for (int k = 1; k <= Pieces; k++) dense.Add(Between(a, b, c, d, (float)k / Pieces));
        }
        points = [.. dense];
        lengths = new float[points.Length];
        for (int i = 1; i < points.Length; i++) lengths[i] = lengths[i - 1] + Vector2.Distance(points[i - 1], points[i]);
    }

    /// <summary>The whole length.</summary>
    public float Length => lengths[^1];

    /// <summary>The point at a share of the length, 0 to 1.</summary>
    public Vector2 At(float s)
    {
        float target = Math.Clamp(s, 0, 1) * Length;
        int i = Array.BinarySearch(lengths, target);
        if (i < 0) i = ~i;
        i = Math.Clamp(i, 1, points.Length - 1);
        return Vector2.Lerp(points[i - 1], points[i], (target - lengths[i - 1]) / (lengths[i] - lengths[i - 1]));
    }

    /// <summary>Unit direction of travel.</summary>
    public Vector2 Direction(float s) => Vector2.Normalize(At(s + 0.006f) - At(s - 0.006f));

    /// <summary>Points from one share of the length to another.</summary>
    public Vector2[] Walk(float from, float to, int count) =>
        [.. Enumerable.Range(0, count).Select(i => At(Ramp.Mix(from, to, i / (count - 1f))))];

    private static Vector2 Between(Vector2 a, Vector2 b, Vector2 c, Vector2 d, float t) =>
        0.5f * ((2 * b) + (t * (c - a)) + (t * t * ((2 * a) - (5 * b) + (4 * c) - d)) + (t * t * t * ((3 * (b - c)) + d - a)));
}
