namespace GatysGpu.Engine.Imaging;

/// <summary>Mean and covariance of a picture's colours, or of a mixture of pictures'.</summary>
/// <param name="Mean">μ = E[x], [3], in samples from 0 to 255.</param>
/// <param name="Covariance">Σ = E[(x−μ)(x−μ)ᵀ], [3, 3], symmetric, of the whole population (divided by the pixels' number).</param>
internal sealed record ColourStatistics(double[] Mean, double[,] Covariance)
{
    // Sums are taken about the middle of the range, which keeps Σ = E[yyᵀ] − E[y]E[y]ᵀ from cancelling.
    private const double Origin = 127.5;

    // y₀ y₁ y₂, then the upper triangle of yyᵀ.
    private const int Sums = 9;

    /// <summary>Of one picture. Rows are summed in parallel and added in order: the result does not depend on threads.</summary>
    public static ColourStatistics Of(Picture picture)
    {
        double[][] rows = new double[picture.Height][];
        Parallel.For(0, picture.Height, y => rows[y] = SumRow(picture, y));
        double[] total = new double[Sums];
        foreach (double[] row in rows)
            for (int i = 0; i < Sums; i++) total[i] += row[i];
        double pixels = (double)picture.Width * picture.Height;
        for (int i = 0; i < Sums; i++) total[i] /= pixels;

        double[,] covariance = new double[3, 3];
        for (int i = 0, next = 3; i < 3; i++)
            for (int j = i; j < 3; j++, next++) covariance[i, j] = covariance[j, i] = total[next] - total[i] * total[j];
        return new ColourStatistics([total[0] + Origin, total[1] + Origin, total[2] + Origin], covariance);
    }

    /// <summary>Of a mixture: μ = Σᵢ wᵢμᵢ, Σ = Σᵢ wᵢ(Σᵢ + (μᵢ−μ)(μᵢ−μ)ᵀ), the weights divided by their sum.</summary>
    /// <param name="parts">At least one.</param>
    /// <param name="weights">One for each part, not negative, not all 0.</param>
    public static ColourStatistics Mixture(IReadOnlyList<ColourStatistics> parts, IReadOnlyList<double> weights)
    {
        double sum = weights.Sum();
        double[] mean = new double[3];
        for (int p = 0; p < parts.Count; p++)
            for (int i = 0; i < 3; i++) mean[i] += weights[p] / sum * parts[p].Mean[i];
        double[,] covariance = new double[3, 3];
        for (int p = 0; p < parts.Count; p++)
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    covariance[i, j] += weights[p] / sum
                        * (parts[p].Covariance[i, j] + (parts[p].Mean[i] - mean[i]) * (parts[p].Mean[j] - mean[j]));
        return new ColourStatistics(mean, covariance);
    }

    private static double[] SumRow(Picture picture, int y)
    {
        int at = y * picture.Width;
        ReadOnlySpan<float> red = picture.Plane(0).Slice(at, picture.Width);
        ReadOnlySpan<float> green = picture.Plane(1).Slice(at, picture.Width);
        ReadOnlySpan<float> blue = picture.Plane(2).Slice(at, picture.Width);
        double sr = 0, sg = 0, sb = 0, rr = 0, rg = 0, rb = 0, gg = 0, gb = 0, bb = 0;
        for (int x = 0; x < red.Length; x++)
        {
            double r = red[x] - Origin, g = green[x] - Origin, b = blue[x] - Origin;
            (sr, sg, sb) = (sr + r, sg + g, sb + b);
            (rr, rg, rb) = (rr + r * r, rg + r * g, rb + r * b);
            (gg, gb, bb) = (gg + g * g, gb + g * b, bb + b * b);
        }
        return [sr, sg, sb, rr, rg, rb, gg, gb, bb];
    }
}
