using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

/// <summary>Comparison of pictures that NaN cannot pass and that names the worst sample.</summary>
internal static class PictureAssert
{
    /// <summary>Fails unless both have one size and every sample differs by no more than the tolerance.</summary>
    public static void Same(Picture actual, Picture expected, double tolerance, string what)
    {
        Assert.That((actual.Width, actual.Height), Is.EqualTo((expected.Width, expected.Height)), $"{what}: size");
        (int worst, double worstDifference) = (-1, -1);
        for (int i = 0; i < expected.Samples.Length; i++)
        {
            double difference = Math.Abs((double)actual.Samples[i] - expected.Samples[i]);
            if (difference <= worstDifference) continue;
            (worst, worstDifference) = (i, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }
        if (worstDifference <= tolerance) return;
        int pixels = actual.Width * actual.Height, at = worst % pixels;
        Assert.Fail($"{what}: of {expected.Samples.Length} samples the worst is channel {worst / pixels}, x {at % actual.Width}, "
            + $"y {at / actual.Width}: {actual.Samples[worst]:R}, expected {expected.Samples[worst]:R}, tolerance {tolerance}");
    }

    /// <summary>A picture of random samples, uniform in 0..255.</summary>
    public static Picture Noise(int width, int height, int seed)
    {
        Random random = new(seed);
        Picture picture = new(width, height);
        for (int i = 0; i < picture.Samples.Length; i++) picture.Samples[i] = (float)(255 * random.NextDouble());
        return picture;
    }

    /// <summary>A picture of one value in all samples.</summary>
    public static Picture Constant(int width, int height, float value)
    {
        Picture picture = new(width, height);
        picture.Samples.AsSpan().Fill(value);
        return picture;
    }
}
