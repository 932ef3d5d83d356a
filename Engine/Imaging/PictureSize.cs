namespace GatysGpu.Engine.Imaging;

/// <summary>What a file's header may claim as a picture's size.</summary>
internal static class PictureSize
{
    /// <summary>The most pixels that one <see cref="Picture"/> can hold: its three planes lie in one array.</summary>
    public static long Largest { get; } = Array.MaxLength / 3;

    /// <summary>Refuses a claimed size before any memory is taken for it.</summary>
    /// <param name="width">Columns as the header says; any value.</param>
    /// <param name="height">Rows as the header says; any value.</param>
    /// <param name="maxPixels">The caller's limit.</param>
    /// <exception cref="PictureFormatException">A side is below 1 or above 2³¹−1, or there are more pixels than the limit.</exception>
    public static void Check(long width, long height, long maxPixels)
    {
        if (width is < 1 or > int.MaxValue || height is < 1 or > int.MaxValue)
            throw new PictureFormatException($"claims an impossible size of {width}×{height} pixels");
        // Two factors below 2³¹: the product fits.
        long pixels = width * height;
        if (pixels > maxPixels)
            throw new PictureFormatException(
                $"claims {width}×{height} = {Megapixels(pixels)} megapixels, the limit is {Megapixels(maxPixels)}; raise --max-pixels");
        if (pixels > Largest)
            throw new PictureFormatException(
                $"claims {width}×{height} = {Megapixels(pixels)} megapixels, more than the {Megapixels(Largest)} that this program "
                + "can hold; make it smaller first");
    }

    private static string Megapixels(long pixels) => (pixels / 1e6).ToString(pixels < 10_000_000 ? "0.######" : "0.#");
}
