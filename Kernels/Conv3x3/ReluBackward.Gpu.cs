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
        long line = (long)MapLaunch.Channel * height + row;
        if ((reluBits[line * BitBytes(width) + column / 8] >> (column & 7) & 1) == 0) dX[line * width + column] = 0;
    }
}
