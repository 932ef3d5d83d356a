using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>Sizes of blocked maps and of the filters that go with them. Missing channels of a last block are zero.</summary>
internal static class Conv3x3Packing
{
    /// <summary>⌈channels / lanes⌉.</summary>
    public static int Blocks(int channels, int lanes) => (channels + lanes - 1) / lanes;

    /// <summary>Floats that a direction's filters take when packed by <see cref="Conv3x3Packing{TSimd,TVector}"/>.</summary>
    /// <param name="outputs">Its output channels.</param>
    /// <param name="inputs">Its input channels.</param>
    /// <param name="lanes">L.</param>
    /// <param name="points">Points of the Winograd tile; 9, the taps, where the filters stay as they are.</param>
    public static long Length(int outputs, int inputs, int lanes, int points) => points * (long)PointStep(outputs, inputs, lanes);

    /// <summary>Floats from one point to the next: a row more than there are, because the points of a filter are written together and
    /// would otherwise fall on the same cache sets.</summary>
    public static nint PointStep(int outputs, int inputs, int lanes)
    {
        int blocks = Blocks(outputs, lanes), row = RegisterTile.Vectors(blocks, lanes) * lanes;
        return ((nint)RegisterTile.Groups(blocks, lanes) * Blocks(inputs, lanes) * lanes + 1) * row;
    }
}
