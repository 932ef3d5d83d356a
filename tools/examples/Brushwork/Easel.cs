using System.Numerics;

namespace GatysGpu.Examples.Brushwork;

/// <summary>A primed canvas with the paint on it: colour and thickness.</summary>
internal sealed class Easel
{
    private readonly Canvas color;
    private readonly float[] thickness;

    /// <summary>Stretches a canvas primed with a warm ground.</summary>
    public Easel(int width, int height)
    {
        var ground = Ramp.Hex(0x6b4a2c);
        color = new Canvas(width, height).Fill((x, y) => ground * (1 + (0.12f * Noise.Fbm(new Vector2(x, y) / 40, 3))));
        thickness = new float[width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) thickness[(y * width) + x] = 0.55f * (MathF.Sin(x * 1.15f) * MathF.Sin(y * 1.15f));
    }

    /// <summary>Lays strokes one over the other. Bands of the canvas are independent, so they are painted in parallel.</summary>
    public void Lay(IReadOnlyList<Stroke> strokes)
    {
        const int Band = 40;
        Parallel.For(0, (color.Height + Band - 1) / Band, band =>
        {
            foreach (var stroke in strokes) Lay(stroke, band * Band, Math.Min(color.Height, (band + 1) * Band));
        });
    }

    private void Lay(in Stroke stroke, int from, int to)
    {
        var (low, high) = Bounds(stroke);
        if (low.Y >= to || high.Y < from) return;
        var starts = new float[stroke.Path.Length];
        for (int i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + Vector2.Distance(stroke.Path[i - 1], stroke.Path[i]);
        float length = starts[^1];
        for (int y = Math.Max(from, (int)low.Y); y < Math.Min(to, (int)high.Y + 1); y++)
        {
            var (left, right) = Extent(stroke, y, low.X, high.X);
            for (int x = left; x <= right; x++)
            {
                var (along, across) = Nearest(stroke, starts, new(x + 0.5f, y + 0.5f));
                if (MathF.Abs(across) < 1.1f) Blend(stroke, x, y, along / length, across, length);
            }
        }
    }

    // The columns that the pieces near a row can reach.
    private static (int Left, int Right) Extent(in Stroke stroke, int y, float low, float high)
    {
        float left = high, right = low, reach = (1.1f * stroke.Radius) + 1;
        for (int i = 0; i + 1 < stroke.Path.Length; i++)
        {
            Vector2 a = Vector2.Min(stroke.Path[i], stroke.Path[i + 1]), b = Vector2.Max(stroke.Path[i], stroke.Path[i + 1]);
            if (y < a.Y - reach || y > b.Y + reach) continue;
            left = MathF.Min(left, a.X - reach);
            right = MathF.Max(right, b.X + reach);
        }
        return ((int)MathF.Max(left, low), (int)MathF.Min(right, high));
    }

    /// <summary>The painting under a lamp at the upper left: thick paint throws light and shade.</summary>
    public Canvas Light()
    {
        int width = color.Width, height = color.Height;
        return new Canvas(width, height).Fill((x, y) =>
        {
            float dx = Thickness(x + 1, y) - Thickness(x - 1, y), dy = Thickness(x, y + 1) - Thickness(x, y - 1);
            var normal = Vector3.Normalize(new(-0.34f * dx, -0.34f * dy, 1));
            float diffuse = Vector3.Dot(normal, Vector3.Normalize(new(-0.45f, -0.6f, 0.75f))) / 0.707f;
            float gloss = MathF.Pow(MathF.Max(0, Vector3.Dot(normal, Vector3.Normalize(new(-0.25f, -0.34f, 0.95f)))), 60);
            return (color[x, y] * Ramp.Mix(1, diffuse, 0.62f)) + new Vector3(0.13f * (gloss - 0.35f));
        });
    }

    private static (Vector2 Low, Vector2 High) Reach(in Stroke stroke)
    {
        Vector2 low = stroke.Path[0], high = low;
        foreach (var p in stroke.Path) (low, high) = (Vector2.Min(low, p), Vector2.Max(high, p));
        return (low - new Vector2(stroke.Radius + 1), high + new Vector2(stroke.Radius + 1));
    }

    private (Vector2 Low, Vector2 High) Bounds(in Stroke stroke)
    {
        var (low, high) = Reach(stroke);
        return (Vector2.Max(low, Vector2.Zero), Vector2.Min(high, new(color.Width - 1, color.Height - 1)));
    }

    // Distance along the path and signed distance across it in radii, from the nearest of its pieces.
    private static (float Along, float Across) Nearest(in Stroke stroke, float[] starts, Vector2 p)
    {
        float best = float.MaxValue, along = 0, side = 1;
        for (int i = 0; i + 1 < stroke.Path.Length; i++)
        {
            Vector2 a = stroke.Path[i], piece = stroke.Path[i + 1] - a, to = p - a;
            float t = Math.Clamp(Vector2.Dot(to, piece) / piece.LengthSquared(), 0, 1);
            float d = (to - (t * piece)).LengthSquared();
            if (d >= best) continue;
            best = d;
            along = starts[i] + (t * (starts[i + 1] - starts[i]));
            side = (piece.X * to.Y) - (piece.Y * to.X) < 0 ? -1 : 1;
        }
        return (along, side * MathF.Sqrt(best) / stroke.Radius);
    }

    private void Blend(in Stroke stroke, int x, int y, float along, float across, float length)
    {
        var (cover, thick, second) = stroke.Touch(along, across, length);
        if (cover <= 0) return;
        ref var paint = ref color[x, y];
        paint = Ramp.Mix(paint, Ramp.Mix(stroke.Color, stroke.Second, 0.75f * second), cover);
        ref float height = ref thickness[(y * color.Width) + x];
        // A large brush leaves more paint, but not in proportion.
        height = Ramp.Mix(height, (0.35f * height) + (thick * 1.5f * MathF.Sqrt(stroke.Radius)), cover);
    }

    private float Thickness(int x, int y) =>
        thickness[(Math.Clamp(y, 0, color.Height - 1) * color.Width) + Math.Clamp(x, 0, color.Width - 1)];
}
