using GatysGpu.Kernels.Devices;

namespace GatysGpu.Kernels.Pool2x2;

// Letters: C channels, H×W positions of the input; the output has ⌊H/2⌋×⌊W/2⌋, an odd last row or column is dropped.
// The window of output (i,j) is q = 0…3 at row 2i + q/2, column 2j + q mod 2.
//
//   max       y[c,i,j] = max_q x[c,q],  switch[c,i,j] = the first q that attains it;   dX[c, switch] += dY[c,i,j]
//   average   y[c,i,j] = ¼ Σ_q x[c,q];                                                 dX[c, q]      += ¼ dY[c,i,j], q = 0…3
//   with loss dX = r ⊙ (the above [+ dX]); a dropped row or column gets nothing from dY

/// <summary>2×2 pooling of stride 2 by plain loops in float64: the definition that every device is tested against.</summary>
public static class Pool2x2Reference
{
    /// <summary>y = pool(x).</summary>
    /// <param name="x">[C, H, W], row-major.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H, at least 2.</param>
    /// <param name="width">W, at least 2.</param>
    /// <param name="pooling">Max or average.</param>
    /// <param name="switches">[C, ⌊H/2⌋, ⌊W/2⌋]: which of the four was the largest, of equal ones the first. Overwritten by max
    /// pooling; null where it is not asked for.</param>
    /// <returns>y, [C, ⌊H/2⌋, ⌊W/2⌋].</returns>
    public static double[] Forward(double[] x, int channels, int height, int width, Pooling pooling, int[]? switches)
    {
        int rows = height / 2, columns = width / 2;
        var y = new double[channels * rows * columns];
        for (int c = 0; c < channels; c++)
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                {
                    int output = (c * rows + i) * columns + j, best = 0;
                    double sum = 0;
                    for (int q = 0; q < 4; q++)
                    {
                        double value = x[Input(c, i, j, q, height, width)];
                        sum += value;
                        if (value > x[Input(c, i, j, best, height, width)]) best = q;
                    }
                    y[output] = pooling == Pooling.Average ? sum / 4 : x[Input(c, i, j, best, height, width)];
                    if (pooling == Pooling.Max && switches is not null) switches[output] = best;
                }
        return y;
    }

    /// <summary>dX = r ⊙ (poolᵀ(dY) [+ dX]).</summary>
    /// <param name="dY">[C, ⌊H/2⌋, ⌊W/2⌋], row-major.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H of the input, at least 2.</param>
    /// <param name="width">W of the input, at least 2.</param>
    /// <param name="pooling">Max or average.</param>
    /// <param name="switches">What the forward pass wrote; not read by average pooling.</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first when <paramref name="accumulate"/>.</param>
    /// <param name="passed">r, [C, H, W]: where the ReLU that made x let its input through; null leaves the mask out.</param>
    /// <param name="accumulate">Whether <paramref name="dX"/> already holds a loss gradient to add.</param>
    public static void Backward(double[] dY, int channels, int height, int width, Pooling pooling, int[]? switches, double[] dX,
        bool[]? passed, bool accumulate)
    {
        int rows = height / 2, columns = width / 2;
        if (!accumulate) Array.Clear(dX);
        for (int c = 0; c < channels; c++)
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                {
                    int output = (c * rows + i) * columns + j;
                    if (pooling == Pooling.Max) dX[Input(c, i, j, switches![output], height, width)] += dY[output];
                    else for (int q = 0; q < 4; q++) dX[Input(c, i, j, q, height, width)] += dY[output] / 4;
                }
        for (int i = 0; passed is not null && i < dX.Length; i++) if (!passed[i]) dX[i] = 0;
    }

    private static int Input(int c, int i, int j, int q, int height, int width) => (c * height + 2 * i + q / 2) * width + 2 * j + q % 2;
}
