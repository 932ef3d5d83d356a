using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

public class ColorTransferTests
{
    [Test]
    public void Match_GivesTheTargetsMeanAndCovariance()
    {
        // Small deviations around the middle, so that nothing is clamped.
        Picture source = Correlated(90, 70, seed: 1, [120, 130, 125], [[9, 2, 0], [1, 7, 3], [0, 4, 8]]);
        Picture target = Correlated(61, 50, seed: 2, [100, 140, 130], [[4, 6, 1], [9, 2, 2], [3, 1, 10]]);
        AssertStatistics(ColorTransfer.Match(source, target), ColourStatistics.Of(target), ColourStatistics.Of(source).Covariance);
    }

    [Test]
    public void Match_SeveralTargets_TakesTheMixtureOfTheirPixels()
    {
        double[][] mix = [[9, 2, 0], [1, 7, 3], [0, 4, 8]];
        Picture source = Correlated(90, 70, seed: 3, [120, 130, 125], mix);
        Picture a = Correlated(50, 40, seed: 4, [100, 140, 130], mix), b = Correlated(50, 40, seed: 5, [140, 120, 110], mix);
        // Three pictures of one size, two of them the same, are the mixture 2:1 pixel by pixel.
        Picture joined = new(50, 120);
        for (int c = 0; c < 3; c++)
        {
            a.Plane(c).CopyTo(joined.Plane(c));
            a.Plane(c).CopyTo(joined.Plane(c)[2000..]);
            b.Plane(c).CopyTo(joined.Plane(c)[4000..]);
        }
        Picture result = ColorTransfer.Match(source, [a, b], [4, 2]);
        AssertStatistics(result, ColourStatistics.Of(joined), ColourStatistics.Of(source).Covariance);
        // Sums in another order: a few units of a float's last place.
        PictureAssert.Same(result, ColorTransfer.Match(source, joined), 1e-4, "joined");
    }

    [Test]
    public void Match_ToItself_ChangesNothing()
    {
        Picture picture = PictureAssert.Noise(40, 30, seed: 6);
        PictureAssert.Same(ColorTransfer.Match(picture, picture), picture, 1e-4, "itself");
    }

    [Test]
    public void Map_IsSymmetricPositiveAndMapsOneCovarianceToTheOther()
    {
        double[,] a = ColourStatistics.Of(PictureAssert.Noise(40, 30, seed: 7)).Covariance;
        double[,] b = ColourStatistics.Of(Correlated(61, 50, seed: 8, [100, 140, 130], [[4, 6, 1], [9, 2, 2], [3, 1, 10]])).Covariance;
        double[,] t = ColorTransfer.Map(a, b);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(t[i, i], Is.GreaterThan(0));
            for (int j = 0; j < 3; j++)
            {
                Assert.That(t[i, j], Is.EqualTo(t[j, i]).Within(1e-12));
                Assert.That(Sandwich(t, Regularised(a))[i, j], Is.EqualTo(Regularised(b)[i, j]).Within(1e-8), $"(TAT)[{i},{j}]");
            }
        }
    }

    [Test]
    public void Match_DiagonalCovariances_ScalesEachChannelByItself()
    {
        // Without correlation T is diagonal, √(B + ε)/√(A + ε): a closed form that the general one must give.
        double[,] t = ColorTransfer.Map(
            new double[,] { { 100, 0, 0 }, { 0, 400, 0 }, { 0, 0, 0 } }, new double[,] { { 400, 0, 0 }, { 0, 0, 0 }, { 0, 0, 900 } });
        double e = ColorTransfer.Regularisation;
        Assert.That(t[0, 0], Is.EqualTo(Math.Sqrt((400 + e) / (100 + e))).Within(1e-12));
        Assert.That(t[1, 1], Is.EqualTo(Math.Sqrt(e / (400 + e))).Within(1e-12));
        Assert.That(t[2, 2], Is.EqualTo(Math.Sqrt((900 + e) / e)).Within(1e-10));
        Assert.That(new[] { t[0, 1], t[0, 2], t[1, 2] }, Is.All.EqualTo(0).Within(1e-10));
    }

    private static IEnumerable<TestCaseData> FlatPictures()
    {
        Picture grey = PictureAssert.Noise(30, 20, seed: 9);
        for (int c = 1; c < 3; c++) grey.Plane(0).CopyTo(grey.Plane(c));
        Picture black = PictureAssert.Constant(30, 20, 0), pixel = PictureAssert.Constant(1, 1, 255);
        Picture[] pictures = [black, pixel, grey, PictureAssert.Noise(30, 20, seed: 10)];
        string[] names = ["black", "one pixel", "grey", "noise"];
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                yield return new TestCaseData(pictures[i], pictures[j]).SetArgDisplayNames(names[i], names[j]);
    }

    [TestCaseSource(nameof(FlatPictures))]
    public void Match_FlatPictures_GiveNumbersInRange(Picture source, Picture target)
    {
        Picture result = ColorTransfer.Match(source, target);
        Assert.That(result.Samples, Is.All.InRange(0f, 255f));
        Assert.That(source.Samples, Is.Not.SameAs(result.Samples));
    }

    [Test]
    public void Match_OneColour_BecomesTheTargetsMean()
    {
        Picture target = PictureAssert.Noise(40, 30, seed: 11);
        Picture result = ColorTransfer.Match(PictureAssert.Constant(3, 2, 90), target);
        for (int c = 0; c < 3; c++)
            Assert.That(result.Plane(c).ToArray(), Is.All.EqualTo(ColourStatistics.Of(target).Mean[c]).Within(1e-4));
    }

    [Test]
    public void Match_GreyToGrey_StaysGrey()
    {
        Picture source = PictureAssert.Noise(40, 30, seed: 12), target = PictureAssert.Noise(20, 20, seed: 13);
        foreach (Picture picture in new[] { source, target })
            for (int c = 1; c < 3; c++) picture.Plane(0).CopyTo(picture.Plane(c));
        Picture result = ColorTransfer.Match(source, target);
        for (int c = 1; c < 3; c++)
            Assert.That(result.Plane(c).ToArray(), Is.EqualTo(result.Plane(0).ToArray()).Within(1e-3));
    }

    [Test]
    public void Match_WrongWeights_AreRefused()
    {
        Picture picture = new(2, 2);
        Assert.Throws<ArgumentException>(() => ColorTransfer.Match(picture, [], []));
        Assert.Throws<ArgumentException>(() => ColorTransfer.Match(picture, [picture], [1, 2]));
        double[][] wrong = [[0, 0], [1, -1], [1, double.NaN], [1, double.PositiveInfinity], [double.MaxValue, double.MaxValue]];
        foreach (double[] weights in wrong)
            Assert.Throws<ArgumentException>(() => ColorTransfer.Match(picture, [picture, picture], weights), string.Join(", ", weights));
    }

    // Samples mean + mix·u with u uniform in −1..1.
    private static Picture Correlated(int width, int height, int seed, double[] mean, double[][] mix)
    {
        Random random = new(seed);
        Picture picture = new(width, height);
        for (int i = 0; i < width * height; i++)
        {
            double[] u = [2 * random.NextDouble() - 1, 2 * random.NextDouble() - 1, 2 * random.NextDouble() - 1];
            for (int c = 0; c < 3; c++)
                picture.Plane(c)[i] = (float)(mean[c] + mix[c][0] * u[0] + mix[c][1] * u[1] + mix[c][2] * u[2]);
        }
        return picture;
    }

    // T(A + εI)T = B + εI, so the result's covariance TAT is B + ε(I − T²): exact but for floats' rounding of samples near 128.
    private static void AssertStatistics(Picture result, ColourStatistics target, double[,] sourceCovariance)
    {
        ColourStatistics actual = ColourStatistics.Of(result);
        double[,] t = ColorTransfer.Map(sourceCovariance, target.Covariance);
        double variance = target.Covariance[0, 0] + target.Covariance[1, 1] + target.Covariance[2, 2];
        double[,] tt = Sandwich(t, new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } });
        for (int i = 0; i < 3; i++)
        {
            Assert.That(actual.Mean[i], Is.EqualTo(target.Mean[i]).Within(1e-5), $"mean {i}");
            for (int j = 0; j < 3; j++)
            {
                double expected = target.Covariance[i, j] + ColorTransfer.Regularisation * ((i == j ? 1 : 0) - tt[i, j]);
                Assert.That(actual.Covariance[i, j], Is.EqualTo(expected).Within(1e-4), $"covariance {i},{j}");
                // And what ε changes is small beside the target's variance, even for this source of hardly any contrast.
                Assert.That(actual.Covariance[i, j], Is.EqualTo(target.Covariance[i, j]).Within(0.03 * variance));
            }
        }
    }

    private static double[,] Regularised(double[,] m)
    {
        double[,] result = (double[,])m.Clone();
        for (int i = 0; i < 3; i++) result[i, i] += ColorTransfer.Regularisation;
        return result;
    }

    // T·M·T.
    private static double[,] Sandwich(double[,] t, double[,] m)
    {
        double[,] result = new double[3, 3];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                for (int k = 0; k < 3; k++)
                    for (int l = 0; l < 3; l++) result[i, j] += t[i, k] * m[k, l] * t[l, j];
        return result;
    }
}
