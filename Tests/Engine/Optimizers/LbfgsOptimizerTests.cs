using GatysGpu.Engine.Optimizers;

namespace GatysGpu.Tests.Engine.Optimizers;

/// <summary>L-BFGS without bounds, on functions with known minima.</summary>
public class LbfgsOptimizerTests
{
    [TestCase(1)]
    [TestCase(10)]
    public void Rosenbrock_IsSolvedAndFallsMonotonically(int pairs)
    {
        HostFunction f = TestFunctions.Rosenbrock(pairs);
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X, new() { FirstStep = 0.1 });
        IterationResult last = RunMonotonically(optimizer, f, 80);
        // A float32 x next to 1 is off by up to 6e-8, and the valley's floor rises by 400 times the square of that.
        Assert.That(last.Loss, Is.AtMost(1e-10));
        Assert.That(last.Evaluations, Is.AtMost(100));
        ArrayComparison.AssertClose("x", Ones(2 * pairs), f.Read(optimizer.Result), new Tolerance(1e-4, "the valley is flat along its floor"));
    }

    [TestCase(1e2, 60)]
    [TestCase(1e4, 300)]
    public void IllConditionedQuadratic_IsSolvedWithAboutOneEvaluationAnIteration(double condition, int iterations)
    {
        var random = new Random(1);
        double[] start = RandomValues.Uniform(random, 200, 0, 255), t = RandomValues.Uniform(random, 200, 0, 255);
        HostFunction f = TestFunctions.Quadratic(start, t, condition);
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X);
        IterationResult first = optimizer.Step(), last = RunMonotonically(optimizer, f, iterations);
        Assert.That(last.Loss, Is.AtMost(1e-6 * first.Loss));
        Assert.That(last.Evaluations, Is.AtMost(1.25 * last.Iteration + 8));
    }

    [TestCase(1e-6)]
    [TestCase(1e6)]
    public void FirstStep_FarTooShortOrTooLong_CostsSomeEvaluationsOnly(double firstStep)
    {
        HostFunction f = TestFunctions.Quadratic([10, -3, 7], [1, 2, 3], 10);
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X, new() { FirstStep = firstStep });
        Assert.That(RunMonotonically(optimizer, f, 20).Loss, Is.AtMost(1e-8));
        Assert.That(f.Evaluations, Is.AtMost(45));
    }

    [Test]
    public void KinkedFunction_FallsToNearItsMinimum()
    {
        // Σ wᵢ|xᵢ − tᵢ| has a kink at every tᵢ and no gradient that fades: no smooth method solves it, but it must keep falling.
        double[] t = RandomValues.Uniform(new Random(2), 30, 0, 255);
        var f = new HostFunction(new double[30], (x, g) =>
        {
            double value = 0;
            for (int i = 0; i < x.Length; i++)
            {
                value += (i + 1) * Math.Abs(x[i] - t[i]);
                g[i] = (i + 1) * Math.Sign(x[i] - t[i]);
            }
            return value;
        });
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X);
        IterationResult first = optimizer.Step(), last = RunMonotonically(optimizer, f, 200);
        Assert.That(last.Loss, Is.AtMost(0.1 * first.Loss));
    }

    [Test]
    public void SquaredKinks_LikeThoseOfRelu_AreSolved()
    {
        // Σ max(0, xᵢ − tᵢ)² + 0.01·max(0, tᵢ − xᵢ)²: the curvature jumps a hundredfold at the minimum.
        double[] t = RandomValues.Uniform(new Random(3), 50, 0, 255);
        var f = new HostFunction(new double[50], (x, g) =>
        {
            double value = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double c = x[i] > t[i] ? 1 : 0.01, difference = x[i] - t[i];
                value += c * difference * difference;
                g[i] = 2 * c * difference;
            }
            return value;
        });
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X);
        Assert.That(RunMonotonically(optimizer, f, 150).Loss, Is.AtMost(1e-4));
    }

    [Test]
    public void NoNumberBeyondAWall_StaysBeforeIt()
    {
        // −log(1 − x) + 2x² with a wall at 1; the first step tried goes far beyond it.
        var f = new HostFunction([0.9], (x, g) =>
        {
            g[0] = 1 / (1 - x[0]) - 40 * (0.99 - x[0]);
            return -Math.Log(1 - x[0]) + 20 * (0.99 - x[0]) * (0.99 - x[0]);
        });
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X, new() { FirstStep = 1e4 });
        IterationResult last = RunMonotonically(optimizer, f, 30);
        Assert.That(last.GradientNorm, Is.AtMost(1e-4));
        Assert.That(f.Read(optimizer.Result)[0], Is.LessThan(1));
    }

    [Test]
    public void NoNumberAtTheStart_ThrowsAndSaysSo()
    {
        var f = new HostFunction([1, 2], (x, g) => double.NaN);
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X);
        Assert.That(() => optimizer.Step(), Throws.TypeOf<OptimizationException>().With.Message.Contains("NaN").And.Message.Contains("initial image"));
    }

    [Test]
    public void NoNumberAnywhereElse_Throws()
    {
        var f = new HostFunction([1, 2], (x, g) =>
        {
            g[0] = g[1] = 1;
            return x[0] == 1 && x[1] == 2 ? 5 : double.PositiveInfinity;
        });
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X);
        Assert.That(() => optimizer.Step(), Throws.TypeOf<OptimizationException>().With.Message.Contains("not finite"));
        Assert.That(f.Read(f.X), Is.EqualTo(new[] { 1.0, 2 }), "x stays where the loss was finite");
    }

    [Test]
    public void AtTheMinimum_ReportsConvergenceAndChangesNothing()
    {
        HostFunction f = TestFunctions.Quadratic([1, 2], [1, 2], 10);
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X);
        Assert.That(optimizer.Step(), Is.EqualTo(new IterationResult(1, 0, 0, 1, 0, Converged: true)));
        Assert.That(optimizer.Step().Evaluations, Is.EqualTo(1), "and evaluates nothing again");
    }

    [Test]
    public void Tolerances_EndTheRun()
    {
        HostFunction f = TestFunctions.Quadratic([1, 200], [100, 2], 10), h = TestFunctions.Quadratic([1, 200], [100, 2], 10);
        using var byGradient = new LbfgsOptimizer(f.Device, f, f.X, new() { GradientTolerance = 1 });
        using var byLoss = new LbfgsOptimizer(h.Device, h, h.X, new() { LossTolerance = 0.9999999 });
        IterationResult r = RunMonotonically(byGradient, f, 20);
        Assert.That((r.Converged, r.GradientNorm <= 1, r.Iteration < 20), Is.EqualTo((true, true, true)));
        Assert.That(byLoss.Step().Converged, Is.True);
    }

    [Test]
    public void Step_AllocatesNothing()
    {
        HostFunction f = TestFunctions.Rosenbrock(8);
        using var optimizer = new LbfgsOptimizer(f.Device, f, f.X, new() { Bounds = new Box(-5, 5), History = 4 });
        AllocationMeter.AssertNone(f, () => optimizer.Step());
        Assert.That(f.Device.AllocatedBytes - f.Length * 4, Is.EqualTo(LbfgsOptimizer.BytesFor(f.Length, new() { Bounds = new Box(-5, 5), History = 4 })));
    }

    [Test]
    public void WrongArguments_Throw()
    {
        HostFunction f = TestFunctions.Rosenbrock(1), other = TestFunctions.Rosenbrock(2);
        Assert.That(() => new LbfgsOptimizer(f.Device, f, other.X), Throws.ArgumentException.With.Message.Contains("2").And.Message.Contains("4"));
        foreach (LbfgsOptions options in new LbfgsOptions[] { new() { History = 0 }, new() { History = 32 }, new() { FirstStep = 0 },
            new() { MaxEvaluationsPerSearch = 0 }, new() { Bounds = new Box(1, 1) } })
            Assert.That(() => new LbfgsOptimizer(f.Device, f, f.X, options), Throws.InstanceOf<ArgumentException>(), options.ToString());
    }

    /// <summary>Iterates until convergence or the limit; the loss must fall, and the evaluations reported be those made.</summary>
    internal static IterationResult RunMonotonically(IOptimizer optimizer, HostFunction f, int iterations)
    {
        IterationResult last = optimizer.Step();
        for (int i = 1; i < iterations && !last.Converged; i++)
        {
            IterationResult next = optimizer.Step();
            Assert.That(next.Converged ? next.Loss <= last.Loss : next.Loss < last.Loss, $"iteration {next.Iteration}: {last.Loss} to {next.Loss}");
            Assert.That(next.Evaluations, Is.EqualTo(f.Evaluations));
            last = next;
        }
        return last;
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];
}
