using System.Numerics;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Examples;

/// <summary>A picture being made: one colour per pixel, row-major.</summary>
internal sealed class Canvas(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>[H·W]; linear light of any range or sRGB-encoded 0 to 1, as its user says.</summary>
    public Vector3[] Pixels { get; } = new Vector3[width * height];

    public ref Vector3 this[int x, int y] => ref Pixels[(y * Width) + x];

    /// <summary>The colour at a place in pixels, between pixel centres; the border goes on for ever.</summary>
    public Vector3 Sample(float x, float y)
    {
        x = Math.Clamp(x - 0.5f, 0, Width - 1.001f);
        y = Math.Clamp(y - 0.5f, 0, Height - 1.001f);
        int i = (int)x, j = (int)y;
        var top = Ramp.Mix(this[i, j], this[Math.Min(i + 1, Width - 1), j], x - i);
        int below = Math.Min(j + 1, Height - 1);
        return Ramp.Mix(top, Ramp.Mix(this[i, below], this[Math.Min(i + 1, Width - 1), below], x - i), y - j);
    }

    /// <summary>Fills every pixel, rows in parallel.</summary>
    public Canvas Fill(Func<int, int, Vector3> color)
    {
        Parallel.For(0, Height, y =>
        {
            for (int x = 0; x < Width; x++) this[x, y] = color(x, y);
        });
        return this;
    }

    /// <summary>Averages squares of pixels: what was drawn large becomes smooth.</summary>
    public Canvas Shrink(int factor)
    {
        var small = new Canvas(Width / factor, Height / factor);
        return small.Fill((x, y) =>
        {
            var sum = Vector3.Zero;
            for (int j = 0; j < factor; j++)
                for (int i = 0; i < factor; i++) sum += this[(x * factor) + i, (y * factor) + j];
            return sum / (factor * factor);
        });
    }

    /// <summary>Gaussian blur with the given deviation in pixels, by two passes.</summary>
    public Canvas Blur(float sigma)
    {
        int reach = (int)MathF.Ceiling(2.5f * sigma);
        var weights = new float[(2 * reach) + 1];
        for (int i = -reach; i <= reach; i++) weights[i + reach] = MathF.Exp(-i * i / (2 * sigma * sigma));
        float total = weights.Sum();
        var across = new Canvas(Width, Height).Fill((x, y) =>
        {
            var sum = Vector3.Zero;
            for (int i = -reach; i <= reach; i++) sum += weights[i + reach] * this[Math.Clamp(x + i, 0, Width - 1), y];
            return sum / total;
        });
        return new Canvas(Width, Height).Fill((x, y) =>
        {
            var sum = Vector3.Zero;
            for (int i = -reach; i <= reach; i++) sum += weights[i + reach] * across[x, Math.Clamp(y + i, 0, Height - 1)];
            return sum / total;
        });
    }

    /// <summary>The finished picture; the canvas holds sRGB-encoded 0 to 1.</summary>
    public Picture ToPicture()
    {
        var picture = new Picture(Width, Height);
        for (int c = 0; c < 3; c++)
        {
            var plane = picture.Plane(c);
            for (int i = 0; i < plane.Length; i++) plane[i] = 255 * Math.Clamp(Pixels[i][c], 0, 1);
        }
        return picture;
    }
}
