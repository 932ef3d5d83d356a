namespace GatysGpu.Kernels.Losses;

// Letters: 3 planes c, H×W positions (i,j), v the image.
//
//   loss        = scale · ( Σ_{c,i,j<W−1} (v[c,i,j+1] − v[c,i,j])² + Σ_{c,i<H−1,j} (v[c,i+1,j] − v[c,i,j])² )
//   dV[c,i,j] (+)= 2·scale · Σ over the up to four neighbours n of (v[c,i,j] − v[c,n])
//
// Each pair of neighbours adds its difference to one end and takes it from the other. Differs from the total variation of
// Rudin, Osher, Fatemi 1992 (absolute values): squares have a gradient everywhere. It is the R_Vᵝ of Mahendran, Vedaldi 2015
// with β = 2.

/// <summary>Squared total variation of an image by plain loops in float64: the definition that every device is tested
/// against.</summary>
public static class TotalVariationReference
{
    /// <summary>Value and gradient.</summary>
    /// <param name="image">[3, H, W], row-major.</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="scale">Weight over normalisation.</param>
    /// <param name="dImage">[3, H, W]. Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether <paramref name="dImage"/> already holds a gradient.</param>
    /// <returns>scale · Σ of squared differences.</returns>
    public static double Loss(double[] image, int height, int width, double scale, double[] dImage, bool accumulate)
    {
        if (!accumulate) Array.Clear(dImage);
        double sum = 0;
        for (int i = 0; i < image.Length; i++)
        {
            int column = i % width, row = i / width % height;
            if (column + 1 < width) sum += Pair(image, i, i + 1, scale, dImage);
            if (row + 1 < height) sum += Pair(image, i, i + width, scale, dImage);
        }
        return scale * sum;
    }

    private static double Pair(double[] image, int here, int next, double scale, double[] dImage)
    {
        double difference = image[next] - image[here];
        dImage[next] += 2 * scale * difference;
        dImage[here] -= 2 * scale * difference;
        return difference * difference;
    }
}
