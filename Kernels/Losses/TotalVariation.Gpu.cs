using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Losses;

// loss        = scale · Σ (v[c,i,j+1] − v[c,i,j])² + (v[c,i+1,j] − v[c,i,j])²
// dV[c,i,j] (+)= factor · Σ over the up to four neighbours n of (v[c,i,j] − v[c,n]),  factor = 2 · scale

/// <summary>Squared total variation of a picture and its gradient. Defined by <see cref="TotalVariationReference"/>.</summary>
/// <remarks>Launched with <see cref="GroupSum.For"/>, whose thread map and order of additions it has: a thread has one pixel of
/// one plane after another and counts the pairs to its right and below. A neighbour outside the picture is the pixel itself:
/// their difference is 0. <see cref="GroupSum.Finish"/> adds the partial sums and applies the scale.</remarks>
public static class TotalVariationGpu
{
    /// <summary>The gradient, and the partial sums of squared differences.</summary>
    /// <param name="image">[3, H, W].</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="factor">2 · scale.</param>
    /// <param name="dImage">[3, H, W]. Overwritten, or added to.</param>
    /// <param name="partials">One a group. Overwritten.</param>
    /// <param name="accumulate">1 adds to <paramref name="dImage"/>, 0 overwrites it.</param>
    public static void Partials(ArrayView<float> image, int height, int width, float factor, ArrayView<float> dImage,
        ArrayView<double> partials, SpecializedValue<int> accumulate)
    {
        double sum = 0;
        for (long i = GroupSum.First; i < image.Length; i += GroupSum.Stride)
        {
            long line = i / width;
            int column = (int)(i - line * width), row = (int)(line % height);
            float here = image[i];
            float right = image[column + 1 < width ? i + 1 : i] - here, below = image[row + 1 < height ? i + width : i] - here;
            float left = here - image[column > 0 ? i - 1 : i], above = here - image[row > 0 ? i - width : i];
            sum += (double)right * right + (double)below * below;
            float gradient = factor * (left + above - right - below);
            dImage[i] = accumulate.Value != 0 ? dImage[i] + gradient : gradient;
        }
        sum = GroupSum.OfGroup(sum);
        if (Group.IdxX == 0) partials[Grid.IdxX] = sum;
    }
}
