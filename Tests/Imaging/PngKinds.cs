using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

/// <summary>Random PNG files of every kind with the picture that each must give, computed pixel by pixel from the definition.</summary>
internal static class PngKinds
{
    /// <summary>Colour type and depth of every kind that there is.</summary>
    public static readonly (int ColourType, int BitDepth)[] All =
    [
        (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16),
    ];

    /// <summary>A file of one kind with random samples and, for palettes, random colours.</summary>
    public static PngTestWriter Random(int colourType, int bitDepth, int width, int height, bool interlaced, int seed)
    {
        Random random = new(seed);
        int channels = PngTestWriter.ChannelsOf(colourType), largest = (1 << bitDepth) - 1;
        int[] samples = new int[width * height * channels];
        // Runs of one value and its neighbours, so that all filters see small differences, wrap-arounds and ties.
        for (int i = 0; i < samples.Length; i++)
            samples[i] = i >= channels && random.Next(3) > 0
                ? Math.Clamp(samples[i - channels] + random.Next(-1, 2), 0, largest)
                : random.Next(largest + 1);
        byte[]? palette = null;
        if (colourType == 3)
        {
            palette = new byte[3 * (largest + 1)];
            random.NextBytes(palette);
        }
        return new PngTestWriter(width, height, colourType, bitDepth) { Samples = samples, Interlaced = interlaced, Palette = palette };
    }

    /// <summary>What a reader must make of the file.</summary>
    public static Picture Expected(PngTestWriter file)
    {
        Picture picture = new(file.Width, file.Height);
        int pixels = file.Width * file.Height;
        for (int i = 0; i < pixels; i++)
        {
            int[] raw = file.Samples[(i * file.Channels)..((i + 1) * file.Channels)];
            (double[] colour, double alpha) = Meaning(file, raw);
            for (int c = 0; c < 3; c++) picture.Samples[c * pixels + i] = (float)(colour[c] * alpha + 255 * (1 - alpha));
        }
        return picture;
    }

    private static (double[] Colour, double Alpha) Meaning(PngTestWriter file, int[] raw)
    {
        double[] scaled = [.. raw.Select(v => v * 255.0 / ((1 << file.BitDepth) - 1))];
        byte[]? trns = file.Transparency;
        switch (file.ColourType)
        {
            case 0:
                return ([scaled[0], scaled[0], scaled[0]], trns is not null && trns[0] * 256 + trns[1] == raw[0] ? 0 : 1);
            case 2:
                bool isKey = trns is not null && Enumerable.Range(0, 3).All(c => trns[2 * c] * 256 + trns[2 * c + 1] == raw[c]);
                return (scaled, isKey ? 0 : 1);
            case 3:
                byte[] entry = file.Palette![(3 * raw[0])..(3 * raw[0] + 3)];
                return ([entry[0], entry[1], entry[2]], trns is not null && raw[0] < trns.Length ? trns[raw[0]] / 255.0 : 1);
            case 4:
                return ([scaled[0], scaled[0], scaled[0]], scaled[1] / 255);
            default:
                return (scaled[..3], scaled[3] / 255);
        }
    }
}
