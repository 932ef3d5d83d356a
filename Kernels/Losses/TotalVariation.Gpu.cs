using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Losses;

// loss        = scale · Σ (v[c,i,j+1] − v[c,i,j])² + (v[c,i+1,j] − v[c,i,j])²
// dV[c,i,j] (+)= factor · Σ over the up to four neighbours n of (v[c,i,j] − v[c,n]),  factor = 2 · scale

/// <summary>Squared total variation of a picture and its gradient. Defined by <see cref="TotalVariationReference"/>.</summary>
/// <remarks>Launched with <see cref="GroupSum.For"/>, whose thread map and order of additions it has: for fours where W is a
/// multiple of 4, so that four neighbours are of one row, else for single pixels. A pixel counts the pairs to its right and
/// below. A neighbour outside the picture is the pixel itself: their difference is 0. <see cref="GroupSum.Finish"/> adds the
/// partial sums and applies the scale.</remarks>
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
        if ((width & 3) == 0)
            for (long n = GroupSum.First; FourNeighbours.Whole(image, n); n += GroupSum.Stride)
                sum = AddFour(sum, image, height, width >> 2, factor, dImage, accumulate.Value, n);
        else
            for (long i = GroupSum.First; i < image.Length; i += GroupSum.Stride)
                sum = AddOne(sum, image, height, width, factor, dImage, accumulate.Value, i);
        sum = GroupSum.OfGroup(sum);
        if (Group.IdxX == 0) partials[Grid.IdxX] = sum;
    }

    // Five loads for four pixels: the row's four and one on either side, the fours above and below.
    private static double AddFour(double sum, ArrayView<float> image, int height, int fours, float factor,
        ArrayView<float> dImage, int accumulate, long n)
    {
        long line = n / fours;
        int column = (int)(n - line * fours), row = (int)(line % height);
        Float4 here = FourNeighbours.Read(image, n, true);
        Float4 above = FourNeighbours.Read(image, row > 0 ? n - fours : n, true);
        Float4 below = FourNeighbours.Read(image, row + 1 < height ? n + fours : n, true);
        float before = image[column > 0 ? 4 * n - 1 : 4 * n], after = image[column + 1 < fours ? 4 * n + 4 : 4 * n + 3];
        Float4 to = accumulate != 0 ? FourNeighbours.Read(dImage, n, true) : new Float4(0f, 0f, 0f, 0f);
        Float4 gradient = new(
            Pixel(ref sum, before, here.X, here.Y, above.X, below.X), Pixel(ref sum, here.X, here.Y, here.Z, above.Y, below.Y),
            Pixel(ref sum, here.Y, here.Z, here.W, above.Z, below.Z), Pixel(ref sum, here.Z, here.W, after, above.W, below.W));
        FourNeighbours.Write(dImage, n, true, new Float4(to.X + factor * gradient.X, to.Y + factor * gradient.Y,
            to.Z + factor * gradient.Z, to.W + factor * gradient.W));
        return sum;
    }

    private static double AddOne(double sum, ArrayView<float> image, int height, int width, float factor,
        ArrayView<float> dImage, int accumulate, long i)
    {
        long line = i / width;
        int column = (int)(i - line * width), row = (int)(line % height);
        float gradient = Pixel(ref sum, image[column > 0 ? i - 1 : i], image[i], image[column + 1 < width ? i + 1 : i],
            image[row > 0 ? i - width : i], image[row + 1 < height ? i + width : i]);
        dImage[i] = (accumulate != 0 ? dImage[i] : 0f) + factor * gradient;
        return sum;
    }

    /// <summary>Adds a pixel's two pairs to the sum and returns its gradient without the factor.</summary>
    private static float Pixel(ref double sum, float left, float here, float right, float above, float below)
    {
        float across = right - here, down = below - here;
        sum += (double)across * across + (double)down * down;
        return here - left + (here - above) - across - down;
    }
}
