namespace GatysGpu.Engine.Features;

/// <summary>Random orthogonal 3×3 filters without their high frequencies, which are what makes plain random ones give noise.</summary>
internal static class SmoothedRandomFilters
{
    /// <summary>Makes filters.</summary>
    /// <param name="count">Filters, orthonormal before they are smoothed in groups of at most 9·C.</param>
    /// <param name="channels">C.</param>
    /// <param name="random">Source of normal numbers.</param>
    /// <returns>[count, C, 3, 3].</returns>
    public static double[] Make(int count, int channels, Random random)
    {
        int length = 9 * channels;
        double[] filters = new double[count * length];
        for (int k = 0; k < count; k++)
        {
            Span<double> row = filters.AsSpan(k * length, length);
            for (int i = 0; i < length; i++) row[i] = Normal(random);
            for (int other = k / length * length; other < k; other++) Subtract(row, filters.AsSpan(other * length, length));
            Normalise(row);
        }
        for (int plane = 0; plane < count * channels; plane++) Smooth(filters.AsSpan(plane * 9, 9));
        return filters;
    }

    /// <summary>A standard normal number (Box, Muller 1958).</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static void Subtract(Span<double> row, ReadOnlySpan<double> unit)
    {
        double along = 0;
        for (int i = 0; i < row.Length; i++) along += row[i] * unit[i];
        for (int i = 0; i < row.Length; i++) row[i] -= along * unit[i];
    }

    private static void Normalise(Span<double> row)
    {
        double norm = 0;
        foreach (double v in row) norm += v * v;
        norm = Math.Sqrt(norm);
        foreach (ref double v in row) v /= norm;
    }

    /// <summary>[1 2 1; 2 4 2; 1 2 1]/16, edges replicated: along each axis (a, b, c) becomes (3a + b, a + 2b + c, b + 3c)/4.</summary>
    private static void Smooth(Span<double> plane)
    {
        for (int i = 0; i < 3; i++) SmoothThree(ref plane[3 * i], ref plane[3 * i + 1], ref plane[3 * i + 2]);
        for (int i = 0; i < 3; i++) SmoothThree(ref plane[i], ref plane[3 + i], ref plane[6 + i]);
    }

    private static void SmoothThree(ref double a, ref double b, ref double c) =>
        (a, b, c) = ((3 * a + b) / 4, (a + 2 * b + c) / 4, (b + 3 * c) / 4);
}
