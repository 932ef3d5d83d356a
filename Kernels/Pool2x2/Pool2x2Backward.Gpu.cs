using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Pool2x2;

// dX = r ⊙ (poolᵀ(dY) [+ dX]). A thread has one window of dX, rows 2i and 2i + 1, columns 2j and 2j + 1, of which the last row or
// column of an odd side may be missing; such a window has no output and gets nothing from dY.

/// <summary>2×2 pooling of stride 2 on [C, H, W] maps, backward, with the mask of the ReLU that made x and the added loss
/// gradient. Defined by <see cref="Pool2x2Reference"/>.</summary>
/// <remarks>Launched with <see cref="MapLaunch.For"/> for C channels of ⌈H/2⌉ × ⌈W/2⌉ windows. With an even W the two columns are
/// read and written as one <see cref="Float2"/>. A byte of switches is read by four neighbouring lanes, a byte of ReLU bits by
/// four, each as one transaction a warp.</remarks>
public static class Pool2x2BackwardGpu
{
    /// <summary>Gradient through max pooling.</summary>
    /// <param name="dY">[C, ⌊H/2⌋, ⌊W/2⌋].</param>
    /// <param name="switches">What the forward pass wrote.</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first.</param>
    /// <param name="reluBits">r; not read unless <paramref name="masked"/>.</param>
    /// <param name="height">H, at least 2.</param>
    /// <param name="width">W, at least 2.</param>
    /// <param name="masked">1 applies r.</param>
    /// <param name="accumulate">1 adds to <paramref name="dX"/>, 0 overwrites it.</param>
    /// <param name="pairs">1 where W is even.</param>
    public static void Max(ArrayView<float> dY, ArrayView<byte> switches, ArrayView<float> dX, ArrayView<byte> reluBits,
        int height, int width, SpecializedValue<int> masked, SpecializedValue<int> accumulate, SpecializedValue<int> pairs)
    {
        int rows = height / 2, columns = width / 2, i = MapLaunch.Row, j = MapLaunch.Column;
        if (2 * i >= height || 2 * j >= width) return;
        float gradient = 0;
        int q = 0;
        if (i < rows && j < columns)
        {
            long output = (long)MapLaunch.Channel * rows + i;
            gradient = dY[output * columns + j];
            q = switches[output * Pool2x2Gpu.SwitchBytes(columns) + j / 4] >> 2 * (j & 3) & 3;
        }
        Put(dX, reluBits, i, j, height, width, 0, q == 0 ? gradient : 0, q == 1 ? gradient : 0, masked, accumulate, pairs);
        Put(dX, reluBits, i, j, height, width, 1, q == 2 ? gradient : 0, q == 3 ? gradient : 0, masked, accumulate, pairs);
    }

    /// <summary>Gradient through average pooling.</summary>
    /// <param name="dY">[C, ⌊H/2⌋, ⌊W/2⌋].</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first.</param>
    /// <param name="reluBits">r; not read unless <paramref name="masked"/>.</param>
    /// <param name="height">H, at least 2.</param>
    /// <param name="width">W, at least 2.</param>
    /// <param name="masked">1 applies r.</param>
    /// <param name="accumulate">1 adds to <paramref name="dX"/>, 0 overwrites it.</param>
    /// <param name="pairs">1 where W is even.</param>
    public static void Average(ArrayView<float> dY, ArrayView<float> dX, ArrayView<byte> reluBits, int height, int width,
        SpecializedValue<int> masked, SpecializedValue<int> accumulate, SpecializedValue<int> pairs)
    {
        int rows = height / 2, columns = width / 2, i = MapLaunch.Row, j = MapLaunch.Column;
        if (2 * i >= height || 2 * j >= width) return;
        float quarter = 0;
        if (i < rows && j < columns) quarter = 0.25f * dY[((long)MapLaunch.Channel * rows + i) * columns + j];
        Put(dX, reluBits, i, j, height, width, 0, quarter, quarter, masked, accumulate, pairs);
        Put(dX, reluBits, i, j, height, width, 1, quarter, quarter, masked, accumulate, pairs);
    }

    /// <summary>One row of a window, as far as it lies inside.</summary>
    private static void Put(ArrayView<float> dX, ArrayView<byte> reluBits, int i, int j, int height, int width, int lower,
        float left, float right, int masked, int accumulate, int pairs)
    {
        int row = 2 * i + lower, column = 2 * j;
        if (row >= height) return;
        long line = (long)MapLaunch.Channel * height + row, index = line * width + column;
        // Both columns lie in one byte.
        int passed = masked != 0 ? reluBits[line * ReluBackwardGpu.BitBytes(width) + column / 8] >> (column & 7) : 3;
        if (pairs != 0)
        {
            ArrayView<Float2> two = dX.Cast<Float2>();
            Float2 to = accumulate != 0 ? two[index >> 1] : new Float2(0, 0);
            two[index >> 1] = new Float2((passed & 1) != 0 ? to.X + left : 0, (passed & 2) != 0 ? to.Y + right : 0);
            return;
        }
        dX[index] = (passed & 1) == 0 ? 0 : accumulate != 0 ? dX[index] + left : left;
        if (column + 1 < width) dX[index + 1] = (passed & 2) == 0 ? 0 : accumulate != 0 ? dX[index + 1] + right : right;
    }
}
