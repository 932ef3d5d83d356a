using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>How threads write what they have summed: one pixel, two or eight neighbours of one channel. The bits of y &gt; 0
/// of eight neighbours are one byte, so threads that hold fewer put theirs together by shuffles.</summary>
internal static class Conv3x3Output
{
    /// <summary>Writes one pixel a thread. A warp holds 32 neighbours of a row, the first at a multiple of 8; all its threads
    /// call.</summary>
    public static void StoreOne<TEpilogue>(TEpilogue epilogue, Conv3x3Shape shape, int channel, int row, int column, float sum)
        where TEpilogue : struct, IConv3x3Epilogue
    {
        bool inside = row < shape.Height & column < shape.Width;
        int passed = inside ? Passed(epilogue, shape, channel, row, column) : 0;
        float value = 0f;
        if (inside)
        {
            int index = shape.Index(channel, row, column);
            value = epilogue.Finish(epilogue.Accumulates ? sum + epilogue.Output[index] : sum);
            if ((passed >> (column & 7) & 1) == 0) value = 0f;
            epilogue.Output[index] = value;
        }
        if (!epilogue.WritesBits) return;
        int bits = value > 0f ? 1 << (column & 7) : 0;
        bits |= Warp.ShuffleXor(bits, 1);
        bits |= Warp.ShuffleXor(bits, 2);
        bits |= Warp.ShuffleXor(bits, 4);
        if (inside & (column & 7) == 0) epilogue.Bits[shape.BitsByte(channel, row, column)] = (byte)bits;
    }

    /// <summary>Writes two neighbours a thread, the first at an even column. Four neighbouring lanes hold eight pixels that
    /// begin at a multiple of 8; all threads of the warp call.</summary>
    public static void StorePair<TEpilogue>(TEpilogue epilogue, Conv3x3Shape shape, int channel, int row, int column,
        float first, float second)
        where TEpilogue : struct, IConv3x3Epilogue
    {
        bool inside = channel < shape.Outputs & row < shape.Height & column < shape.Width;
        bool both = inside & column + 1 < shape.Width;
        if (inside)
        {
            int passed = Passed(epilogue, shape, channel, row, column) >> (column & 7);
            int index = shape.Index(channel, row, column);
            // Rows of even length begin at a multiple of 8 bytes, and no pair hangs over the edge.
            bool aligned = (shape.Width & 1) == 0;
            ArrayView<float> output = epilogue.Output;
            ArrayView<Float2> pairs = output.Cast<Float2>();
            Float2 before = new(0f, 0f);
            if (epilogue.Accumulates)
                before = aligned ? pairs[index >> 1] : new Float2(output[index], both ? output[index + 1] : 0f);
            first = Result(epilogue, first, before.X, passed & 1);
            second = Result(epilogue, second, before.Y, passed & 2);
            if (aligned) pairs[index >> 1] = new Float2(first, second);
            else
            {
                output[index] = first;
                if (both) output[index + 1] = second;
            }
        }
        if (!epilogue.WritesBits) return;
        int bits = (inside & first > 0f ? 1 : 0) | (both & second > 0f ? 2 : 0);
        bits <<= column & 7;
        bits |= Warp.ShuffleXor(bits, 1);
        bits |= Warp.ShuffleXor(bits, 2);
        if (inside & (column & 7) == 0) epilogue.Bits[shape.BitsByte(channel, row, column)] = (byte)bits;
    }

    /// <summary>Writes eight neighbours that begin at a multiple of 8: <paramref name="sums"/>[first … first + 7].</summary>
    /// <param name="epilogue">What becomes of a sum.</param>
    /// <param name="shape">Of the convolution.</param>
    /// <param name="channel">May lie outside, like row and column: nothing is written then.</param>
    /// <param name="row">Row.</param>
    /// <param name="column">Column of the first.</param>
    /// <param name="sums">Local array.</param>
    /// <param name="first">A constant.</param>
    public static void StoreEight<TEpilogue>(TEpilogue epilogue, Conv3x3Shape shape, int channel, int row, int column,
        ArrayView<float> sums, int first)
        where TEpilogue : struct, IConv3x3Epilogue
    {
        if (channel >= shape.Outputs | row >= shape.Height | column >= shape.Width) return;
        int passed = Passed(epilogue, shape, channel, row, column);
        int index = shape.Index(channel, row, column), count = shape.Width - column;
        int bits = 0;
        // Rows of a length that 4 divides begin at a multiple of 16 bytes, and no four hang over the edge.
        bool aligned = (shape.Width & 3) == 0;
        ArrayView<float> output = epilogue.Output;
        ArrayView<Float4> fours = output.Cast<Float4>();
        for (int p = 0; p < 8; p += 4)
        {
            int n = first + p;
            if (p < count)
            {
                Float4 before = new(0f, 0f, 0f, 0f);
                if (epilogue.Accumulates)
                    before = aligned ? fours[(index + p) >> 2] : new Float4(output[index + p],
                        p + 1 < count ? output[index + p + 1] : 0f, p + 2 < count ? output[index + p + 2] : 0f,
                        p + 3 < count ? output[index + p + 3] : 0f);
                float x = Result(epilogue, sums[n], before.X, passed >> p & 1);
                float y = Result(epilogue, sums[n + 1], before.Y, passed >> p & 2);
                float z = Result(epilogue, sums[n + 2], before.Z, passed >> p & 4);
                float w = Result(epilogue, sums[n + 3], before.W, passed >> p & 8);
                if (aligned) fours[(index + p) >> 2] = new Float4(x, y, z, w);
                else
                {
                    output[index + p] = x;
                    if (p + 1 < count) output[index + p + 1] = y;
                    if (p + 2 < count) output[index + p + 2] = z;
                    if (p + 3 < count) output[index + p + 3] = w;
                }
                if (epilogue.WritesBits)
                    bits |= ((x > 0f ? 1 : 0) | (y > 0f ? 2 : 0) | (z > 0f ? 4 : 0) | (w > 0f ? 8 : 0)) << p;
            }
        }
        // Bits of pixels beyond the row are 0.
        if (epilogue.WritesBits)
            epilogue.Bits[shape.BitsByte(channel, row, column)] = (byte)(count < 8 ? bits & (1 << count) - 1 : bits);
    }

    private static float Result<TEpilogue>(TEpilogue epilogue, float sum, float before, int passed)
        where TEpilogue : struct, IConv3x3Epilogue
    {
        float value = epilogue.Finish(epilogue.Accumulates ? sum + before : sum);
        return passed == 0 ? 0f : value;
    }

    /// <summary>The byte of the mask in which a pixel's bit lies; all ones where there is no mask.</summary>
    private static int Passed<TEpilogue>(TEpilogue epilogue, Conv3x3Shape shape, int channel, int row, int column)
        where TEpilogue : struct, IConv3x3Epilogue =>
        epilogue.Masks ? epilogue.Bits[shape.BitsByte(channel, row, column)] : 255;
}
