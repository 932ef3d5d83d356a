using GatysGpu.Engine.Optimizers;

namespace GatysGpu.Tests.Engine.Optimizers;

/// <summary>Adam, on functions with known minima.</summary>
public class AdamOptimizerTests
{
    [Test]
    public void Quadratic_ComesNearItsMinimumAndTheAverageNearer()
    {
        var random = new Random(1);
        double[] start = RandomValues.Uniform(random, 50, 0, 255), t = RandomValues.Uniform(random, 50, 0, 255);
        HostFunction f = TestFunctions.Quadratic(start, t, 1e4);
        // Gradients that jitter, as those of a network do: a sign that changes with every evaluation.
        var noisy = new HostFunction(start, (x, g) =>
        {
            double value = 0;
            for (int i = 0; i < x.Length; i++)
            {
                g[i] = x[i] - t[i] + 100 * random.NextDouble() - 50;
                value += 0.5 * (x[i] - t[i]) * (x[i] - t[i]);
            }
            return value;
        });
        using var smooth = new AdamOptimizer(f.Device, f, f.X, new() { Bounds = Box.Pixels });
        using var averaged = new AdamOptimizer(noisy.Device, noisy, noisy.X, new() { Bounds = Box.Pixels });
        for (int i = 0; i < 800; i++) smooth.Step();
        for (int i = 0; i < 800; i++) averaged.Step();
        ArrayComparison.AssertClose("smooth", t, f.Read(smooth.Result), new Tolerance(1, "steps of up to 5.1 averaged over a hundred"));
        double last = ArrayComparison.Compare(t, noisy.Read(noisy.X)).L2, mean = ArrayComparison.Compare(t, noisy.Read(averaged.Result)).L2;
        Assert.That(mean, Is.LessThan(0.5 * last), "the averaged iterate is nearer than the last one");
    }

    [Test]
    public void Result_IsTheBiasCorrectedAverageOfTheIterates()
    {
        HostFunction f = TestFunctions.Quadratic([0, 50, 255], [100, 100, 100], 4);
        using var optimizer = new AdamOptimizer(f.Device, f, f.X, new() { AverageDecay = 0.8 });
        Assert.That(f.Read(optimizer.Result), Is.EqualTo(new[] { 0.0, 50, 255 }), "x before the first step");
        double[] sum = new double[3];
        double weight = 0;
        for (int step = 0; step < 12; step++)
        {
            optimizer.Step();
            double[] x = f.Read(f.X);
            for (int i = 0; i < 3; i++) sum[i] = 0.8 * sum[i] + x[i];
            weight = 0.8 * weight + 1;
            ArrayComparison.AssertClose($"average {step}", [.. sum.Select(v => v / weight)], f.Read(optimizer.Result),
                new Tolerance(1e-3, "float32 averages of values up to 255, and 0.8 in float32"));
        }
    }

    [Test]
    public void Scale_OfTheLoss_DoesNotMatter()
    {
        double[] Run(double scale)
        {
            var f = new HostFunction([10, 200, 30], (x, g) =>
            {
                double value = 0;
                for (int i = 0; i < 3; i++)
                {
                    value += scale * Math.Pow(x[i] - 90, 2) * (i + 1);
                    g[i] = scale * 2 * (x[i] - 90) * (i + 1);
                }
                return value;
            });
            using var optimizer = new AdamOptimizer(f.Device, f, f.X);
            for (int i = 0; i < 40; i++) optimizer.Step();
            return f.Read(optimizer.Result);
        }

        double[] expected = Run(1);
        // 10⁻⁸ and 10⁸: the squares of the gradients still fit a float32.
        foreach (double scale in new[] { 1e-8, 1e8 })
            ArrayComparison.AssertClose($"scale {scale}", expected, Run(scale), new Tolerance(1e-2, "float32 rounding through 40 steps"));
    }

    [Test]
    public void EveryIterate_StaysInTheBox()
    {
        HostFunction f = TestFunctions.Quadratic([-20, 300, 100], [-50, 400, 100], 1);
        using var optimizer = new AdamOptimizer(f.Device, f, f.X, new() { Bounds = Box.Pixels });
        IterationResult last = default;
        for (int i = 0; i < 50; i++)
        {
            last = optimizer.Step();
            Assert.That(f.Read(f.X), Is.All.InRange(0, 255));
            Assert.That(f.Read(optimizer.Result), Is.All.InRange(0, 255));
        }
        Assert.That((last.Iteration, last.Evaluations, f.Evaluations, last.GradientNorm, last.Converged), Is.EqualTo((50, 50, 50, 0.0, true)));
    }

    [Test]
    public void NoNumber_ThrowsAndKeepsTheIterate()
    {
        int calls = 0;
        var f = new HostFunction([1, 2], (x, g) =>
        {
            g[0] = g[1] = 1;
            return ++calls < 3 ? 1 : double.NaN;
        });
        using var optimizer = new AdamOptimizer(f.Device, f, f.X);
        optimizer.Step();
        optimizer.Step();
        double[] before = f.Read(f.X);
        Assert.That(() => optimizer.Step(), Throws.TypeOf<OptimizationException>().With.Message.Contains("iteration 3"));
        Assert.That(f.Read(f.X), Is.EqualTo(before));
    }

    [Test]
    public void Step_AllocatesNothing()
    {
        HostFunction f = TestFunctions.Rosenbrock(8);
        using var optimizer = new AdamOptimizer(f.Device, f, f.X, new() { Bounds = new Box(-5, 5), StepSize = 0.01 });
        AllocationMeter.AssertNone(f, () =>
        {
            optimizer.Step();
            _ = optimizer.Result;
        });
        Assert.That(f.Device.AllocatedBytes - f.Length * 4, Is.EqualTo(AdamOptimizer.BytesFor(f.Length)));
    }

    [Test]
    public void WrongArguments_Throw()
    {
        HostFunction f = TestFunctions.Rosenbrock(1), other = TestFunctions.Rosenbrock(2);
        Assert.That(() => new AdamOptimizer(f.Device, f, other.X), Throws.ArgumentException);
        foreach (AdamOptions options in new AdamOptions[] { new() { Beta1 = 1 }, new() { Beta2 = -0.1 }, new() { AverageDecay = 1 },
            new() { StepSize = 0 }, new() { Epsilon = 0 }, new() { StepSize = double.NaN }, new() { Bounds = new Box(2, 1) } })
            Assert.That(() => new AdamOptimizer(f.Device, f, f.X, options), Throws.InstanceOf<ArgumentException>(), options.ToString());
    }
}
