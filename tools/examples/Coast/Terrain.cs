using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>What the map says of one place.</summary>
/// <param name="Height">Metres above the sea; negative under it.</param>
/// <param name="Relief">How far carving moves the surface: 0 on meadows, about 1 on cliffs.</param>
/// <param name="Rise">The steepest slope around, as metres up per metre: how far a ray may step.</param>
/// <param name="Inland">Metres from the shore line, negative at sea.</param>
internal readonly record struct Ground(float Height, float Relief, float Rise, float Inland);

/// <summary>Land as a height map with rock carved into its steep parts as a three-dimensional displacement.</summary>
/// <remarks>The displacement makes ledges and overhangs that a height map alone would smear down the face of a cliff.</remarks>
internal sealed class Terrain
{
    /// <summary>Shortest step per metre travelled, for rays whose end is seen.</summary>
    public const float Sharp = 0.0016f;

    /// <summary>The same for shadows and mirror images.</summary>
    public const float Rough = 0.012f;

    private const float Ceiling = 420, NearCeiling = 46;
    private readonly GroundGrid near = new(new(-100, -40), 0.25f, 1200, 1200);
    private readonly GroundGrid far = new(new(-1400, -100), 3, 1300, 1000);

    /// <summary>The map at (x, z).</summary>
    public Ground At(float x, float z) => near.Covers(x, z) ? near.Sample(x, z) : far.Sample(x, z);

    /// <summary>About the distance to the rock's surface, negative inside.</summary>
    public float Distance(Vector3 p)
    {
        var ground = At(p.X, p.Z);
        float d = (p.Y - ground.Height) / (1 + ground.Rise);
        return ground.Relief > 0.02f && d is > -2.2f and < 1.2f ? d - (ground.Relief * Carving(p)) : d;
    }

    /// <summary>Where a ray meets the land.</summary>
    /// <returns>Distance along the ray, or infinity beyond <paramref name="limit"/>.</returns>
    public float Trace(Vector3 origin, Vector3 direction, float start, float limit, float coarseness)
    {
        float t = start, before = start;
        for (int step = 0; step < 260 && t < limit; step++)
        {
            var p = origin + (t * direction);
            if (p.Y > Ceiling || (p.Y < -1.5f && direction.Y < 0)) return float.PositiveInfinity;
            if (p.Y > NearCeiling && direction.Y > 0.2f && p.Z < 300) return float.PositiveInfinity;
            float d = Distance(p);
            if (d < 0.0004f * t) return d < -0.002f * t ? Bisect(origin, direction, before, t) : t;
            before = t;
            // On far land a step may not be shorter than a pixel, or grazing rays never end.
            t += MathF.Max(0.75f * d, (40 * coarseness) + (coarseness * t));
        }
        return float.PositiveInfinity;
    }

    /// <summary>Unit normal, by differences as wide as a pixel.</summary>
    public Vector3 Normal(Vector3 p, float width)
    {
        float e = MathF.Max(0.02f, 0.6f * width);
        // Four corners of a tetrahedron instead of six neighbours (Quilez 2015).
        Vector3 a = new(1, -1, -1), b = new(-1, -1, 1), c = new(-1, 1, -1), d = new(1, 1, 1);
        return Vector3.Normalize((a * Distance(p + (e * a))) + (b * Distance(p + (e * b)))
            + (c * Distance(p + (e * c))) + (d * Distance(p + (e * d))));
    }

    /// <summary>Height of the bedding planes at a place: strata follow it and dip to the right.</summary>
    public static float Bedding(Vector3 p) => p.Y + (0.09f * p.X) + (1.4f * Noise.Fbm(new Vector2(p.X, p.Z) / 23, 2));

    // Beds stand out or fall back as wholes; joints and weathering break them up.
    private static float Carving(Vector3 p)
    {
        float bed = Bedding(p) * 0.8f;
        int layer = (int)MathF.Floor(bed);
        float within = bed - layer;
        float ledge = Ramp.Mix(Noise.White(layer, 5), Noise.White(layer + 1, 5), Ramp.Smooth(0.72f, 1, within));
        float joints = Noise.Ridged(new Vector3(p.X, 0.35f * p.Y, p.Z) * 0.22f, 3);
        float weathering = Noise.Fbm(p * 1.1f, 4, 0.55f);
        return (0.75f * ledge) - (1.5f * Ramp.Smooth(0.72f, 0.98f, joints)) + (0.45f * weathering);
    }

    private float Bisect(Vector3 origin, Vector3 direction, float outside, float inside)
    {
        for (int i = 0; i < 10; i++)
        {
            float middle = 0.5f * (outside + inside);
            if (Distance(origin + (middle * direction)) < 0) inside = middle;
            else outside = middle;
        }
        return inside;
    }
}
