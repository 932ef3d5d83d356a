using MathNet.Numerics.LinearAlgebra;

namespace GatysGpu.Engine.Features;

/// <summary>Filters that are whitened 3×3 patches of the pictures' own feature maps.</summary>
internal static class PatchFilters
{
    /// <summary>Draws patches and makes filters of them: w = W·p/‖p‖ with p = W·(x − μ) at a patch's nine positions, so that the filter's
    /// response to x is the patch's whitened correlation with it.</summary>
    /// <param name="count">Filters.</param>
    /// <param name="maps">The pictures' maps; they take turns.</param>
    /// <param name="whitening">μ and W of all positions of all maps.</param>
    /// <param name="random">Chooses the positions.</param>
    /// <returns>Filters, [count, C, 3, 3].</returns>
    public static double[] Make(int count, IReadOnlyList<HostMap> maps, Whitening whitening, Random random)
    {
        int channels = whitening.Mean.Length;
        if (count == 0) return [];
        Matrix<double> patches = Matrix<double>.Build.Dense(channels, 9 * count);
        for (int k = 0; k < count; k++)
        {
            HostMap map = maps[k % maps.Count];
            int y = random.Next(map.Height), x = random.Next(map.Width);
            for (int c = 0; c < channels; c++)
                for (int tap = 0; tap < 9; tap++)
                    patches[c, 9 * k + tap] = map.Mirrored(c, y + tap / 3 - 1, x + tap % 3 - 1) - whitening.Mean[c];
        }
        Matrix<double> white = whitening.Matrix * patches;
        for (int k = 0; k < count; k++)
        {
            double norm = 0;
            for (int c = 0; c < channels; c++)
                for (int tap = 0; tap < 9; tap++) norm += white[c, 9 * k + tap] * white[c, 9 * k + tap];
            // A patch of one colour has nothing to correlate with; its filter stays zero.
            double scale = norm > 1e-20 ? 1 / Math.Sqrt(norm) : 0;
            for (int c = 0; c < channels; c++)
                for (int tap = 0; tap < 9; tap++) white[c, 9 * k + tap] *= scale;
        }
        Matrix<double> folded = whitening.Matrix * white;
        double[] filters = new double[count * channels * 9];
        for (int k = 0; k < count; k++)
            for (int c = 0; c < channels; c++)
                for (int tap = 0; tap < 9; tap++) filters[(k * channels + c) * 9 + tap] = folded[c, 9 * k + tap];
        return filters;
    }
}

/// <summary>A feature map in host memory.</summary>
/// <param name="Values">[C, H, W].</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
internal sealed record HostMap(float[] Values, int Height, int Width)
{
    /// <summary>The value at a position at most one outside the map, which is mirrored there.</summary>
    public double Mirrored(int c, int y, int x) => Values[(c * Height + Mirror(y, Height)) * Width + Mirror(x, Width)];

    private static int Mirror(int i, int n) => i < 0 ? Math.Min(1, n - 1) : i >= n ? Math.Max(0, n - 2) : i;
}
