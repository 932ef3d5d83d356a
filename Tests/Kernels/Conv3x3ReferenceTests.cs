using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels;

/// <summary>The definition of the convolution: forward against cases worked out by hand, backward against central differences.</summary>
public class Conv3x3ReferenceTests
{
    // A convolution is linear in x, so a step of 0.01 has no truncation error; what is left is rounding: 1e-15 · |u·y| / 0.01.
    private static readonly Tolerance Linear = new(1e-10, "central differences of a linear function in float64, h = 0.01");
    private const double Step = 0.01;

    private static readonly (int K, int C, int H, int W)[] Shapes =
        [(1, 1, 1, 1), (2, 3, 1, 1), (3, 2, 1, 7), (2, 3, 7, 1), (1, 2, 2, 2), (3, 1, 2, 5), (2, 3, 3, 3), (4, 3, 5, 4), (3, 5, 4, 9)];

    private static IEnumerable<TestCaseData> Cases() =>
        from s in Shapes
        from padding in new[] { Padding.Zero, Padding.Reflect }
        select new TestCaseData(s.K, s.C, s.H, s.W, padding).SetArgDisplayNames($"K{s.K} C{s.C} {s.H}x{s.W} {padding}");

    [Test]
    public void Forward_CentreTap_CopiesTheMapPlusBias()
    {
        double[] x = [1, -2, 3, 4, 5, 6];
        Assert.That(Conv3x3Reference.Forward(x, 2, 3, OneFilter(4, 0.5f, Padding.Zero), relu: false),
            Is.EqualTo(new[] { 1.5, -1.5, 3.5, 4.5, 5.5, 6.5 }));
        Assert.That(Conv3x3Reference.Forward(x, 2, 3, OneFilter(4, 0.5f, Padding.Zero), relu: true),
            Is.EqualTo(new[] { 1.5, 0, 3.5, 4.5, 5.5, 6.5 }));
    }

    // Tap 0 reads one up and to the left; tap 8 one down and to the right. Worked out by hand on 1 2 3 / 4 5 6.
    [TestCase(0, Padding.Zero, new double[] { 0, 0, 0, 0, 1, 2 })]
    [TestCase(8, Padding.Zero, new double[] { 5, 6, 0, 0, 0, 0 })]
    [TestCase(0, Padding.Reflect, new double[] { 5, 4, 5, 2, 1, 2 })]
    [TestCase(8, Padding.Reflect, new double[] { 5, 6, 5, 2, 3, 2 })]
    public void Forward_CornerTap_ReadsTheNeighbour(int tap, Padding padding, double[] expected) =>
        Assert.That(Conv3x3Reference.Forward([1, 2, 3, 4, 5, 6], 2, 3, OneFilter(tap, 0, padding), relu: false), Is.EqualTo(expected));

    [Test]
    public void Forward_OnePixel_RepeatsItselfUnderReflectionAndStandsAloneUnderZeros()
    {
        var filter = Enumerable.Range(1, 9).Select(i => (float)i).ToArray();
        Assert.That(Conv3x3Reference.Forward([2], 1, 1, new(1, 1, filter, [0], Padding.Reflect), false), Is.EqualTo(new[] { 90.0 }));
        Assert.That(Conv3x3Reference.Forward([2], 1, 1, new(1, 1, filter, [0], Padding.Zero), false), Is.EqualTo(new[] { 10.0 }));
    }

    [Test]
    public void Forward_SeveralChannels_ReadsFiltersInTheOrderKCRS()
    {
        // 1×1 maps see only the centre taps, at 4 within each 3×3: y[k] = b[k] + Σ_c w[k,c,1,1]·x[c].
        float[] filters = new float[2 * 3 * 9], centre = [1, 10, 100, 2, 20, 200];
        for (int i = 0; i < 6; i++) filters[i * 9 + 4] = centre[i];
        Assert.That(Conv3x3Reference.Forward([1, 2, 3], 1, 1, new(2, 3, filters, [0, 1000]), false), Is.EqualTo(new[] { 321.0, 1642 }));
    }

    [Test]
    public void ImageForward_ImageOfTheMeanColour_GivesTheBiasEverywhereUnderZeroPadding()
    {
        var random = new Random(1);
        var weights = new Conv3x3Parameters(2, 3, RandomValues.Floats(random, 54), [0.25f, -3], Padding.Zero);
        double[] image = [10, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30];
        Assert.That(Conv3x3Reference.ImageForward(image, 2, 2, weights, [10, 20, 30], relu: false),
            Is.EqualTo(new[] { 0.25, 0.25, 0.25, 0.25, -3, -3, -3, -3 }));
    }

    [TestCaseSource(nameof(Cases))]
    public void BackwardInput_MatchesFiniteDifferences(int k, int c, int h, int w, Padding padding)
    {
        var (random, weights) = Make(k, c, h, w, padding);
        double[] x = RandomValues.Uniform(random, c * h * w), u = RandomValues.Uniform(random, k * h * w), dX = new double[x.Length];
        Array.Fill(dX, double.NaN);
        Conv3x3Reference.BackwardInput(u, h, w, weights, dX, null, accumulate: false);
        double[] truth = FiniteDifferences.Gradient(v => Dot(u, Conv3x3Reference.Forward(v, h, w, weights, false)), x, Step);
        ArrayComparison.AssertClose("dX", truth, dX, Linear, [c, h, w]);
    }

    [TestCaseSource(nameof(Cases))]
    public void BackwardInput_WithReluBelowAndLossGradient_MatchesFiniteDifferences(int k, int c, int h, int w, Padding padding)
    {
        // loss(z) = u·conv(ReLU(z)) + l·ReLU(z), with |z| ≥ 0.1 so that a step of 0.01 crosses no kink.
        var (random, weights) = Make(k, c, h, w, padding);
        double[] z = AwayFromZero(random, c * h * w), u = RandomValues.Uniform(random, k * h * w);
        double[] l = RandomValues.Uniform(random, z.Length), dZ = [.. l];
        Conv3x3Reference.BackwardInput(u, h, w, weights, dZ, Array.ConvertAll(z, v => v > 0), accumulate: true);
        double[] truth = FiniteDifferences.Gradient(v =>
        {
            double[] x = Array.ConvertAll(v, e => Math.Max(0, e));
            return Dot(u, Conv3x3Reference.Forward(x, h, w, weights, false)) + Dot(l, x);
        }, z, Step);
        ArrayComparison.AssertClose("dZ", truth, dZ, Linear, [c, h, w]);
    }

    [TestCaseSource(nameof(Cases))]
    public void ForwardWithRelu_BackwardOfTheMaskedGradient_MatchesFiniteDifferences(int k, int c, int h, int w, Padding padding)
    {
        // loss(image) = u·ReLU(conv(image − mean)). Each channel's bias lifts or sinks it as a whole by more than Σ|w|·max|x − mean|
        // can reach, so that no pre-activation comes near the kink.
        var (random, weights) = Make(k, 3, h, w, padding);
        double[] image = RandomValues.Uniform(random, 3 * h * w), u = RandomValues.Uniform(random, k * h * w);
        float[] mean = [0.1f, -0.2f, 0.3f];
        for (int o = 0; o < k; o++)
        {
            float reach = weights.Filters.AsSpan(o * 27, 27).ToArray().Sum(Math.Abs) * 1.4f;
            weights.Biases[o] = o % 2 == 0 ? reach : -reach;
        }
        double[] y = Conv3x3Reference.ImageForward(image, h, w, weights, mean, relu: true), dImage = new double[image.Length];
        Assert.That(y.Count(v => v > 0), Is.EqualTo((k + 1) / 2 * h * w), "half of the channels, rounded up, must be alive");
        Conv3x3Reference.BackwardInput([.. u.Select((v, i) => y[i] > 0 ? v : 0)], h, w, weights, dImage, null, accumulate: false);
        double[] truth = FiniteDifferences.Gradient(v => Dot(u, Conv3x3Reference.ImageForward(v, h, w, weights, mean, true)), image, Step);
        ArrayComparison.AssertClose("dImage", truth, dImage, Linear, [3, h, w]);
    }

    [Test]
    public void Forward_WrongLength_ThrowsWithBothNumbers() =>
        Assert.That(() => Conv3x3Reference.Forward(new double[5], 2, 3, OneFilter(4, 0, Padding.Zero), false),
            Throws.ArgumentException.With.Message.Contains("[1,2,3]").And.Message.Contains("5"));

    private static (Random, Conv3x3Parameters) Make(int k, int c, int h, int w, Padding padding)
    {
        var random = new Random(HashCode(k, c, h, w));
        return (random, new(k, c, RandomValues.Floats(random, k * c * 9), RandomValues.Floats(random, k), padding));
    }

    private static int HashCode(params int[] numbers) => numbers.Aggregate(17, (hash, n) => unchecked(hash * 31 + n));

    private static double[] AwayFromZero(Random random, int count) =>
        Array.ConvertAll(RandomValues.Uniform(random, count), v => v + 0.1 * (v < 0 ? -1 : 1));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();

    private static Conv3x3Parameters OneFilter(int tap, float bias, Padding padding)
    {
        var filter = new float[9];
        filter[tap] = 1;
        return new(1, 1, filter, [bias], padding);
    }
}
