namespace GatysGpu.Kernels.Gram;

// Letters: C channels, M = H·W positions; F is [C, M], everything else [C, C], row-major.
//
//   G[a,b]  = 1/M · Σ_m F[a,m] · F[b,m]                                   Gatys et al. 2016, Eq. 3, per position
//   loss    = scale · Σ_ab (G[a,b] − A[a,b])²                             Eq. 4 with scale = 1/(4C²)
//   D[a,b]  = 4·scale/M · (G[a,b] − A[a,b])                               Eq. 6 with scale = 1/(4C²), up to the per-position scaling
//   dF[a,m] (+)= Σ_b D[a,b] · F[b,m]
//
// Why 4·scale/M: dLoss/dG = 2·scale·(G − A), and each F[a,m] stands in row a and, G being symmetric, in column a of G.

/// <summary>Gram matrix, its loss and its gradient by plain loops in float64: the definition that every device is tested
/// against.</summary>
public static class GramReference
{
    /// <summary>G = F·Fᵀ / M.</summary>
    /// <param name="f">F, [C, M].</param>
    /// <param name="channels">C.</param>
    /// <param name="positions">M.</param>
    /// <returns>G, [C, C], symmetric.</returns>
    public static double[] Forward(double[] f, int channels, int positions)
    {
        var gram = new double[channels * channels];
        for (int a = 0; a < channels; a++)
            for (int b = 0; b <= a; b++)
            {
                double sum = 0;
                for (int m = 0; m < positions; m++) sum += f[a * positions + m] * f[b * positions + m];
                gram[a * channels + b] = gram[b * channels + a] = sum / positions;
            }
        return gram;
    }

    /// <summary>The value and the matrix D with dF = D·F.</summary>
    /// <param name="gram">G, [C, C]. D overwrites it.</param>
    /// <param name="target">A, [C, C], per position like G.</param>
    /// <param name="scale">Weight over normalisation.</param>
    /// <param name="positions">M of the map that G came from.</param>
    /// <returns>loss = scale · Σ(G − A)².</returns>
    public static double Loss(double[] gram, double[] target, double scale, long positions)
    {
        double sum = 0;
        for (int i = 0; i < gram.Length; i++)
        {
            double difference = gram[i] - target[i];
            sum += difference * difference;
            gram[i] = 4 * scale / positions * difference;
        }
        return scale * sum;
    }

    /// <summary>dF (+)= D·F.</summary>
    /// <param name="d">D, [C, C], symmetric.</param>
    /// <param name="f">F, [C, M].</param>
    /// <param name="channels">C.</param>
    /// <param name="positions">M.</param>
    /// <param name="dF">[C, M]. Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether <paramref name="dF"/> already holds a gradient.</param>
    public static void Backward(double[] d, double[] f, int channels, int positions, double[] dF, bool accumulate)
    {
        if (!accumulate) Array.Clear(dF);
        for (int a = 0; a < channels; a++)
            for (int b = 0; b < channels; b++)
                for (int m = 0; m < positions; m++)
                    dF[a * positions + m] += d[a * channels + b] * f[b * positions + m];
    }
}
