using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Pool2x2;

// Letters as in Pool2x2Reference. A window is rows 2i and 2i + 1, columns 2j and 2j + 1. A thread has one; where W is a multiple
// of 4, two neighbours, whose rows are one Float4 each and whose outputs one Float2. (With the four windows of a byte of switches
// its reads would begin 32 bytes behind the next thread's.)
//
// Switches: [C][⌊H/2⌋][⌈⌊W/2⌋/4⌉] bytes, output j in bits 2·(j mod 4) and up of byte j/4; unused bits are 0. The neighbouring
// lanes that have the outputs of one byte put it together by shuffles.

/// <summary>2×2 pooling of stride 2 on [C, H, W] maps, forward. Defined by <see cref="Pool2x2Reference"/>.</summary>
/// <remarks>Launched with <see cref="Config"/>; maps have less than 2³¹ elements. Threads behind the last row or column read
/// and write nothing, but take part in the shuffles.</remarks>
public static class Pool2x2Gpu
{
    /// <summary>Bytes of a row of switches.</summary>
    /// <param name="columns">⌊W/2⌋.</param>
    public static int SwitchBytes(int columns) => (columns + 3) / 4;

    /// <summary>Columns that one access moves: what the kernels call <c>unit</c>.</summary>
    /// <param name="width">W.</param>
    /// <returns>4, 2 or 1.</returns>
    public static int Unit(int width) => width % 4 == 0 ? 4 : width % 2 == 0 ? 2 : 1;

    /// <summary>The launch of a forward kernel: every output, and those that fill the last byte of switches up.</summary>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    public static KernelConfig Config(int channels, int height, int width)
    {
        int columns = 4 * SwitchBytes(width / 2);
        return MapLaunch.For(channels, height / 2, Unit(width) == 4 ? columns / 2 : columns);
    }

    /// <summary>y = max pool(x).</summary>
    /// <param name="x">[C, H, W].</param>
    /// <param name="y">[C, ⌊H/2⌋, ⌊W/2⌋]. Overwritten.</param>
    /// <param name="switches">Which of the four was the largest. Overwritten where <paramref name="keep"/>.</param>
    /// <param name="height">H, at least 2.</param>
    /// <param name="width">W, at least 2.</param>
    /// <param name="keep">1 writes the switches.</param>
    /// <param name="unit"><see cref="Unit"/> of W.</param>
    public static void MaxForward(ArrayView<float> x, ArrayView<float> y, ArrayView<byte> switches, int height, int width,
        SpecializedValue<int> keep, SpecializedValue<int> unit)
    {
        int rows = height / 2, columns = width / 2, i = MapLaunch.Row, j = FirstColumn(unit.Value);
        int output = MapLaunch.Channel * rows + i, bits = 0;
        bool inside = i < rows && j < columns;
        if (inside)
        {
            int upper = WindowOf(i, j, height, width);
            Float4 top = Row(x, upper, unit.Value), bottom = Row(x, upper + width, unit.Value);
            int q = Largest(top.X, top.Y, bottom.X, bottom.Y);
            int next = unit.Value == 4 ? Largest(top.Z, top.W, bottom.Z, bottom.W) : 0;
            Put(y, output * columns + j, unit.Value, Of(q, top.X, top.Y, bottom.X, bottom.Y),
                Of(next, top.Z, top.W, bottom.Z, bottom.W));
            bits = (q | next << 2) << 2 * (j & 3);
        }
        if (keep.Value == 0) return;
        if (unit.Value != 4) bits |= Warp.ShuffleXor(bits, 2);
        bits |= Warp.ShuffleXor(bits, 1);
        if (inside && (j & 3) == 0) switches[output * SwitchBytes(columns) + j / 4] = (byte)bits;
    }

    /// <summary>y = average pool(x).</summary>
    /// <param name="x">[C, H, W].</param>
    /// <param name="y">[C, ⌊H/2⌋, ⌊W/2⌋]. Overwritten.</param>
    /// <param name="height">H, at least 2.</param>
    /// <param name="width">W, at least 2.</param>
    /// <param name="unit"><see cref="Unit"/> of W.</param>
    public static void AverageForward(ArrayView<float> x, ArrayView<float> y, int height, int width, SpecializedValue<int> unit)
    {
        int rows = height / 2, columns = width / 2, i = MapLaunch.Row, j = FirstColumn(unit.Value);
        if (i >= rows || j >= columns) return;
        int upper = WindowOf(i, j, height, width);
        Float4 top = Row(x, upper, unit.Value), bottom = Row(x, upper + width, unit.Value);
        Put(y, (MapLaunch.Channel * rows + i) * columns + j, unit.Value, 0.25f * ((top.X + top.Y) + (bottom.X + bottom.Y)),
            0.25f * ((top.Z + top.W) + (bottom.Z + bottom.W)));
    }

    /// <summary>This thread's first column of outputs.</summary>
    internal static int FirstColumn(int unit) => unit == 4 ? 2 * MapLaunch.Column : MapLaunch.Column;

    /// <summary>Index of the first element.</summary>
    private static int WindowOf(int i, int j, int height, int width) => (MapLaunch.Channel * height + 2 * i) * width + 2 * j;

    /// <summary>Two elements, four where the unit is.</summary>
    private static Float4 Row(ArrayView<float> x, int index, int unit)
    {
        if (unit == 4) return x.Cast<Float4>()[index >> 2];
        if (unit == 1) return new Float4(x[index], x[index + 1], 0, 0);
        Float2 two = x.Cast<Float2>()[index >> 1];
        return new Float4(two.X, two.Y, 0, 0);
    }

    private static int Largest(float a, float b, float c, float d)
    {
        int q = b > a ? 1 : 0;
        float largest = q == 1 ? b : a;
        if (c > largest) (largest, q) = (c, 2);
        return d > largest ? 3 : q;
    }

    private static float Of(int q, float a, float b, float c, float d) => q == 0 ? a : q == 1 ? b : q == 2 ? c : d;

    private static void Put(ArrayView<float> y, int index, int unit, float first, float second)
    {
        if (unit == 4) y.Cast<Float2>()[index >> 1] = new Float2(first, second);
        else y[index] = first;
    }
}
