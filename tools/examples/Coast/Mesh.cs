using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>What a triangle is made of.</summary>
internal enum Substance : byte
{
    Whitewash,
    RedPaint,
    Iron,
    Glass,
    Tile,
    Wood,
    Bark,
    Needle,
    Blade,
    Flower,
}

/// <summary>One triangle: a corner and two edges, with its substance and a tint of its own (0 to 1).</summary>
internal readonly record struct Triangle(Vector3 Corner, Vector3 EdgeU, Vector3 EdgeV, Substance Substance, float Tint);

/// <summary>Everything with edges: triangles, gathered before they are sorted into a <see cref="TriangleTree"/>.</summary>
internal sealed class Mesh
{
    public List<Triangle> Triangles { get; } = [];

    /// <summary>One triangle by its corners.</summary>
    public void Add(Vector3 a, Vector3 b, Vector3 c, Substance substance, float tint = 0.5f) =>
        Triangles.Add(new(a, b - a, c - a, substance, tint));

    /// <summary>A parallelogram's four corners in order.</summary>
    public void AddQuad(Vector3 a, Vector3 b, Vector3 c, Vector3 d, Substance substance, float tint = 0.5f)
    {
        Add(a, b, c, substance, tint);
        Add(a, c, d, substance, tint);
    }

    /// <summary>A turned shape: rings of (radius, height) around a vertical axis.</summary>
    public void AddTurned(Vector3 foot, int sides, Substance substance, params ReadOnlySpan<Vector2> profile)
    {
        for (int i = 0; i + 1 < profile.Length; i++)
            for (int k = 0; k < sides; k++)
            {
                var (now, next) = (Spoke(k, sides), Spoke(k + 1, sides));
                Vector3 Place(Vector3 spoke, Vector2 ring) => foot + (ring.X * spoke) + (ring.Y * Vector3.UnitY);
                AddQuad(Place(now, profile[i]), Place(next, profile[i]), Place(next, profile[i + 1]), Place(now, profile[i + 1]),
                    substance);
            }
    }

    /// <summary>A box standing on <paramref name="foot"/>, turned about the vertical.</summary>
    public void AddBox(Vector3 foot, Vector3 size, float turn, Substance substance, float tint = 0.5f)
    {
        Vector3 right = 0.5f * size.X * new Vector3(MathF.Cos(turn), 0, MathF.Sin(turn));
        Vector3 ahead = 0.5f * size.Z * new Vector3(-MathF.Sin(turn), 0, MathF.Cos(turn));
        Vector3 up = size.Y * Vector3.UnitY;
        Vector3 a = foot - right - ahead, b = foot + right - ahead, c = foot + right + ahead, d = foot - right + ahead;
        AddQuad(a, b, b + up, a + up, substance, tint);
        AddQuad(b, c, c + up, b + up, substance, tint);
        AddQuad(c, d, d + up, c + up, substance, tint);
        AddQuad(d, a, a + up, d + up, substance, tint);
        AddQuad(a + up, b + up, c + up, d + up, substance, tint);
    }

    /// <summary>A branch: a cone's side between two points.</summary>
    public void AddLimb(Vector3 from, Vector3 to, float radiusFrom, float radiusTo, int sides, Substance substance)
    {
        var along = Vector3.Normalize(to - from);
        var side = Vector3.Normalize(Vector3.Cross(along, MathF.Abs(along.Y) < 0.9f ? Vector3.UnitY : Vector3.UnitX));
        var other = Vector3.Cross(along, side);
        for (int k = 0; k < sides; k++)
        {
            var (now, next) = (Spoke(k, sides), Spoke(k + 1, sides));
            Vector3 Around(Vector3 spoke) => (spoke.X * side) + (spoke.Z * other);
            AddQuad(from + (radiusFrom * Around(now)), from + (radiusFrom * Around(next)),
                to + (radiusTo * Around(next)), to + (radiusTo * Around(now)), substance);
        }
    }

    private static Vector3 Spoke(int k, int sides)
    {
        float angle = MathF.Tau * k / sides;
        return new(MathF.Cos(angle), 0, MathF.Sin(angle));
    }
}
