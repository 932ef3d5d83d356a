using GatysGpu.Kernels.Losses;

namespace GatysGpu.Tests.Kernels;

/// <summary>The definitions of the content loss and of the total variation, against central differences.</summary>
public class LossReferenceTests
{
    // Both are of degree two: central differences have no truncation error, so a large step leaves rounding of 1e-15·loss/h alone.
    private static readonly Tolerance Quadratic = new(1e-11, "central differences of a quadratic in float64, h = 0.1");

    [Test]
    public void ContentLoss_SmallCase_IsTheScaledSumOfSquares()
    {
        double[] dF = [double.NaN, double.NaN];
        Assert.That(ContentLossReference.Loss([1, 5], [3, 4], 0.5, dF, accumulate: false), Is.EqualTo(2.5));
        Assert.That(dF, Is.EqualTo(new[] { -2.0, 1 }));
    }

    [Test]
    public void ContentLoss_MatchesFiniteDifferences()
    {
        var random = new Random(5);
        double[] f = RandomValues.Uniform(random, 35), target = RandomValues.Uniform(random, 35), l = RandomValues.Uniform(random, 35);
        double[] dF = [.. l];
        ContentLossReference.Loss(f, target, 1.7, dF, accumulate: true);
        double[] truth = FiniteDifferences.Gradient(v => ContentLossReference.Loss(v, target, 1.7, new double[35], false), f, 0.1);
        ArrayComparison.AssertClose("dF", [.. truth.Zip(l, (a, b) => a + b)], dF, Quadratic);
    }

    [Test]
    public void TotalVariation_SmallCase_CountsEveryNeighbourOnce()
    {
        double[] dImage = new double[12];
        // Plane 0: 1 2 / 4 8: horizontal 1 + 16, vertical 9 + 36. The other planes are flat.
        double[] image = [1, 2, 4, 8, 7, 7, 7, 7, 0, 0, 0, 0];
        Assert.That(TotalVariationReference.Loss(image, 2, 2, 0.5, dImage, accumulate: false), Is.EqualTo(31));
        Assert.That(dImage, Is.EqualTo(new double[] { -4, -5, -1, 10, 0, 0, 0, 0, 0, 0, 0, 0 }));
    }

    [TestCase(1, 1)]
    [TestCase(1, 6)]
    [TestCase(6, 1)]
    [TestCase(2, 2)]
    [TestCase(4, 5)]
    public void TotalVariation_MatchesFiniteDifferences(int height, int width)
    {
        var random = new Random(height * 10 + width);
        double[] image = RandomValues.Uniform(random, 3 * height * width), l = RandomValues.Uniform(random, image.Length), dImage = [.. l];
        TotalVariationReference.Loss(image, height, width, 1.7, dImage, accumulate: true);
        double[] truth = FiniteDifferences.Gradient(
            v => TotalVariationReference.Loss(v, height, width, 1.7, new double[v.Length], false), image, 0.1);
        ArrayComparison.AssertClose("dImage", [.. truth.Zip(l, (a, b) => a + b)], dImage, Quadratic, [3, height, width]);
    }
}
