using GatysGpu.Kernels.Devices;

namespace GatysGpu.Kernels.Conv3x3;

// Letters: C input and K output channels, H×W positions, R×S = 3×3 filter taps; p(i) is the row (or column) that stands at i
// outside the map: none for zero padding, the mirrored one for reflection.
//
//   forward     y[k,i,j]  = b[k] + Σ_c Σ_r Σ_s w[k,c,r,s] · x[c, p(i+r−1), p(j+s−1)],  then max(0, ·) where there is a ReLU
//   backward    dX[c,u,v] = Σ_k Σ_r Σ_s Σ over all (i,j) with p(i+r−1) = u and p(j+s−1) = v of w[k,c,r,s] · dY[k,i,j]
//   with loss   dX        = r ⊙ (the sum above [+ dX]),  r[c,u,v] = 1 where the ReLU that made x let it through
//   image       y         = forward of (image − mean), so that padding by zero is padding by the mean colour
//
// The backward pass runs the forward pass's very loops and adds where that one reads: it is the transpose by construction,
// with any padding.

/// <summary>3×3 convolution of stride 1 and padding 1 by plain loops in float64: the definition that every device is tested
/// against. Arrays are row-major; the shape of the filters is that of <see cref="Conv3x3Parameters"/>.</summary>
public static class Conv3x3Reference
{
    /// <summary>y = w ∗ x + b, and its ReLU.</summary>
    /// <param name="x">[C, H, W].</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="weights">Filters [K, C, 3, 3], biases [K] and the padding.</param>
    /// <param name="relu">Whether negative values become 0.</param>
    /// <returns>y, [K, H, W].</returns>
    /// <exception cref="ArgumentException">An array's length does not fit the shape.</exception>
    public static double[] Forward(double[] x, int height, int width, Conv3x3Parameters weights, bool relu)
    {
        RequireLength(x, weights.Inputs, height, width, nameof(x));
        var y = new double[weights.Outputs * height * width];
        for (int k = 0; k < weights.Outputs; k++)
        {
            Array.Fill(y, weights.Biases[k], k * height * width, height * width);
            for (int c = 0; c < weights.Inputs; c++)
                for (int r = 0; r < 3; r++)
                    for (int s = 0; s < 3; s++)
                        AddTap(x, c, y, k, height, width, r, s, weights);
        }
        if (relu) for (int i = 0; i < y.Length; i++) y[i] = Math.Max(0, y[i]);
        return y;
    }

    /// <summary>dX = r ⊙ (wᵀ ∗ dY [+ dX]).</summary>
    /// <param name="dY">[K, H, W], the gradient before the convolution's own ReLU.</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="weights">Filters [K, C, 3, 3] and the padding of the forward pass.</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first when <paramref name="accumulate"/>.</param>
    /// <param name="passed">r, [C, H, W]: where the ReLU that made x let its input through; null leaves the mask out.</param>
    /// <param name="accumulate">Whether <paramref name="dX"/> already holds a loss gradient to add.</param>
    /// <exception cref="ArgumentException">An array's length does not fit the shape.</exception>
    public static void BackwardInput(double[] dY, int height, int width, Conv3x3Parameters weights, double[] dX, bool[]? passed,
        bool accumulate)
    {
        RequireLength(dY, weights.Outputs, height, width, nameof(dY));
        RequireLength(dX, weights.Inputs, height, width, nameof(dX));
        if (!accumulate) Array.Clear(dX);
        for (int k = 0; k < weights.Outputs; k++)
            for (int c = 0; c < weights.Inputs; c++)
                for (int r = 0; r < 3; r++)
                    for (int s = 0; s < 3; s++)
                        AddTapTransposed(dY, k, dX, c, height, width, r, s, weights);
        if (passed is not null) ReluBackward(dX, passed);
    }

    /// <summary>y = w ∗ (image − mean) + b, and its ReLU.</summary>
    /// <param name="image">[3, H, W], 0 to 255.</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="weights">Filters [K, 3, 3, 3], biases [K] and the padding; zero padding means the mean colour.</param>
    /// <param name="mean">The mean colour in the order of the image's planes.</param>
    /// <param name="relu">Whether negative values become 0.</param>
    /// <returns>y, [K, H, W].</returns>
    /// <exception cref="ArgumentException">An array's length does not fit the shape.</exception>
    public static double[] ImageForward(double[] image, int height, int width, Conv3x3Parameters weights, float[] mean, bool relu)
    {
        RequireLength(image, 3, height, width, nameof(image));
        var x = new double[image.Length];
        for (int i = 0; i < x.Length; i++) x[i] = image[i] - mean[i / (height * width)];
        return Forward(x, height, width, weights, relu);
    }

    /// <summary>dX = r ⊙ dX.</summary>
    /// <param name="dX">[C, H, W]. Changed in place.</param>
    /// <param name="passed">r, [C, H, W].</param>
    public static void ReluBackward(double[] dX, bool[] passed)
    {
        for (int i = 0; i < dX.Length; i++) if (!passed[i]) dX[i] = 0;
    }

    /// <summary>p(i): the position inside a side of <paramref name="length"/> that stands at <paramref name="i"/>.</summary>
    /// <param name="i">From −1 to <paramref name="length"/>.</param>
    /// <param name="length">At least 1; a side of length 1 repeats itself under reflection.</param>
    /// <param name="padding">What lies outside.</param>
    /// <returns>0 to length − 1, or −1 where a zero stands.</returns>
    public static int Source(int i, int length, Padding padding)
    {
        if (i >= 0 && i < length) return i;
        if (padding == Padding.Zero) return -1;
        return length == 1 ? 0 : i < 0 ? -i : 2 * (length - 1) - i;
    }

    private static void AddTap(double[] x, int c, double[] y, int k, int height, int width, int r, int s, Conv3x3Parameters weights)
    {
        double w = weights.Filters[((k * weights.Inputs + c) * 3 + r) * 3 + s];
        for (int i = 0; i < height; i++)
        {
            int row = Source(i + r - 1, height, weights.Padding);
            if (row < 0) continue;
            for (int j = 0; j < width; j++)
            {
                int column = Source(j + s - 1, width, weights.Padding);
                if (column >= 0) y[(k * height + i) * width + j] += w * x[(c * height + row) * width + column];
            }
        }
    }

    private static void AddTapTransposed(double[] dY, int k, double[] dX, int c, int height, int width, int r, int s,
        Conv3x3Parameters weights)
    {
        double w = weights.Filters[((k * weights.Inputs + c) * 3 + r) * 3 + s];
        for (int i = 0; i < height; i++)
        {
            int row = Source(i + r - 1, height, weights.Padding);
            if (row < 0) continue;
            for (int j = 0; j < width; j++)
            {
                int column = Source(j + s - 1, width, weights.Padding);
                if (column >= 0) dX[(c * height + row) * width + column] += w * dY[(k * height + i) * width + j];
            }
        }
    }

    private static void RequireLength(double[] values, int channels, int height, int width, string name)
    {
        if (values.Length != channels * height * width)
            throw new ArgumentException($"expected [{channels},{height},{width}], that is {channels * height * width} values, " +
                $"{name} has {values.Length}", name);
    }
}
