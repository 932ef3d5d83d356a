using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

public class ResamplerTests
{
    // A result is a double sum rounded once to a float below 256: at most 2^-17; twice that for the weights' own rounding.
    private const double Rounding = 1.0 / 65536;

    [TestCase(10, 7, 10, 7)]
    [TestCase(10, 7, 3, 29)]
    [TestCase(1, 1, 50, 40)]
    [TestCase(50, 40, 1, 1)]
    [TestCase(1, 300, 7, 2)]
    [TestCase(300, 1, 2, 7)]
    [TestCase(10_000, 10, 10, 10_000)]
    [TestCase(100_000, 1, 3, 3)]
    public void Resize_AConstant_StaysTheConstant(int width, int height, int newWidth, int newHeight)
    {
        Picture result = Resampler.Resize(PictureAssert.Constant(width, height, 77.7f), newWidth, newHeight);
        PictureAssert.Same(result, PictureAssert.Constant(newWidth, newHeight, 77.7f), Rounding, "constant");
    }

    [Test]
    public void Resize_ToTheSameSize_CopiesExactly()
    {
        Picture picture = PictureAssert.Noise(67, 45, seed: 1);
        Picture result = Resampler.Resize(picture, 67, 45);
        Assert.That(result.Samples, Is.Not.SameAs(picture.Samples));
        PictureAssert.Same(result, picture, 0, "same size");
    }

    [Test]
    public void Resize_OneSideOnly_LeavesTheOtherExact()
    {
        Picture columns = new(40, 30);
        for (int i = 0; i < columns.Samples.Length; i++) columns.Samples[i] = i / 40 % 30 * 8.5f;
        PictureAssert.Same(Resampler.Resize(columns, 13, 30), Widened(Resampler.Resize(columns, 1, 30), 13), Rounding, "flat rows");
    }

    [TestCase(96, 64, 48, 32)]
    [TestCase(96, 64, 31, 20)]
    [TestCase(60, 50, 181, 150)]
    public void Resize_KeepsTheMean(int width, int height, int newWidth, int newHeight)
    {
        // Samples from 60 to 195, so that nothing is clamped, and a margin of one value, so that no edge weighs more than its share.
        Picture picture = PictureAssert.Noise(width, height, seed: 2);
        for (int i = 0; i < picture.Samples.Length; i++)
        {
            (int x, int y) = (i % width, i / width % height);
            bool margin = x < 10 || y < 10 || x >= width - 10 || y >= height - 10;
            picture.Samples[i] = margin ? 127 : 60 + picture.Samples[i] * 135 / 255;
        }
        Picture result = Resampler.Resize(picture, newWidth, newHeight);
        // The weights that an input sample gives to all outputs sum to the ratio of sizes but for 1%; the samples' deviations from 127
        // (about 39) average that out over more than a thousand samples: 0.01·39/√1000.
        for (int c = 0; c < 3; c++)
            Assert.That(Mean(result.Plane(c)), Is.EqualTo(Mean(picture.Plane(c))).Within(0.0125), $"channel {c}");
    }

    [TestCase(400, 100, 10, true)]
    [TestCase(400, 100, 20, true)]
    [TestCase(400, 100, 30, true)]
    [TestCase(400, 100, 70, false)]
    [TestCase(400, 100, 100, false)]
    [TestCase(400, 100, 150, false)]
    [TestCase(400, 137, 190, false)]
    [TestCase(100, 400, 20, true)]
    public void Resize_ASine_SurvivesBelowNyquistAndVanishesAbove(int length, int newLength, int periods, bool survives)
    {
        // A sine meets the repeated edge with a kink: the ends are left out.
        Picture wave = new(length, 3), expected = new(newLength, 3);
        Fill(wave, periods);
        Fill(expected, survives ? periods : 0);
        Picture result = Resampler.Resize(wave, newLength, 3);
        int margin = Math.Max(12, newLength / 8);
        double worst = 0;
        for (int x = margin; x < newLength - margin; x++)
            worst = Math.Max(worst, Math.Abs(result.Samples[x] - expected.Samples[x]));
        // Lanczos-3 passes up to 0.6 of Nyquist and stops from 1.4 on, both within 6% of the amplitude 100.
        Assert.That(worst, Is.LessThan(6), $"{periods} periods in {newLength} samples");
    }

    [Test]
    public void Resize_MatchesTheDefinitionSampleBySample()
    {
        Picture picture = PictureAssert.Noise(23, 17, seed: 3);
        foreach ((int width, int height) in new[] { (9, 31), (50, 4), (23, 5), (22, 16) })
        {
            Picture expected = new(width, height);
            for (int c = 0; c < 3; c++)
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                        expected.Plane(c)[y * width + x] = (float)Math.Clamp(Sample(picture, c, x, y, width, height), 0, 255);
            // One more rounding where the width goes first.
            PictureAssert.Same(Resampler.Resize(picture, width, height), expected, 3 * Rounding, $"{width}×{height}");
        }
    }

    [Test]
    public void Resize_Twice_GivesTheSameBits()
    {
        Picture picture = PictureAssert.Noise(301, 203, seed: 4);
        PictureAssert.Same(Resampler.Resize(picture, 97, 255), Resampler.Resize(picture, 97, 255), 0, "again");
    }

    [Test]
    public void Resize_AHardEdge_DoesNotLeaveTheRange()
    {
        Picture edge = new(20, 4);
        for (int i = 0; i < edge.Samples.Length; i++) edge.Samples[i] = i % 20 < 10 ? 0 : 255;
        Assert.That(Resampler.Resize(edge, 77, 9).Samples, Is.All.InRange(0f, 255f));
    }

    [TestCase(0, 1)]
    [TestCase(1, -1)]
    [TestCase(100_000, 100_000)]
    public void Resize_ToAnImpossibleSize_IsRefused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Resampler.Resize(new Picture(2, 2), width, height));

    [TestCase(1024, 768, 512, 512, 384)]
    [TestCase(768, 1024, 512, 384, 512)]
    [TestCase(100, 50, 512, 512, 256)]
    [TestCase(3, 2, 100, 100, 67)]
    [TestCase(2000, 1, 512, 512, 1)]
    [TestCase(7, 7, 1, 1, 1)]
    [TestCase(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue)]
    public void FitSize_KeepsTheAspect(int width, int height, int maxSide, int expectedWidth, int expectedHeight) =>
        Assert.That(Resampler.FitSize(width, height, maxSide), Is.EqualTo((expectedWidth, expectedHeight)));

    private static Picture Widened(Picture column, int width)
    {
        Picture result = new(width, column.Height);
        for (int i = 0; i < result.Samples.Length; i++) result.Samples[i] = column.Samples[i / width];
        return result;
    }

    private static double Mean(Span<float> plane)
    {
        double sum = 0;
        foreach (float sample in plane) sum += sample;
        return sum / plane.Length;
    }

    private static void Fill(Picture picture, int periods)
    {
        for (int i = 0; i < picture.Samples.Length; i++)
        {
            double x = (i % picture.Width + 0.5) / picture.Width;
            picture.Samples[i] = (float)(127.5 + (periods == 0 ? 0 : 100 * Math.Sin(2 * Math.PI * periods * x)));
        }
    }

    // The definition in two dimensions at once, over all samples that can matter, with the edges repeated.
    private static double Sample(Picture picture, int channel, int x, int y, int width, int height)
    {
        double sx = (double)picture.Width / width, sy = (double)picture.Height / height, sum = 0, weights = 0;
        for (int j = -40; j < picture.Height + 40; j++)
            for (int i = -40; i < picture.Width + 40; i++)
            {
                double weight = Lanczos((i - ((x + 0.5) * sx - 0.5)) / Math.Max(1, sx))
                    * Lanczos((j - ((y + 0.5) * sy - 0.5)) / Math.Max(1, sy));
                int at = Math.Clamp(j, 0, picture.Height - 1) * picture.Width + Math.Clamp(i, 0, picture.Width - 1);
                sum += weight * picture.Plane(channel)[at];
                weights += weight;
            }
        return sum / weights;
    }

    private static double Lanczos(double t) => Math.Abs(t) >= 3 ? 0 : Sinc(t) * Sinc(t / 3);

    private static double Sinc(double t) => t == 0 ? 1 : Math.Sin(Math.PI * t) / (Math.PI * t);
}
