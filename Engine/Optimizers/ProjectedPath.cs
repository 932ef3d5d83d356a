using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Optimizers;

// x(t) = clamp(x + t·d), φ(t) = f(x(t)), φ′(t) = Σ over the components that are not being held at a bound of g(x(t))·d.
// Without bounds nothing is clamped or held, every unknown is free, and the vectors for them are not taken.

/// <summary>The path of a line search from the iterate x along d, bent at the bounds of a box.</summary>
internal sealed class ProjectedPath : ILinePath
{
    // Of the box's width: half a grey level of a pixel. Bertsekas 1982 asks for some small positive number.
    private const double MarginShare = 1.0 / 512;

    // Separates zero from not zero for ProjectGradient used as a mask; far below any gradient that matters.
    private const float Tiny = 1e-30f;

    private readonly IDevice device;
    private readonly IDifferentiable problem;
    private readonly Box? bounds;
    private readonly DeviceVector x, trial, free, scratch;
    private DeviceVector gradient, trialGradient;
    private double lastT, lastValue;

    public ProjectedPath(IDevice device, IDifferentiable problem, DeviceVector x, Box? bounds, VectorPool pool)
    {
        (this.device, this.problem, this.x, this.bounds) = (device, problem, x, bounds);
        (trial, gradient, trialGradient, Direction) = (pool.Take(), pool.Take(), pool.Take(), pool.Take());
        if (bounds is not null) (free, scratch) = (pool.Take(), pool.Take());
    }

    /// <summary>d. Written by the optimiser.</summary>
    public DeviceVector Direction { get; }

    /// <summary>The gradient at x with zeros in A.</summary>
    public DeviceVector FreeGradient => bounds is null ? gradient : free;

    /// <summary>Evaluations of the function so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Nearness to a bound that counts as standing at it, at most; 0 without bounds.</summary>
    public double WidestMargin => bounds is { } box ? MarginShare * (box.High - box.Low) : 0;

    public static int VectorCount(Box? bounds) => bounds is null ? 4 : 6;

    /// <summary>Brings x into the box and evaluates there.</summary>
    public double EvaluateStart()
    {
        if (bounds is { } box) device.Clamp(x, box.Low, box.High);
        Evaluations++;
        return problem.Evaluate(x, gradient);
    }

    /// <summary>‖g‖₂ at x without the components that push against a bound.</summary>
    public double GradientNorm()
    {
        if (bounds is not { } box) return Norm(gradient);
        device.LinearCombination([1], [gradient], scratch);
        device.ProjectGradient(x, box.Low, box.High, scratch);
        return Norm(scratch);
    }

    /// <summary>Separates F from A.</summary>
    /// <param name="margin">Nearness to a bound that counts as standing at it.</param>
    public void FindFree(double margin)
    {
        if (bounds is not { } box) return;
        device.LinearCombination([1], [gradient], free);
        device.ProjectGradient(x, (float)(box.Low + margin), (float)(box.High - margin), free);
    }

    /// <summary>Makes d, which holds −H·g_F, zero in A and adds −γ·g_A.</summary>
    public void CompleteDirection(double gamma)
    {
        if (bounds is null) return;
        MaskWithFree(Direction);
        device.LinearCombination([1, -gamma, gamma], [Direction, gradient, free], Direction);
    }

    /// <summary>φ′(0).</summary>
    public double SlopeAtStart() => Slope(x, gradient);

    /// <inheritdoc/>
    public LinePoint Evaluate(double t)
    {
        device.LinearCombination([1, t], [x, Direction], trial);
        if (bounds is { } box) device.Clamp(trial, box.Low, box.High);
        Evaluations++;
        (lastT, lastValue) = (t, problem.Evaluate(trial, trialGradient));
        return new(t, lastValue, double.IsFinite(lastValue) ? Slope(trial, trialGradient) : double.NaN);
    }

    /// <summary>Makes x(t) the iterate.</summary>
    /// <param name="t">A step that was evaluated; evaluated once more when it was not the last one.</param>
    /// <param name="s">Change of x. Overwritten.</param>
    /// <param name="y">Change of the gradient, zero in A. Overwritten.</param>
    /// <returns>φ(t).</returns>
    public double MoveTo(double t, DeviceVector s, DeviceVector y)
    {
        if (t != lastT) Evaluate(t);
        device.LinearCombination([1, -1], [trial, x], s);
        device.LinearCombination([1, -1], [trialGradient, gradient], y);
        if (bounds is not null) MaskWithFree(y);
        device.LinearCombination([1], [trial], x);
        (gradient, trialGradient) = (trialGradient, gradient);
        return lastValue;
    }

    /// <summary>‖v‖₂.</summary>
    public double Norm(DeviceVector v)
    {
        double square = 0;
        device.Dots([v], v, new Span<double>(ref square));
        return Math.Sqrt(square);
    }

    private double Slope(DeviceVector at, DeviceVector gradientThere)
    {
        double slope = 0;
        if (bounds is not { } box)
        {
            device.Dots([gradientThere], Direction, new Span<double>(ref slope));
            return slope;
        }
        // Of −d, as if it were a gradient, what pushes out of the box at this point: those components stand still.
        device.LinearCombination([-1], [Direction], scratch);
        device.ProjectGradient(at, box.Low, box.High, scratch);
        device.Dots([gradientThere], scratch, new Span<double>(ref slope));
        return -slope;
    }

    /// <summary>v = 0 in A: where g − g_F is not zero.</summary>
    /// <remarks>ProjectGradient makes v zero where its first argument is at or beyond a bound and v has one sign; called with
    /// ±(g − g_F) and bounds that only zero lies within, it does so for both signs, and nowhere in F.</remarks>
    private void MaskWithFree(DeviceVector v)
    {
        device.LinearCombination([1, -1], [gradient, free], scratch);
        device.ProjectGradient(scratch, -Tiny, Tiny, v);
        device.LinearCombination([-1], [scratch], scratch);
        device.ProjectGradient(scratch, -Tiny, Tiny, v);
    }
}
