using GatysGpu.Kernels.Devices.Host;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>Which algorithm convolves a map: a fixed rule by its shape, found by measuring and never timed while running, so that the
/// same machine gives the same bytes.</summary>
internal static class ConvolutionRule
{
    /// <summary>Below this many positions a convolution is computed directly: a tile of 4×4 would hang over the edge, and exactness
    /// costs next to no time.</summary>
    private const int WinogradPositions = 24 * 24;

    /// <summary>The algorithm for a map.</summary>
    /// <param name="asked">What the user wants; anything but <see cref="ConvolutionAlgorithm.Auto"/> is taken.</param>
    /// <param name="positions">H·W.</param>
    public static ConvolutionAlgorithm Choose(ConvolutionAlgorithm asked, long positions) =>
        asked != ConvolutionAlgorithm.Auto ? asked
        : positions >= WinogradPositions ? ConvolutionAlgorithm.Winograd4x4 : ConvolutionAlgorithm.Direct;

    /// <summary>Whether packed filters stay in memory for the next run, or are packed again every time into memory that all layers
    /// share.</summary>
    /// <param name="positions">H·W.</param>
    /// <param name="bytes">Of the packed filters.</param>
    /// <remarks>Packing costs a time that is proportional to the filters, convolving one that is proportional to filters times positions:
    /// of a layer's time, packing is 1 % at 256×256 positions, 3 % at 128×128, 12 % at 64×64. Below 128×128 it is worth that only where filters
    /// are large: 512 channels into 512 take 36 MiB for F(4×4) in each direction, and VGG-19 has seven such layers.</remarks>
    public static bool KeepsFilters(long positions, long bytes) => positions < 128 * 128 && (positions < 2048 || bytes < 16 << 20);

    /// <summary>n², the points at which an algorithm multiplies; the taps where it is the direct one.</summary>
    public static int Points(ConvolutionAlgorithm algorithm) => algorithm switch
    {
        ConvolutionAlgorithm.Winograd4x4 => Winograd4x4.Points,
        ConvolutionAlgorithm.Winograd2x2 => Winograd2x2.Points,
        _ => 9,
    };
}
