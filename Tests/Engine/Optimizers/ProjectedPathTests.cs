using GatysGpu.Engine.Optimizers;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Engine.Optimizers;

/// <summary>The parts of a projected line search on four unknowns in a box from 0 to 256: one at each bound, one near the lower
/// bound, one inside. The margin of 1/512 of the width is 0.5.</summary>
public class ProjectedPathTests
{
    // f = g·x with g fixed: at 0 pushed out, at 256 pushed out, at 0.25 pushed down, at 100 free.
    private static readonly double[] Start = [0, 256, 0.25, 100], Gradient = [3, -2, 8, 5];

    [Test]
    public void FindFree_AtABoundOrWithinTheMarginAndPushedOut_IsNotFree()
    {
        var (f, path) = Make(Start, Gradient);
        path.FindFree(path.WidestMargin);
        Assert.That(f.Read(path.FreeGradient), Is.EqualTo(new double[] { 0, 0, 0, 5 }));
        path.FindFree(0.1);
        Assert.That(f.Read(path.FreeGradient), Is.EqualTo(new double[] { 0, 0, 8, 5 }));
    }

    [Test]
    public void FindFree_PushedInwards_IsFree()
    {
        var (f, path) = Make(Start, [-3, 2, -8, 5]);
        path.FindFree(path.WidestMargin);
        Assert.That(f.Read(path.FreeGradient), Is.EqualTo(new double[] { -3, 2, -8, 5 }));
    }

    [TestCase(7)]
    [TestCase(-7)]
    public void CompleteDirection_TakesBothSignsOutOfTheActiveAndPutsTheScaledGradientThere(double d)
    {
        var (f, path) = Make(Start, Gradient);
        path.FindFree(path.WidestMargin);
        f.Device.Upload([(float)d, (float)d, (float)d, (float)d], path.Direction);
        path.CompleteDirection(0.5);
        Assert.That(f.Read(path.Direction), Is.EqualTo(new double[] { -1.5, 1, -4, d }));
    }

    [Test]
    public void SlopeAndPath_StopAtTheBounds()
    {
        var (f, path) = Make(Start, Gradient);
        f.Device.Upload([-1.5f, 1, -4, -10], path.Direction);
        Assert.That(path.SlopeAtStart(), Is.EqualTo(8 * -4 + 5 * -10), "the two at a bound stand still");
        LinePoint point = path.Evaluate(1);
        Assert.That((point.T, point.Slope), Is.EqualTo((1.0, -50.0)), "the third has arrived at its bound");
        Assert.That(point.Value, Is.EqualTo(-2 * 256 + 5 * 90));
    }

    [Test]
    public void MoveTo_AnEarlierStep_EvaluatesItAgainAndGivesThePair()
    {
        var (f, path) = Make(Start, Gradient);
        path.FindFree(path.WidestMargin);
        f.Device.Upload([0, 0, -4, -10], path.Direction);
        double half = path.Evaluate(0.5).Value;
        path.Evaluate(1);
        DeviceVector s = Extra(f), y = Extra(f);
        Assert.That(path.MoveTo(0.5, s, y), Is.EqualTo(half));
        Assert.That((path.Evaluations, f.Evaluations), Is.EqualTo((4, 4)));
        Assert.That(f.Read(s), Is.EqualTo(new double[] { 0, 0, -0.25, -5 }));
        Assert.That(f.Read(f.X), Is.EqualTo(new double[] { 0, 256, 0, 95 }));
    }

    [Test]
    public void MoveTo_ChangeOfTheGradientInTheActive_IsLeftOut()
    {
        // The gradient is x + g: at the start (3, 254, 8.25, 105), so that only the first and the third are pushed out.
        var f = new HostFunction(Start, (x, g) =>
        {
            for (int i = 0; i < 4; i++) g[i] = x[i] + Gradient[i] + (i == 0 ? x[3] - 100 : 0);
            return 0;
        });
        var path = new ProjectedPath(f.Device, f, f.X, new Box(0, 256), new VectorPool(f.Device, 4, 6));
        path.EvaluateStart();
        path.FindFree(path.WidestMargin);
        f.Device.Upload([0, -1, 0, -10], path.Direction);
        path.Evaluate(1);
        DeviceVector s = Extra(f), y = Extra(f);
        path.MoveTo(1, s, y);
        Assert.That(f.Read(s), Is.EqualTo(new double[] { 0, -1, 0, -10 }));
        Assert.That(f.Read(y), Is.EqualTo(new double[] { 0, -1, 0, -10 }), "the first changed by −10 as well, but was not free");
    }

    private static DeviceVector Extra(HostFunction f) => new(f.Device.Allocate(64), 0, 4);

    private static (HostFunction, ProjectedPath) Make(double[] start, double[] gradient)
    {
        var f = new HostFunction(start, (x, g) =>
        {
            gradient.CopyTo(g, 0);
            return x.Zip(gradient, (a, b) => a * b).Sum();
        });
        var path = new ProjectedPath(f.Device, f, f.X, new Box(0, 256), new VectorPool(f.Device, 4, 6));
        path.EvaluateStart();
        return (f, path);
    }
}
