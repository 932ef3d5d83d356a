namespace GatysGpu.Kernels.Losses;

// loss     = scale · Σ_i (F[i] − P[i])²         Gatys et al. 2016, Eq. 1 with scale = ½
// dF[i] (+)= 2 · scale · (F[i] − P[i])          Eq. 2, but without its case F = 0: that is the ReLU's mask, applied by the
//                                               operation that carries dF through the ReLU

/// <summary>Content loss by plain loops in float64: the definition that every device is tested against.</summary>
public static class ContentLossReference
{
    /// <summary>Value and gradient.</summary>
    /// <param name="f">F, any shape.</param>
    /// <param name="target">P, of the same shape.</param>
    /// <param name="scale">Weight over normalisation.</param>
    /// <param name="dF">Of the same shape. Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether <paramref name="dF"/> already holds a gradient.</param>
    /// <returns>scale · Σ(F − P)².</returns>
    public static double Loss(double[] f, double[] target, double scale, double[] dF, bool accumulate)
    {
        double sum = 0;
        for (int i = 0; i < f.Length; i++)
        {
            double difference = f[i] - target[i];
            sum += difference * difference;
            dF[i] = (accumulate ? dF[i] : 0) + 2 * scale * difference;
        }
        return scale * sum;
    }
}
