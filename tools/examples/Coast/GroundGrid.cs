using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>A rectangle of the map, worked out once: a ray asks for it hundreds of times.</summary>
internal sealed class GroundGrid
{
    private readonly Vector2 corner;
    private readonly float cell;
    private readonly int columns, rows;
    private readonly Vector4[] samples; // (height, relief, rise, inland), row-major along x

    /// <summary>Evaluates the land on a grid.</summary>
    /// <param name="corner">Least x and z, in metres.</param>
    /// <param name="cell">Spacing, in metres.</param>
    /// <param name="columns">Samples along x.</param>
    /// <param name="rows">Samples along z.</param>
    public GroundGrid(Vector2 corner, float cell, int columns, int rows)
    {
        (this.corner, this.cell, this.columns, this.rows) = (corner, cell, columns, rows);
        samples = new Vector4[columns * rows];
        Parallel.For(0, rows, z =>
        {
            for (int x = 0; x < columns; x++) samples[(z * columns) + x] = Survey(corner + (cell * new Vector2(x, z)));
        });
        var slopes = Slopes();
        Steepest(slopes);
    }

    /// <summary>Whether a place lies on the grid.</summary>
    public bool Covers(float x, float z)
    {
        float u = (x - corner.X) / cell, v = (z - corner.Y) / cell;
        return u >= 0 && v >= 0 && u < columns - 1 && v < rows - 1;
    }

    /// <summary>The land at a place, bilinear; beyond the border as on it.</summary>
    public Ground Sample(float x, float z)
    {
        float u = Math.Clamp((x - corner.X) / cell, 0, columns - 1.01f), v = Math.Clamp((z - corner.Y) / cell, 0, rows - 1.01f);
        int i = (int)u, j = (int)v;
        int at = (j * columns) + i;
        var s = Vector4.Lerp(Vector4.Lerp(samples[at], samples[at + 1], u - i),
            Vector4.Lerp(samples[at + columns], samples[at + columns + 1], u - i), v - j);
        return new(s.X, s.Y, s.Z, s.W);
    }

    // Height and distance inland; the other two follow from the neighbours.
    private static Vector4 Survey(Vector2 p)
    {
        var (inland, top) = Shoreline.At(p);
        float far = Ramp.Smooth(300, 700, p.Y);
        float buttress = Noise.Ridged(new Vector3(p.X / 13, 0, p.Y / 13), 3) - 0.62f;
        float depth = inland + (7 * buttress * Ramp.Smooth(-6, 3, inland)) + (40 * far * buttress);
        float width = (0.36f * top) + (2 * Noise.Gradient(p / 17)) + (60 * far);
        float rise = Math.Clamp(depth / width, 0, 1);
        float height = depth < 0
            ? MathF.Max(-14, 0.2f * depth)
            : top * (1 - MathF.Pow(1 - rise, 2.4f));
        height += rise * ((0.9f * Noise.Fbm(p / 15, 4)) + (0.1f * Noise.Fbm(p / 1.7f, 3)));
        height += far * rise * 26 * Noise.Fbm(p / 170, 6);
        return new(MathF.Max(height, Boulder(p, inland)), 0, 0, inland);
    }

    // Fallen blocks lie within a few metres of the shore: domes around scattered points.
    private static float Boulder(Vector2 p, float inland)
    {
        float likely = Ramp.Smooth(-9, -2, inland) * Ramp.Smooth(6, 1, inland);
        if (likely <= 0 || p.Y > 260) return -20;
        float best = -20;
        foreach (float spacing in (ReadOnlySpan<float>)[5.2f, 2.3f])
        {
            var (first, _, id) = Noise.Cells(p / spacing);
            float radius = spacing * (0.16f + (0.3f * Noise.Unit(id * 747796405u)));
            float dome = 1 - (first * spacing * first * spacing / (radius * radius));
            if (Noise.Unit(id) < 0.75f * likely) best = MathF.Max(best, (1.5f * radius * dome) - 0.55f);
        }
        return best;
    }

    private float[] Slopes()
    {
        var slopes = new float[samples.Length];
        Parallel.For(1, rows - 1, z =>
        {
            for (int x = 1; x < columns - 1; x++)
            {
                int at = (z * columns) + x;
                float dx = samples[at + 1].X - samples[at - 1].X, dz = samples[at + columns].X - samples[at - columns].X;
                float slope = MathF.Sqrt((dx * dx) + (dz * dz)) / (2 * cell);
                slopes[at] = slope;
            }
        });
        return slopes;
    }

    // The largest slope within about 12 m (on the far grid 24), so that a ray beside a cliff steps carefully.
    private void Steepest(float[] slopes)
    {
        int block = Math.Max(1, (int)(4 / cell)), across = (columns + block - 1) / block, down = (rows + block - 1) / block;
        var coarse = new float[across * down];
        for (int z = 0; z < rows; z++)
            for (int x = 0; x < columns; x++)
            {
                ref float most = ref coarse[(z / block * across) + (x / block)];
                most = MathF.Max(most, slopes[(z * columns) + x]);
            }
        int reach = Math.Max(3, (int)(24 / (block * cell)) / 2);
        var wide = Widen(Widen(coarse, across, down, reach, 1, 0), across, down, reach, 0, 1);
        Parallel.For(0, rows, z =>
        {
            for (int x = 0; x < columns; x++)
            {
                float u = Math.Clamp(((x + 0.5f) / block) - 0.5f, 0, across - 1.01f);
                float v = Math.Clamp(((z + 0.5f) / block) - 0.5f, 0, down - 1.01f);
                int at = ((int)v * across) + (int)u;
                float low = Ramp.Mix(wide[at], wide[at + 1], u - (int)u);
                float high = Ramp.Mix(wide[at + across], wide[at + across + 1], u - (int)u);
                ref var sample = ref samples[(z * columns) + x];
                sample.Z = MathF.Min(5, Ramp.Mix(low, high, v - (int)v));
                sample.Y = Relief(sample, slopes[(z * columns) + x]);
            }
        });
    }

    // Carving is meant along the normal, but the map is moved along the vertical and measured in steps of 1 / (1 + rise).
    private float Relief(Vector4 sample, float slope)
    {
        if (cell > 1) return 0;
        float rocky = Ramp.Smooth(0.5f, 1.1f, slope) * Ramp.Mix(0.35f, 1, Ramp.Smooth(1, 5, sample.X));
        return rocky * MathF.Sqrt(1 + (slope * slope)) / (1 + sample.Z);
    }

    private static float[] Widen(float[] values, int across, int down, int reach, int stepX, int stepZ)
    {
        var wide = new float[values.Length];
        for (int z = 0; z < down; z++)
            for (int x = 0; x < across; x++)
                for (int k = -reach; k <= reach; k++)
                {
                    int i = Math.Clamp(x + (k * stepX), 0, across - 1), j = Math.Clamp(z + (k * stepZ), 0, down - 1);
                    wide[(z * across) + x] = MathF.Max(wide[(z * across) + x], values[(j * across) + i]);
                }
        return wide;
    }
}
