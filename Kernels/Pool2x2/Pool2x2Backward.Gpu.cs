using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Pool2x2;

// dX = r ⊙ (poolᵀ(dY) [+ dX]). A thread has one window of dX, rows 2i and 2i + 1, columns 2j and 2j + 1, of which the last row or
// column of an odd side may be missing; such a window has no output and gets nothing from dY. Where W is a multiple of 4 a thread
// has two neighbouring windows, whose rows are one Float4 each.

/// <summary>2×2 pooling of stride 2 on [C, H, W] maps, backward, with the mask of the ReLU that made x and the added loss
/// gradient. Defined by <see cref="Pool2x2Reference"/>.</summary>
/// <remarks>Launched with <see cref="Config"/>; maps have less than 2³¹ elements. A byte of switches or of ReLU bits is read by
/// neighbouring lanes, as one transaction a warp.</remarks>
public static class Pool2x2BackwardGpu
{
    /// <summary>The launch: every window.</summary>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    public static KernelConfig Config(int channels, int height, int width) =>
        MapLaunch.For(channels, (height + 1) / 2, Pool2x2Gpu.Unit(width) == 4 ? width / 4 : (width + 1) / 2);

    /// <summary>Gradient through max pooling.</summary>
    /// <param name="dY">[C, ⌊H/2⌋, ⌊W/2⌋].</param>
    /// <param name="switches">What the forward pass wrote.</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first.</param>
    /// <param name="reluBits">r; not read unless <paramref name="masked"/>.</param>
    /// <param name="height">H, at least 2.</param>
    /// <param name="width">W, at least 2.</param>
    /// <param name="masked">1 applies r.</param>
    /// <param name="accumulate">1 adds to <paramref name="dX"/>, 0 overwrites it.</param>
    /// <param name="unit"><see cref="Pool2x2Gpu.Unit"/> of W.</param>
    public static void Max(ArrayView<float> dY, ArrayView<byte> switches, ArrayView<float> dX, ArrayView<byte> reluBits,
        int height, int width, SpecializedValue<int> masked, SpecializedValue<int> accumulate, SpecializedValue<int> unit)
    {
        int rows = height / 2, columns = width / 2, i = MapLaunch.Row, j = Pool2x2Gpu.FirstColumn(unit.Value);
        if (2 * i >= height || 2 * j >= width) return;
        Float2 gradient = new(0, 0);
        int q = 0;
        if (i < rows && j < columns)
        {
            int output = MapLaunch.Channel * rows + i;
            gradient = Outputs(dY, output * columns + j, unit.Value);
            q = switches[output * Pool2x2Gpu.SwitchBytes(columns) + j / 4] >> 2 * (j & 3);
        }
        int q0 = q & 3, q1 = q >> 2 & 3;
        Put(dX, reluBits, i, j, height, width, 0, new Float4(q0 == 0 ? gradient.X : 0, q0 == 1 ? gradient.X : 0,
            q1 == 0 ? gradient.Y : 0, q1 == 1 ? gradient.Y : 0), masked, accumulate, unit);
        Put(dX, reluBits, i, j, height, width, 1, new Float4(q0 == 2 ? gradient.X : 0, q0 == 3 ? gradient.X : 0,
            q1 == 2 ? gradient.Y : 0, q1 == 3 ? gradient.Y : 0), masked, accumulate, unit);
    }

    /// <summary>Gradient through average pooling.</summary>
    /// <param name="dY">[C, ⌊H/2⌋, ⌊W/2⌋].</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first.</param>
    /// <param name="reluBits">r; not read unless <paramref name="masked"/>.</param>
    /// <param name="height">H, at least 2.</param>
    /// <param name="width">W, at least 2.</param>
    /// <param name="masked">1 applies r.</param>
    /// <param name="accumulate">1 adds to <paramref name="dX"/>, 0 overwrites it.</param>
    /// <param name="unit"><see cref="Pool2x2Gpu.Unit"/> of W.</param>
    public static void Average(ArrayView<float> dY, ArrayView<float> dX, ArrayView<byte> reluBits, int height, int width,
        SpecializedValue<int> masked, SpecializedValue<int> accumulate, SpecializedValue<int> unit)
    {
        int rows = height / 2, columns = width / 2, i = MapLaunch.Row, j = Pool2x2Gpu.FirstColumn(unit.Value);
        if (2 * i >= height || 2 * j >= width) return;
        Float2 gradient = new(0, 0);
        if (i < rows && j < columns) gradient = Outputs(dY, (MapLaunch.Channel * rows + i) * columns + j, unit.Value);
        float left = 0.25f * gradient.X, right = 0.25f * gradient.Y;
        Put(dX, reluBits, i, j, height, width, 0, new Float4(left, left, right, right), masked, accumulate, unit);
        Put(dX, reluBits, i, j, height, width, 1, new Float4(left, left, right, right), masked, accumulate, unit);
    }

    /// <summary>The gradient of a thread's output, or two.</summary>
    private static Float2 Outputs(ArrayView<float> dY, int index, int unit) =>
        unit == 4 ? dY.Cast<Float2>()[index >> 1] : new Float2(dY[index], 0);

    /// <summary>One row of a thread's window or two, as far as it lies inside; the values behind the unit do not count.</summary>
    private static void Put(ArrayView<float> dX, ArrayView<byte> reluBits, int i, int j, int height, int width, int lower,
        Float4 values, int masked, int accumulate, int unit)
    {
        int row = 2 * i + lower, column = 2 * j;
        if (row >= height) return;
        int line = MapLaunch.Channel * height + row, index = line * width + column;
        // All columns lie in one byte.
        int passed = masked != 0 ? reluBits[line * ReluBackwardGpu.BitBytes(width) + column / 8] >> (column & 7) : 15;
        if (unit == 4)
        {
            ArrayView<Float4> four = dX.Cast<Float4>();
            Float4 to = accumulate != 0 ? four[index >> 2] : new Float4(0, 0, 0, 0);
            four[index >> 2] = new Float4((passed & 1) != 0 ? to.X + values.X : 0, (passed & 2) != 0 ? to.Y + values.Y : 0,
                (passed & 4) != 0 ? to.Z + values.Z : 0, (passed & 8) != 0 ? to.W + values.W : 0);
            return;
        }
        if (unit == 2)
        {
            ArrayView<Float2> two = dX.Cast<Float2>();
            Float2 to = accumulate != 0 ? two[index >> 1] : new Float2(0, 0);
            two[index >> 1] = new Float2((passed & 1) != 0 ? to.X + values.X : 0, (passed & 2) != 0 ? to.Y + values.Y : 0);
            return;
        }
        dX[index] = (passed & 1) == 0 ? 0 : accumulate != 0 ? dX[index] + values.X : values.X;
        if (column + 1 < width)
            dX[index + 1] = (passed & 2) == 0 ? 0 : accumulate != 0 ? dX[index + 1] + values.Y : values.Y;
    }
}
