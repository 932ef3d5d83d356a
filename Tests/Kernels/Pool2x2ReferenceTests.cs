using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Pool2x2;

namespace GatysGpu.Tests.Kernels;

/// <summary>The definition of the pooling: forward by hand, backward against central differences.</summary>
public class Pool2x2ReferenceTests
{
    private const double Step = 0.01;
    private static readonly Tolerance Linear = new(1e-11, "central differences of a piecewise linear function in float64, h = 0.01");

    private static IEnumerable<TestCaseData> Cases() =>
        from s in new (int C, int H, int W)[] { (1, 2, 2), (2, 3, 3), (3, 2, 7), (2, 7, 2), (3, 5, 4), (2, 8, 9) }
        from pooling in new[] { Pooling.Max, Pooling.Average }
        select new TestCaseData(s.C, s.H, s.W, pooling).SetArgDisplayNames($"C{s.C} {s.H}x{s.W} {pooling}");

    [Test]
    public void Forward_OddSides_DropsTheLastRowAndColumn()
    {
        double[] x = [1, 2, 9, 4, 3, 9, 9, 9, 9];
        var switches = new int[1];
        Assert.That(Pool2x2Reference.Forward(x, 1, 3, 3, Pooling.Max, switches), Is.EqualTo(new[] { 4.0 }));
        Assert.That(switches, Is.EqualTo(new[] { 2 }));
        Assert.That(Pool2x2Reference.Forward(x, 1, 3, 3, Pooling.Average, null), Is.EqualTo(new[] { 2.5 }));
    }

    [TestCase(new double[] { 5, 5, 5, 5 }, 0)]
    [TestCase(new double[] { 0, 5, 5, 5 }, 1)]
    [TestCase(new double[] { 0, 1, 5, 5 }, 2)]
    [TestCase(new double[] { 0, 1, 2, 5 }, 3)]
    public void Forward_EqualLargest_SwitchesToTheFirst(double[] x, int expected)
    {
        var switches = new int[1];
        Pool2x2Reference.Forward(x, 1, 2, 2, Pooling.Max, switches);
        Assert.That(switches[0], Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Cases))]
    public void Backward_MatchesFiniteDifferences(int c, int h, int w, Pooling pooling)
    {
        var random = new Random(c * 100 + h * 10 + w);
        double[] x = Distinct(random, c * h * w), u = RandomValues.Uniform(random, c * (h / 2) * (w / 2)), dX = new double[x.Length];
        Array.Fill(dX, double.NaN);
        var switches = new int[u.Length];
        Pool2x2Reference.Forward(x, c, h, w, pooling, switches);
        Pool2x2Reference.Backward(u, c, h, w, pooling, switches, dX, null, accumulate: false);
        double[] truth = FiniteDifferences.Gradient(v => Dot(u, Pool2x2Reference.Forward(v, c, h, w, pooling, null)), x, Step);
        ArrayComparison.AssertClose("dX", truth, dX, Linear, [c, h, w]);
    }

    [TestCaseSource(nameof(Cases))]
    public void Backward_WithReluBelowAndLossGradient_MatchesFiniteDifferences(int c, int h, int w, Pooling pooling)
    {
        // loss(z) = u·pool(ReLU(z)) + l·ReLU(z). Windows of four zeros are ties, but there the mask ends the gradient anyway.
        var random = new Random(c * 100 + h * 10 + w + 1);
        double[] z = Distinct(random, c * h * w), u = RandomValues.Uniform(random, c * (h / 2) * (w / 2));
        double[] l = RandomValues.Uniform(random, z.Length), dZ = [.. l];
        var switches = new int[u.Length];
        Pool2x2Reference.Forward(Array.ConvertAll(z, v => Math.Max(0, v)), c, h, w, pooling, switches);
        Pool2x2Reference.Backward(u, c, h, w, pooling, switches, dZ, Array.ConvertAll(z, v => v > 0), accumulate: true);
        double[] truth = FiniteDifferences.Gradient(v =>
        {
            double[] x = Array.ConvertAll(v, e => Math.Max(0, e));
            return Dot(u, Pool2x2Reference.Forward(x, c, h, w, pooling, null)) + Dot(l, x);
        }, z, Step);
        ArrayComparison.AssertClose("dZ", truth, dZ, Linear, [c, h, w]);
    }

    /// <summary>Shuffled values 0.1 apart around zero, none nearer to it than 0.05: a step of 0.01 changes no order and no sign.</summary>
    private static double[] Distinct(Random random, int count)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(i => (i - count / 2) * 0.1 + 0.05)];
        random.Shuffle(values);
        return values;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
}
