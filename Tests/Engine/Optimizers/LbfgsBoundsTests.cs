using GatysGpu.Engine.Optimizers;

namespace GatysGpu.Tests.Engine.Optimizers;

/// <summary>L-BFGS within a box.</summary>
public class LbfgsBoundsTests
{
    private static readonly LbfgsOptions Pixels = new() { Bounds = Box.Pixels };

    // push 0: at the minimum the unknowns at a bound would stay there without it, the degenerate case.
    [TestCase(40.0, 1e-2)]
    [TestCase(1.0, 1e-2)]
    [TestCase(0.0, 1e-1)]
    public void BoxQuadratic_FindsTheKnownMinimum(double push, double tolerance)
    {
        var random = new Random(4);
        // A third of the unknowns at each bound, in runs and alone, and the rest inside.
        double[] minimum = Array.ConvertAll(RandomValues.Uniform(random, 120, -255, 510), v => Math.Clamp(v, 0, 255));
        Assert.That(minimum.Count(v => v is 0 or 255), Is.InRange(60, 100));
        HostFunction f = TestFunctions.BoxQuadratic(RandomValues.Uniform(random, 120, 0, 255), minimum, push);
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X, Pixels);
        IterationResult last = LbfgsOptimizerTests.RunMonotonically(optimizer, f, 150);
        ArrayComparison.AssertClose("x", minimum, f.Read(optimizer.Result), new Tolerance(tolerance, "float32 gradients of about 300 · 6e-8 over a curvature of 0.1"));
        Assert.That(last.Evaluations, Is.AtMost(200));
    }

    [Test]
    public void CoupledBoxQuadratics_AreSolvedInFewEvaluations()
    {
        // Measured: 135 altogether; without the mask of the pairs 190.
        int evaluations = 0;
        for (int seed = 1; seed <= 6; seed++)
        {
            var random = new Random(seed);
            double[] minimum = Array.ConvertAll(RandomValues.Uniform(random, 300, -255, 510), v => Math.Clamp(v, 0, 255));
            HostFunction f = TestFunctions.BoxQuadratic(RandomValues.Uniform(random, 300, 0, 255), minimum, 1);
            using var optimizer = new LbfgsOptimizer(f.Device, f, f.X, Pixels with { GradientTolerance = 1 });
            Assert.That(LbfgsOptimizerTests.RunMonotonically(optimizer, f, 200).Converged, Is.True);
            evaluations += f.Evaluations;
        }
        Assert.That(evaluations, Is.AtMost(150));
    }

    [Test]
    public void EveryIterate_StaysInTheBox()
    {
        var random = new Random(5);
        var outside = new List<double>();
        double[] t = RandomValues.Uniform(random, 64, -200, 455);
        var f = new HostFunction(RandomValues.Uniform(random, 64, -50, 300), (x, g) =>
        {
            outside.AddRange(x.Where(v => v is < 0 or > 255));
            double value = 0;
            for (int i = 0; i < x.Length; i++)
            {
                value += Math.Pow(x[i] - t[i], 4);
                g[i] = 4 * Math.Pow(x[i] - t[i], 3);
            }
            return value;
        });
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X, Pixels);
        LbfgsOptimizerTests.RunMonotonically(optimizer, f, 60);
        Assert.That(outside, Is.Empty, "evaluated outside of the box");
        ArrayComparison.AssertClose("x", [.. t.Select(v => Math.Clamp(v, 0, 255))], f.Read(optimizer.Result),
            new Tolerance(2, "a quartic is flat at its minimum"));
    }

    [Test]
    public void StartAtTheWrongBound_LeavesIt()
    {
        HostFunction f = TestFunctions.Quadratic([0, 255, 0, 255], [255, 0, 30, 300], 1);
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X, Pixels);
        LbfgsOptimizerTests.RunMonotonically(optimizer, f, 30);
        ArrayComparison.AssertClose("x", [255, 0, 30, 255], f.Read(optimizer.Result), new Tolerance(1e-3, "float32"));
    }

    [Test]
    public void EverythingPushesOut_ReportsConvergenceAtOnce()
    {
        HostFunction f = TestFunctions.Quadratic([0, 255], [-5, 300], 1);
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X, Pixels);
        IterationResult result = optimizer.Step();
        Assert.That((result.Converged, result.GradientNorm, result.Evaluations), Is.EqualTo((true, 0.0, 1)));
    }

    [Test]
    public void BoundsOutOfReach_GiveTheUnboundedRun()
    {
        HostFunction f = TestFunctions.Rosenbrock(4), h = TestFunctions.Rosenbrock(4);
        using var bounded = new LbfgsOptimizer(f.Device, f, f.X, new() { Bounds = new Box(-100, 100), FirstStep = 0.1 });
        using var free = new LbfgsOptimizer(h.Device, h, h.X, new() { FirstStep = 0.1 });
        for (int i = 0; i < 15; i++)
        {
            double expected = free.Step().Loss;
            ArrayComparison.AssertClose($"loss {i}", expected, bounded.Step().Loss, 1e-5 * expected, "the same path, summed in another order");
        }
    }
}
