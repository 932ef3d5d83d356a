using GatysGpu.Engine.Optimizers;

namespace GatysGpu.Tests.Engine.Optimizers;

/// <summary>Gradient descent, on functions with known minima.</summary>
public class GradientDescentOptimizerTests
{
    [TestCase(1e-6)]
    [TestCase(1.0)]
    [TestCase(1e6)]
    public void Quadratic_IsSolvedFromAnyFirstStep(double firstStep)
    {
        var random = new Random(1);
        double[] start = RandomValues.Uniform(random, 50, 0, 255), t = RandomValues.Uniform(random, 50, 0, 255);
        HostFunction f = TestFunctions.Quadratic(start, t, 100);
        using var optimizer = new GradientDescentOptimizer(f.Device, f, f.X, new() { FirstStep = firstStep });
        IterationResult last = LbfgsOptimizerTests.RunMonotonically(optimizer, f, 500);
        ArrayComparison.AssertClose("x", t, f.Read(optimizer.Result), new Tolerance(1e-2, "500 iterations at a condition of 100"));
        Assert.That(last.Evaluations, Is.AtMost(1.6 * last.Iteration + 60));
    }

    [Test]
    public void Momentum_IsWorthItsVector()
    {
        double Loss(double momentum)
        {
            HostFunction f = TestFunctions.Rosenbrock(2);
            using var optimizer = new GradientDescentOptimizer(f.Device, f, f.X, new() { Momentum = momentum, FirstStep = 0.01 });
            return LbfgsOptimizerTests.RunMonotonically(optimizer, f, 300).Loss;
        }

        Assert.That(Loss(0.9), Is.LessThan(0.1 * Loss(0)));
    }

    [Test]
    public void BoxQuadratic_FindsTheKnownMinimum()
    {
        var random = new Random(4);
        double[] minimum = Array.ConvertAll(RandomValues.Uniform(random, 120, -255, 510), v => Math.Clamp(v, 0, 255));
        HostFunction f = TestFunctions.BoxQuadratic(RandomValues.Uniform(random, 120, -30, 280), minimum, 5);
        using var optimizer = new GradientDescentOptimizer(f.Device, f, f.X, new() { Bounds = Box.Pixels });
        LbfgsOptimizerTests.RunMonotonically(optimizer, f, 600);
        ArrayComparison.AssertClose("x", minimum, f.Read(optimizer.Result), new Tolerance(5e-2, "linear convergence, 600 iterations"));
    }

    [Test]
    public void NoNumberBeyondAWall_StaysBeforeIt()
    {
        var f = new HostFunction([0.9], (x, g) =>
        {
            g[0] = 1 / (1 - x[0]) - 40 * (0.99 - x[0]);
            return -Math.Log(1 - x[0]) + 20 * (0.99 - x[0]) * (0.99 - x[0]);
        });
        using var optimizer = new GradientDescentOptimizer(f.Device, f, f.X, new() { FirstStep = 1e4 });
        Assert.That(LbfgsOptimizerTests.RunMonotonically(optimizer, f, 200).GradientNorm, Is.AtMost(1e-3));
    }

    [Test]
    public void NoNumberAtTheStartOrAnywhereElse_Throws()
    {
        var nowhere = new HostFunction([1, 2], (x, g) => double.NaN);
        var alone = new HostFunction([1, 2], (x, g) =>
        {
            g[0] = g[1] = 1;
            return x[0] == 1 && x[1] == 2 ? 5 : double.NaN;
        });
        using var first = new GradientDescentOptimizer(nowhere.Device, nowhere, nowhere.X);
        using var second = new GradientDescentOptimizer(alone.Device, alone, alone.X);
        Assert.That(() => first.Step(), Throws.TypeOf<OptimizationException>().With.Message.Contains("initial image"));
        Assert.That(() => second.Step(), Throws.TypeOf<OptimizationException>().With.Message.Contains("not finite"));
    }

    [Test]
    public void AtTheMinimum_ReportsConvergence()
    {
        HostFunction f = TestFunctions.Quadratic([1, 2], [1, 2], 10);
        using var optimizer = new GradientDescentOptimizer(f.Device, f, f.X);
        Assert.That(optimizer.Step(), Is.EqualTo(new IterationResult(1, 0, 0, 1, 0, Converged: true)));
    }

    [Test]
    public void Step_AllocatesNothing()
    {
        HostFunction f = TestFunctions.Rosenbrock(8);
        using var optimizer = new GradientDescentOptimizer(f.Device, f, f.X, new() { Bounds = new Box(-5, 5), FirstStep = 0.01 });
        AllocationMeter.AssertNone(f, () => optimizer.Step());
        Assert.That(f.Device.AllocatedBytes - f.Length * 4, Is.EqualTo(GradientDescentOptimizer.BytesFor(f.Length)));
    }

    [Test]
    public void WrongArguments_Throw()
    {
        HostFunction f = TestFunctions.Rosenbrock(1), other = TestFunctions.Rosenbrock(2);
        Assert.That(() => new GradientDescentOptimizer(f.Device, f, other.X), Throws.ArgumentException);
        foreach (GradientDescentOptions options in new GradientDescentOptions[] { new() { Momentum = 1 }, new() { FirstStep = 0 }, new() { Bounds = new Box(2, 1) } })
            Assert.That(() => new GradientDescentOptimizer(f.Device, f, f.X, options), Throws.InstanceOf<ArgumentException>(), options.ToString());
    }
}
