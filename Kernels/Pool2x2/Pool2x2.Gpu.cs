using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Pool2x2;

// Letters as in Pool2x2Reference. A thread has one output, that is one window: rows 2i and 2i + 1, columns 2j and 2j + 1.
//
// Switches: [C][⌊H/2⌋][⌈⌊W/2⌋/4⌉] bytes, output j in bits 2·(j mod 4) and up of byte j/4; unused bits are 0. Four neighbouring
// lanes have the outputs of one byte and put it together by two shuffles, so that every thread reads and writes neighbours of its
// neighbours' (a thread with all four outputs would read 32 bytes apart from the next one's).

/// <summary>2×2 pooling of stride 2 on [C, H, W] maps, forward. Defined by <see cref="Pool2x2Reference"/>.</summary>
/// <remarks>Launched with <see cref="MapLaunch.For"/> for C channels of ⌊H/2⌋ × <see cref="SwitchedColumns"/> positions. Threads
/// behind the last row or column read the last one and write nothing: every lane takes part in the shuffles. With an even W the
/// two columns are read as one <see cref="Float2"/>.</remarks>
public static class Pool2x2Gpu
{
    /// <summary>Bytes of a row of switches.</summary>
    /// <param name="columns">⌊W/2⌋.</param>
    public static int SwitchBytes(int columns) => (columns + 3) / 4;

    /// <summary>Columns of outputs with those that fill the last byte of switches up.</summary>
    /// <param name="columns">⌊W/2⌋.</param>
    public static int SwitchedColumns(int columns) => 4 * SwitchBytes(columns);

    /// <summary>y = max pool(x).</summary>
    /// <param name="x">[C, H, W].</param>
    /// <param name="y">[C, ⌊H/2⌋, ⌊W/2⌋]. Overwritten.</param>
    /// <param name="switches">Which of the four was the largest. Overwritten where <paramref name="keep"/>.</param>
    /// <param name="height">H, at least 2.</param>
    /// <param name="width">W, at least 2.</param>
    /// <param name="keep">1 writes the switches.</param>
    /// <param name="pairs">1 where W is even.</param>
    public static void MaxForward(ArrayView<float> x, ArrayView<float> y, ArrayView<byte> switches, int height, int width,
        SpecializedValue<int> keep, SpecializedValue<int> pairs)
    {
        int rows = height / 2, columns = width / 2, i = MapLaunch.Row, j = MapLaunch.Column;
        long upper = WindowOf(i, j, height, width);
        Float2 top = Pair(x, upper, pairs.Value), bottom = Pair(x, upper + width, pairs.Value);
        int q = top.Y > top.X ? 1 : 0;
        float largest = q == 1 ? top.Y : top.X;
        if (bottom.X > largest) (largest, q) = (bottom.X, 2);
        if (bottom.Y > largest) (largest, q) = (bottom.Y, 3);
        bool inside = i < rows && j < columns;
        long output = (long)MapLaunch.Channel * rows + i;
        if (inside) y[output * columns + j] = largest;
        if (keep.Value == 0) return;
        int bits = inside ? q << 2 * (j & 3) : 0;
        bits |= Warp.ShuffleXor(bits, 1);
        bits |= Warp.ShuffleXor(bits, 2);
        if (inside && (j & 3) == 0) switches[output * SwitchBytes(columns) + j / 4] = (byte)bits;
    }

    /// <summary>y = average pool(x).</summary>
    /// <param name="x">[C, H, W].</param>
    /// <param name="y">[C, ⌊H/2⌋, ⌊W/2⌋]. Overwritten.</param>
    /// <param name="height">H, at least 2.</param>
    /// <param name="width">W, at least 2.</param>
    /// <param name="pairs">1 where W is even.</param>
    public static void AverageForward(ArrayView<float> x, ArrayView<float> y, int height, int width, SpecializedValue<int> pairs)
    {
        int rows = height / 2, columns = width / 2, i = MapLaunch.Row, j = MapLaunch.Column;
        if (i >= rows || j >= columns) return;
        long upper = WindowOf(i, j, height, width);
        Float2 top = Pair(x, upper, pairs.Value), bottom = Pair(x, upper + width, pairs.Value);
        y[((long)MapLaunch.Channel * rows + i) * columns + j] = 0.25f * ((top.X + top.Y) + (bottom.X + bottom.Y));
    }

    /// <summary>Index of the window's first element; of the last window for threads behind it.</summary>
    private static long WindowOf(int i, int j, int height, int width)
    {
        int row = Math.Min(i, height / 2 - 1), column = Math.Min(j, width / 2 - 1);
        return ((long)MapLaunch.Channel * height + 2 * row) * width + 2 * column;
    }

    private static Float2 Pair(ArrayView<float> x, long index, int pairs) =>
        pairs != 0 ? x.Cast<Float2>()[index >> 1] : new Float2(x[index], x[index + 1]);
}
