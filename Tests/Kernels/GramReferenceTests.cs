using GatysGpu.Kernels.Gram;

namespace GatysGpu.Tests.Kernels;

/// <summary>The definition of the Gram matrix and of its loss, against central differences.</summary>
public class GramReferenceTests
{
    [Test]
    public void Forward_SmallCase_IsTheProductPerPosition() =>
        Assert.That(GramReference.Forward([1, 2, 3, 4], 2, 2), Is.EqualTo(new[] { 2.5, 5.5, 5.5, 12.5 }));

    [TestCase(1, 1)]
    [TestCase(1, 7)]
    [TestCase(3, 1)]
    [TestCase(2, 5)]
    [TestCase(5, 12)]
    public void LossAndBackward_MatchFiniteDifferences(int channels, int positions)
    {
        var random = new Random(channels * 100 + positions);
        double[] f = RandomValues.Uniform(random, channels * positions), style = RandomValues.Uniform(random, channels * 9);
        double[] target = GramReference.Forward(style, channels, 9), existing = RandomValues.Uniform(random, f.Length);
        const double Scale = 0.7;

        double[] d = GramReference.Forward(f, channels, positions), dF = [.. existing];
        double loss = GramReference.Loss(d, target, Scale, positions);
        GramReference.Backward(d, f, channels, positions, dF, accumulate: true);

        double Value(double[] v) => GramReference.Loss(GramReference.Forward(v, channels, positions), target, Scale, positions);
        double[] truth = FiniteDifferences.Gradient(Value, f, 1e-4);
        for (int i = 0; i < truth.Length; i++) truth[i] += existing[i];
        // Of degree four: truncation h²/6·|third derivative| is about 1e-9·24·Scale; rounding 1e-16/h = 1e-12.
        ArrayComparison.AssertClose("dF", truth, dF, new Tolerance(1e-7, "central differences of a quartic, h = 1e-4"), [channels, positions]);
        Assert.That(loss, Is.EqualTo(Value(f)));
    }

    [Test]
    public void Loss_SmallCase_IsScaledAndGivesD()
    {
        double[] gram = [3, 1, 1, 2];
        Assert.That(GramReference.Loss(gram, [1, 1, 1, 1], 0.5, 4), Is.EqualTo(0.5 * (4 + 1)));
        Assert.That(gram, Is.EqualTo(new[] { 1.0, 0, 0, 0.5 }), "D = 4·0.5/4·(G − A)");
    }

    [Test]
    public void Backward_WithoutAccumulate_ForgetsWhatWasThere()
    {
        double[] dF = [double.NaN, double.NaN];
        GramReference.Backward([2], [3, 4], 1, 2, dF, accumulate: false);
        Assert.That(dF, Is.EqualTo(new[] { 6.0, 8 }));
    }
}
