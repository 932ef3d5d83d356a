using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>dX = r ⊙ dX on a [C, H, W] map: the gradient through a ReLU that no other operation carries it through. Defined by
/// <see cref="Conv3x3Reference.ReluBackward"/>.</summary>
/// <remarks>ReLU bits: [C][H][⌈W/8⌉] bytes, column x in bit x mod 8 of byte x/8, 1 where the ReLU let its input through; bits
/// behind the last column are 0.</remarks>
public static class ReluBackwardGpu
{
    /// <summary>Bytes of a row of ReLU bits.</summary>
    /// <param name="width">W.</param>
    public static int BitBytes(int width) => (width + 7) / 8;

    /// <summary>Writes a zero where the ReLU is closed; the rest of <paramref name="dX"/> is neither read nor written.</summary>
    /// <param name="dX">[C, H, W]. Changed in place.</param>
    /// <param name="reluBits">r.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <remarks>Launched with <see cref="MapLaunch.For"/> for C channels of H × W positions; a thread has one.</remarks>
    public static void Mask(ArrayView<float> dX, ArrayView<byte> reluBits, int height, int width)
    {
        int row = MapLaunch.Row, column = MapLaunch.Column;
        if (row >= height || column >= width) return;
        int line = MapLaunch.Channel * height + row;
        if ((reluBits[line * BitBytes(width) + column / 8] >> (column & 7) & 1) == 0) dX[line * width + column] = 0;
    }

    /// <summary>The same for a W that is a multiple of 8: then no byte of bits is split between rows, and rows do not matter.
    /// Four neighbours of which none is closed are not touched, and not read where all are.</summary>
    /// <param name="dX">[C, H, W]. Changed in place.</param>
    /// <param name="reluBits">r.</param>
    /// <remarks>Launched with <see cref="ElementLaunch.ForFours"/> for C·H·W elements; a thread has four neighbours.</remarks>
    public static void MaskFours(ArrayView<float> dX, ArrayView<byte> reluBits)
    {
        long n = ElementLaunch.Index;
        if (!FourNeighbours.Whole(dX, n)) return;
        int passed = reluBits[n >> 1] >> 4 * ((int)n & 1) & 15;
        if (passed == 15) return;
        Float4 values = passed == 0 ? new Float4(0, 0, 0, 0) : FourNeighbours.Read(dX, n, true);
        FourNeighbours.Write(dX, n, true, new Float4((passed & 1) != 0 ? values.X : 0, (passed & 2) != 0 ? values.Y : 0,
            (passed & 4) != 0 ? values.Z : 0, (passed & 8) != 0 ? values.W : 0));
    }
}
