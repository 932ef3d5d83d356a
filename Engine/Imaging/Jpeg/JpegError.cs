namespace GatysGpu.Engine.Imaging;

/// <summary>The three ways in which a file fails, one wording each.</summary>
internal static class JpegError
{
    /// <summary>The bytes end before the picture does.</summary>
    public static PictureFormatException CutOff() => new("the JPEG file is cut off");

    /// <summary>The bytes end before the picture does.</summary>
    /// <param name="how">How that shows.</param>
    public static PictureFormatException CutOff(string how) => new($"the JPEG file is cut off: {how}");

    /// <summary>The bytes contradict the format or each other.</summary>
    /// <param name="what">Which rule is broken.</param>
    public static PictureFormatException Damaged(string what) => new($"the JPEG file is damaged: {what}");

    /// <summary>A sound file, of a kind that is not read here.</summary>
    /// <param name="feature">The kind.</param>
    public static PictureFormatException Unsupported(string feature) =>
        new($"{feature} is not supported: save the picture as baseline or progressive 8-bit JPEG, or as PNG");
}
