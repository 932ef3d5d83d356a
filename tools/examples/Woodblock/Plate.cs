using System.Numerics;

namespace GatysGpu.Examples.Woodblock;

/// <summary>The inks; paper is where nothing is printed.</summary>
internal enum Ink : byte
{
    Paper,
    Sky,
    Dawn,
    Sun,
    Pale,
    Blue,
    Deep,
    Hill,
    Moss,
    Ochre,
}

/// <summary>The carver's drawing: which colour block prints where, and the key block's lines over them.</summary>
/// <remarks>Drawn from back to front: a shape hides the lines under it. Coordinates: x 0 to 4/3, y 0 to 1 down.</remarks>
internal sealed class Plate(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>[H·W], the colour at each pixel.</summary>
    public Ink[] Colors { get; } = new Ink[width * height];

    /// <summary>[H·W], whether the key block has a line there.</summary>
    public bool[] Key { get; } = new bool[width * height];

    /// <summary>Fills an outline (non-zero winding) and hides what it covers.</summary>
    public void Fill(IReadOnlyList<Vector2> outline, Ink ink) => Scan(outline, at => (Colors[at], Key[at]) = (ink, false));

    /// <summary>Fills only where another colour is: shading within a shape. Lines stay.</summary>
    public void Tint(IReadOnlyList<Vector2> outline, Ink ink, params Ink[] over) => Scan(outline, at =>
    {
        if (over.Contains(Colors[at])) Colors[at] = ink;
    });

    /// <summary>A carved line that swells and tapers.</summary>
    /// <param name="points">Its course.</param>
    /// <param name="width">Full width at a share of the course.</param>
    /// <param name="over">Colours that take it; all when empty.</param>
    public void Line(IReadOnlyList<Vector2> points, Func<float, float> width, params Ink[] over) => Scan(Ribbon(points, width),
        at =>
    {
        if (over.Length == 0 || over.Contains(Colors[at])) Key[at] = true;
    });

    /// <summary>A filled shape with a line of even width around it.</summary>
    public void Shape(IReadOnlyList<Vector2> outline, Ink ink, float line)
    {
        Fill(outline, ink);
        Line([.. outline, outline[0], outline[1]], _ => line);
    }

    /// <summary>The outline of a line with the given width along it.</summary>
    public static Vector2[] Ribbon(IReadOnlyList<Vector2> points, Func<float, float> width)
    {
        var outline = new Vector2[2 * points.Count];
        for (int i = 0; i < points.Count; i++)
        {
            var along = points[Math.Min(i + 1, points.Count - 1)] - points[Math.Max(i - 1, 0)];
            along = along.LengthSquared() < 1e-14f ? Vector2.UnitX : Vector2.Normalize(along);
            var side = 0.5f * width(i / (points.Count - 1f)) * new Vector2(-along.Y, along.X);
            (outline[i], outline[^(i + 1)]) = (points[i] + side, points[i] - side);
        }
        return outline;
    }

    /// <summary>A circle or ellipse as an outline.</summary>
    public static Vector2[] Round(Vector2 centre, float radiusX, float radiusY, int points = 48) =>
        [.. Enumerable.Range(0, points).Select(i => centre + new Vector2(radiusX * MathF.Cos(MathF.Tau * i / points),
            radiusY * MathF.Sin(MathF.Tau * i / points)))];

    // Crossings of each pixel row with their direction; inside is where more edges went one way than the other.
    private void Scan(IReadOnlyList<Vector2> outline, Action<int> paint)
    {
        var crossings = new List<(float X, int Way)>();
        float low = outline.Min(p => p.Y) * Height, high = outline.Max(p => p.Y) * Height;
        for (int y = Math.Max(0, (int)low - 1); y <= Math.Min(Height - 1, (int)high + 1); y++)
        {
            crossings.Clear();
            for (int i = 0; i < outline.Count; i++)
                if (Crossing(outline[i] * Height, outline[(i + 1) % outline.Count] * Height, y
                    + 0.5f) is { } crossing) crossings.Add(crossing);
            crossings.Sort();
            int winding = 0;
            for (int k = 0; k + 1 < crossings.Count; k++)
            {
                winding += crossings[k].Way;
                if (winding == 0) continue;
                int to = Math.Min(Width - 1, (int)MathF.Floor(crossings[k + 1].X - 0.5f));
                for (int x = Math.Max(0, (int)MathF.Ceiling(crossings[k].X - 0.5f)); x <= to; x++) paint((y * Width) + x);
            }
        }
    }

    private static (float X, int Way)? Crossing(Vector2 a, Vector2 b, float y)
    {
        if (a.Y <= y == b.Y <= y) return null;
        return (a.X + ((b.X - a.X) * (y - a.Y) / (b.Y - a.Y)), a.Y < b.Y ? 1 : -1);
    }
}
