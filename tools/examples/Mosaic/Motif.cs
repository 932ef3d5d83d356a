using System.Numerics;

namespace GatysGpu.Examples.Mosaic;

/// <summary>Kinds of glass and stone.</summary>
internal enum Glass
{
    Ivory,
    Sand,
    Terracotta,
    Umber,
    Gold,
    Orange,
    Emerald,
    Leaf,
    Turquoise,
    Cobalt,
    Ink,
    White,
}

/// <summary>What the cartoon says of a place.</summary>
/// <param name="Region">Tiles do not cross from one region to another.</param>
/// <param name="Glass">The material.</param>
/// <param name="Tone">-1 darker to 1 lighter.</param>
internal readonly record struct Mark(int Region, Glass Glass, float Tone);

/// <summary>The cartoon under the mosaic: a peacock with its fan spread, in a border of triangles.</summary>
/// <remarks>Coordinates: x 0 to 4/3 to the right, y 0 to 1 down.</remarks>
internal static class Motif
{
    private const float Fan = 0.575f;
    private static readonly Vector2 root = new(0.667f, 0.715f);
    private static readonly (Vector2 Centre, Vector2 Axis, float Size)[] eyes = [.. Eyes()];

    public static Mark At(Vector2 p)
    {
        if (Border(p) is { } border) return border;
        if (Bird(p) is { } bird) return bird;
        if (p.Y > 0.865f + (0.012f * MathF.Sin(p.X * 14))) return Ground(p);
        var ray = p - root;
        float radius = ray.Length(), angle = MathF.Atan2(ray.X, -ray.Y);
        if (MathF.Abs(angle) < 1.86f && radius < Edge(angle)) return Feathers(p, ray, radius, angle);
        return Sky(p, radius);
    }

    // Three rings of eyes, each ring set into the gaps of the one before.
    private static IEnumerable<(Vector2, Vector2, float)> Eyes()
    {
        foreach (var (radius, count, size) in new[] { (0.245f, 9, 0.030f), (0.375f, 12, 0.040f), (0.507f, 13, 0.050f) })
            for (int k = 0; k < count; k++)
            {
                float angle = Ramp.Mix(-1.7f, 1.7f, (k + 0.5f) / count);
                var axis = new Vector2(MathF.Sin(angle), -MathF.Cos(angle));
                yield return (root + (radius * axis), axis, size);
            }
    }

    private static float Edge(float angle) => Fan + (0.018f * MathF.Abs(MathF.Cos(angle * MathF.PI * 13 / 3.4f)));

    private static Mark Feathers(Vector2 p, Vector2 ray, float radius, float angle)
    {
        int region = 100;
        foreach (var (centre, axis, size) in eyes)
        {
            region += 5;
            var to = p - centre;
            // An egg: the outer end of the eye is the broad one.
            float along = Vector2.Dot(to, axis), across = (to.X * axis.Y) - (to.Y * axis.X);
            float egg = MathF.Sqrt((across * across) + (along * along * (along < 0 ? 0.55f : 1))) / size;
            if (egg > 1) continue;
            if (egg > 0.8f) return new(region, Glass.Leaf, 0.5f);
            if (egg > 0.56f) return new(region + 1, Glass.Gold, 0.2f);
            float core = Vector2.Distance(p, centre + (0.1f * size * axis)) / size;
            return core > 0.3f ? new(region + 2, Glass.Turquoise, 0.2f) : new(region + 3, Glass.Ink, 0.3f);
        }
        if (radius > Edge(angle) - 0.022f) return new(90, Glass.Gold, -0.1f);
        float vane = angle * 13 / 3.4f * 2, off = MathF.Abs(vane - MathF.Round(vane)) * radius;
        if (off < 0.0095f && radius > 0.1f) return new(91, radius > 0.3f ? Glass.Orange : Glass.Gold, -0.25f);
        int side = (int)MathF.Floor(vane);
        bool odd = (side & 1) == 0;
        return new(340 + side, odd ? Glass.Emerald : Glass.Leaf, (odd ? -0.1f : -0.45f) + (0.5f * MathF.Sin(radius * 60))
            - (0.3f * Ramp.Smooth(0.35f, 0.1f, ray.Length())));
    }

    private static Mark? Bird(Vector2 p)
    {
        if (Head(p) is { } head) return head;
        float neck = Neck(p, out float up);
        if (neck < 0)
            return new(10, neck > -0.012f ? Glass.Ink : up > 0.3f + (0.14f * MathF.Cos((p.X - 0.667f) * 42))
                ? Glass.Cobalt : Glass.Turquoise, (0.5f * up) - 0.1f);
        var body = (p - new Vector2(0.667f, 0.722f)) / new Vector2(0.105f, 0.135f);
        float shape = body.Length();
        if (shape < 1)
        {
            if (shape > 0.88f) return new(11, Glass.Ink, 0.2f);
            // Scales: rows of arcs, each gold at its rim.
            var (rim, row) = Scale(p);
            return rim > 0.72f ? new(12, Glass.Gold, 0) : new(13 + (row & 1), Glass.Cobalt, 0.3f - (0.6f * body.Y));
        }
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            float leg = MathF.Abs(p.X - (0.667f + (side * 0.036f)));
            if (leg < 0.009f && p.Y is > 0.80f and < 0.895f) return new(17, Glass.Orange, -0.2f);
            if (MathF.Abs(p.Y - 0.897f) < 0.009f && leg < 0.03f) return new(17, Glass.Orange, -0.2f);
        }
        return null;
    }

    private static (float Rim, int Row) Scale(Vector2 p)
    {
        var q = (p - new Vector2(0.667f, 0.6f)) / new Vector2(0.052f, 0.036f);
        float row = MathF.Floor(q.Y), shift = ((int)row & 1) == 0 ? 0 : 0.5f;
        float x = q.X + shift - MathF.Floor(q.X + shift) - 0.5f, y = q.Y - row;
        return (MathF.Sqrt((4 * x * x) + (y * y * 0.9f)), (int)row);
    }

    private static float Neck(Vector2 p, out float up)
    {
        // From the breast to the head in a slight S.
        up = Ramp.Linear(0.68f, 0.425f, p.Y);
        float axis = 0.667f + (0.022f * MathF.Sin(up * 5.2f)) - (0.012f * up);
        float half = Ramp.Mix(0.072f, 0.026f, MathF.Pow(up, 0.7f));
        return p.Y is < 0.42f or > 0.68f ? 1 : MathF.Abs(p.X - axis) - half;
    }

    private static Mark? Head(Vector2 p)
    {
        var centre = new Vector2(0.640f, 0.425f);
        float d = Vector2.Distance(p, centre);
        var eye = p - new Vector2(0.634f, 0.418f);
        if (eye.Length() < 0.0095f) return new(20, Glass.Ink, 0);
        if ((eye * new Vector2(0.7f, 1)).Length() < 0.0175f) return new(21, Glass.White, 0.3f);
        if (d < 0.040f) return new(22, d > 0.031f ? Glass.Ink : Glass.Cobalt, 0.35f);
        // Beak.
        float beak = (0.603f - p.X) / 0.05f;
        if (beak is > 0 and < 1 && MathF.Abs(p.Y - 0.430f - (0.008f * beak)) < 0.014f * (1 - beak))
            return new(23, Glass.Orange, 0.2f);
        for (int k = -2; k <= 2; k++)
        {
            var axis = new Vector2(MathF.Sin(0.22f + (0.3f * k)), -MathF.Cos(0.22f + (0.3f * k)));
            var to = p - centre;
            float along = Vector2.Dot(to, axis), across = MathF.Abs((to.X * axis.Y) - (to.Y * axis.X));
            if (Vector2.Distance(to, 0.098f * axis) < 0.014f) return new(25 + k, Glass.Gold, 0.4f);
            if (across < 0.0045f && along is > 0.03f and < 0.09f) return new(30, Glass.Ink, 0.4f);
        }
        return null;
    }

    // Rays of light stone that grow darker outwards in rings.
    private static Mark Sky(Vector2 p, float radius)
    {
        float ring = (radius - Fan) * 15;
        int k = (int)MathF.Floor(ring);
        return (k & 1) == 0
            ? new(60 + k, Glass.Ivory, 0.1f + (0.3f * Noise.Fbm(p * 6, 2)))
            : new(60 + k, Glass.Sand, 0.25f * Noise.Fbm(p * 6, 2));
    }

    private static Mark Ground(Vector2 p)
    {
        float wave = p.Y - (0.865f + (0.012f * MathF.Sin(p.X * 14)));
        if (wave < 0.016f) return new(70, Glass.Umber, 0);
        var flower = new Vector2(p.X - (MathF.Round(p.X / 0.148f) * 0.148f), p.Y - 0.912f);
        float d = flower.Length(), petals = 0.022f + (0.008f * MathF.Cos(5 * MathF.Atan2(flower.Y, flower.X)));
        if (MathF.Abs(p.X - 0.667f) > 0.1f)
        {
            if (d < 0.010f) return new(71, Glass.Gold, 0.3f);
            if (d < petals) return new(72, Glass.White, 0);
        }
        return wave < 0.05f ? new(73, Glass.Terracotta, 0) : new(74, Glass.Terracotta, -0.45f);
    }

    private static Mark? Border(Vector2 p)
    {
        float inside = MathF.Min(MathF.Min(p.X, (4 / 3f) - p.X), MathF.Min(p.Y, 1 - p.Y));
        if (inside > 0.062f) return null;
        if (inside > 0.049f) return new(1, Glass.Ink, 0.1f);
        if (inside < 0.012f) return new(2, Glass.Umber, -0.3f);
        bool upright = MathF.Min(p.X, (4 / 3f) - p.X) < MathF.Min(p.Y, 1 - p.Y);
        float run = (upright ? p.Y : p.X) / 0.0741f, tooth = MathF.Abs(run - MathF.Floor(run) - 0.5f) * 2;
        return (inside - 0.012f) / 0.037f < tooth ? new(3 + ((int)run & 1), Glass.Terracotta, 0.1f) : new(5, Glass.Ivory, 0.1f);
    }
}
