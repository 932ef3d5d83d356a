using GatysGpu.Engine.Optimizers;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Vectors;
using GatysGpu.Tests.Kernels.Devices;

namespace GatysGpu.Tests.Engine.Optimizers;

/// <summary>The direction from inner products against the textbook's two loops over vectors.</summary>
public class LbfgsHistoryTests
{
    private const int Length = 40;

    [TestCase(1, 1)]
    [TestCase(1, 4)]
    [TestCase(3, 2)]
    [TestCase(5, 5)]
    [TestCase(5, 13)]
    [TestCase(31, 33)]
    public void Direction_AfterSomePairs_IsThatOfTheTwoLoops(int capacity, int pairs)
    {
        var random = new Random(capacity * 100 + pairs);
        var (device, pool, history) = Make(capacity);
        var kept = new List<(double[] S, double[] Y)>();
        for (int i = 0; i < pairs; i++)
        {
            // y near s, so that their product is positive: a mildly curved function.
            double[] s = RandomValues.Uniform(random, Length), noise = RandomValues.Uniform(random, Length);
            kept.Add((Write(device, history.Next.S, s), Write(device, history.Next.Y, [.. s.Zip(noise, (a, b) => 2 * a + 0.5 * b)])));
            history.Commit(1);
            Assert.That(history.Count, Is.EqualTo(Math.Min(i + 1, capacity)));
        }
        DeviceVector g = pool.Take(), d = pool.Take();
        double[] gradient = Write(device, g, RandomValues.Uniform(random, Length));

        history.Direction(g, d, 1);

        double[] expected = TwoLoops(kept.TakeLast(capacity).ToList(), gradient);
        var actual = new float[Length];
        device.Download(d, actual);
        ArrayComparison.AssertClose("d", expected, actual,
            new Tolerance(1e-6 * expected.Max(Math.Abs), "float32 storage of d; the coefficients are float64"));
    }

    [Test]
    public void Direction_WithoutPairs_IsTheScaledSteepestDescent()
    {
        var (device, pool, history) = Make(4);
        DeviceVector g = pool.Take(), d = pool.Take();
        double[] gradient = Write(device, g, RandomValues.Uniform(new Random(1), Length));
        history.Direction(g, d, 0.25);
        var actual = new float[Length];
        device.Download(d, actual);
        ArrayComparison.AssertClose("d", [.. gradient.Select(v => -0.25 * v)], actual, new Tolerance(0, "a power of two"));
    }

    [TestCase(-1.0)]
    [TestCase(0.0)]
    [TestCase(double.NaN)]
    public void Commit_PairWithoutPositiveCurvature_IsNotTaken(double curvature)
    {
        var (device, _, history) = Make(3);
        var random = new Random(1);
        double[] s = RandomValues.Uniform(random, Length);
        Write(device, history.Next.S, s);
        Write(device, history.Next.Y, s);
        history.Commit(1);
        Write(device, history.Next.S, s);
        Write(device, history.Next.Y, [.. s.Select(v => v * curvature)]);
        history.Commit(1);
        Assert.That((history.Count, history.Scale), Is.EqualTo((1, 1.0)));
    }

    private static (ReferenceDevice, VectorPool, LbfgsHistory) Make(int capacity)
    {
        var device = new ReferenceDevice();
        var pool = new VectorPool(device, Length, 2 * capacity + 2);
        return (device, pool, new LbfgsHistory(device, pool, capacity));
    }

    private static double[] Write(ReferenceDevice device, DeviceVector vector, double[] values)
    {
        float[] rounded = Array.ConvertAll(values, v => (float)v);
        device.Upload(rounded, vector);
        return rounded.ToDouble();
    }

    /// <summary>Nocedal, Wright 2006, Algorithm 7.4, as it stands there.</summary>
    private static double[] TwoLoops(List<(double[] S, double[] Y)> pairs, double[] g)
    {
        double[] q = [.. g], alpha = new double[pairs.Count];
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            alpha[i] = VectorReference.Dot(pairs[i].S, q) / VectorReference.Dot(pairs[i].S, pairs[i].Y);
            q = VectorReference.LinearCombination([1, -alpha[i]], q, pairs[i].Y);
        }
        (double[] s, double[] y) = pairs[^1];
        double[] r = VectorReference.LinearCombination([VectorReference.Dot(s, y) / VectorReference.Dot(y, y)], q);
        for (int i = 0; i < pairs.Count; i++)
        {
            double beta = VectorReference.Dot(pairs[i].Y, r) / VectorReference.Dot(pairs[i].S, pairs[i].Y);
            r = VectorReference.LinearCombination([1, alpha[i] - beta], r, pairs[i].S);
        }
        return [.. r.Select(v => -v)];
    }
}
