namespace GatysGpu.Engine.Transfer;

/// <summary>How large a picture must be so that something is left of it at a layer: every block of VGG-19 but the first halves it.</summary>
public static class LeastSize
{
    /// <summary>Rows and columns that a picture must have for a layer.</summary>
    /// <param name="layer">conv1_1 … conv5_4.</param>
    public static int Side(string layer) => 1 << (layer["conv".Length] - '1');

    /// <summary>The smallest longer side at which <see cref="Imaging.Resampler.FitSize"/> gives a picture a shorter side of so many pixels.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="side">What the shorter side must have, at least 1.</param>
    public static long Scale(int width, int height, int side)
    {
        (long shorter, long longer) = (Math.Min(width, height), Math.Max(width, height));
        // FitSize rounds shorter·scale/longer half upwards, and never below 1.
        return side == 1 ? 1 : (longer * (2L * side - 1) + 2 * shorter - 1) / (2 * shorter);
    }
}
