using GatysGpu.Engine.Optimizers;

namespace GatysGpu.Tests.Engine.Optimizers;

/// <summary>The line search on functions of one variable: what it returns must satisfy both Wolfe conditions.</summary>
public class StrongWolfeSearchTests
{
    private static IEnumerable<TestCaseData> Functions()
    {
        // Moré, Thuente 1994, functions (5.1) and (5.2), a parabola, and a valley with walls; with first steps far too short and too long.
        var functions = new (string Name, Func<double, (double, double)> F)[]
        {
            ("parabola", t => ((t - 1) * (t - 1), 2 * (t - 1))),
            ("More-Thuente 1", t => (-t / (t * t + 2), (t * t - 2) / ((t * t + 2) * (t * t + 2)))),
            ("More-Thuente 2", t => (Math.Pow(t + 0.004, 5) - 2 * Math.Pow(t + 0.004, 4), 5 * Math.Pow(t + 0.004, 4) - 8 * Math.Pow(t + 0.004, 3))),
            ("steep wall", t => (Math.Exp(5 * t) - 20 * t, 5 * Math.Exp(5 * t) - 20)),
        };
        foreach ((string name, Func<double, (double, double)> f) in functions)
            foreach (double first in new[] { 1e-3, 0.1, 1, 10, 1000 })
                yield return new TestCaseData(f, first).SetArgDisplayNames(name, $"first {first}");
    }

    [TestCaseSource(nameof(Functions))]
    public void Search_FindsAStepThatSatisfiesBothConditions(Func<double, (double Value, double Slope)> f, double first)
    {
        var path = new Line(f);
        LinePoint start = path.At(0), found = new StrongWolfeSearch(25).Search(path, start, first);
        Assert.That(found.T, Is.Positive);
        Assert.That(found.Value, Is.AtMost(start.Value + 1e-4 * found.T * start.Slope));
        Assert.That(Math.Abs(found.Slope), Is.AtMost(0.9 * Math.Abs(start.Slope)));
        Assert.That(path.Evaluations, Is.AtMost(16));
    }

    [Test]
    public void Search_FirstStepIsGood_CostsOneEvaluation()
    {
        var path = new Line(t => ((t - 1) * (t - 1), 2 * (t - 1)));
        Assert.That(new StrongWolfeSearch(25).Search(path, path.At(0), 1.1).T, Is.EqualTo(1.1));
        Assert.That(path.Evaluations, Is.EqualTo(1));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Search_NotFiniteBeyondAWall_StaysBeforeIt(double beyond)
    {
        var path = new Line(t => t < 0.01 ? (-t, -1) : (beyond, beyond));
        StrongWolfeSearch search = new(25);
        LinePoint found = search.Search(path, path.At(0), 1);
        Assert.That(found.T, Is.InRange(0.004, 0.01), "the function falls up to the wall, so the search should come close to it");
        Assert.That(search.SawFiniteValue, Is.True);
    }

    [Test]
    public void Search_NeverFinite_ReturnsTheStart()
    {
        var path = new Line(t => t == 0 ? (1, -1) : (double.NaN, 0));
        StrongWolfeSearch search = new(25);
        Assert.That(search.Search(path, path.At(0), 1).T, Is.Zero);
        Assert.That(search.SawFiniteValue, Is.False);
        Assert.That(path.Evaluations, Is.AtMost(25));
    }

    [Test]
    public void Search_TheSlopeLied_ReturnsTheStartBeforeLong()
    {
        var path = new Line(t => (1 + t, -1));
        Assert.That(new StrongWolfeSearch(25).Search(path, path.At(0), 1).T, Is.Zero);
        Assert.That(path.Evaluations, Is.AtMost(25));
    }

    private sealed class Line(Func<double, (double Value, double Slope)> f) : ILinePath
    {
        public int Evaluations { get; private set; }

        public LinePoint At(double t) => new(t, f(t).Value, f(t).Slope);

        public LinePoint Evaluate(double t)
        {
            Evaluations++;
            return At(t);
        }
    }
}
