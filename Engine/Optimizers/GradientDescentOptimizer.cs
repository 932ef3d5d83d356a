using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Optimizers;

/// <summary>Settings of <see cref="GradientDescentOptimizer"/>.</summary>
public sealed record GradientDescentOptions
{
    /// <summary>Share of the last change that is repeated, 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Length of the first step tried: root mean square change of an unknown, in its units, above 0.</summary>
    public double FirstStep { get; init; } = 1;

    /// <summary>Bounds that every unknown stays within; null for none.</summary>
    public Box? Bounds { get; init; }

    /// <summary>Converged when ‖g‖₂ is not above this.</summary>
    public double GradientTolerance { get; init; }
}

// candidate   x′ = clamp(x + μ·(x − x₋) − η·g)                                   Polyak 1964, the heavy ball
// accepted    where f(x′) ≤ f(x) + c·g·(x′ − x) and g·(x′ − x) < 0               Armijo 1966, c = 10⁻⁴
// then        η grows by a tenth; the next step has momentum again
// otherwise   the momentum is dropped (x₋ = x) and, where there was none, η is halved: with a step short enough the condition
//             holds for the plain projected gradient, so the loss falls in every iteration or cannot fall at all

/// <summary>Gradient descent with momentum and a step size that adapts itself: the loss falls with every iteration.</summary>
/// <remarks>One evaluation an iteration, and one more for every step taken back. The reported loss and gradient are those of the
/// new iterate; the step length is η. Slower than <see cref="LbfgsOptimizer"/>; takes the least memory.</remarks>
public sealed class GradientDescentOptimizer : IOptimizer
{
    private const double SufficientDecrease = 1e-4, Growth = 1.1;

    // A promised decrease below this share of the value cannot be seen in a loss that was summed from float32 values.
    private const double Unmeasurable = 1e-10;
    private const int MaxTrials = 60;
    private readonly IDevice device;
    private readonly IDifferentiable problem;
    private readonly GradientDescentOptions options;
    private readonly DeviceVector x, previous, trial;
    private readonly VectorPool pool;
    private DeviceVector gradient, trialGradient;
    private int iteration, evaluations;
    private double loss, gradientNorm, rate;
    private bool moving;

    /// <summary>Takes the device memory; nothing is evaluated yet.</summary>
    /// <param name="device">Where x and the function's gradients lie.</param>
    /// <param name="problem">The function.</param>
    /// <param name="x">Where to start; becomes the current iterate. Clamped to the bounds by the first step.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">x has another length than the problem, or an option is out of range.</exception>
    /// <exception cref="DeviceMemoryException">The vectors do not fit.</exception>
    public GradientDescentOptimizer(IDevice device, IDifferentiable problem, DeviceVector x, GradientDescentOptions? options = null)
    {
        (this.device, this.problem, this.x, this.options) = (device, problem, x, options ?? new());
        Check(problem, x, this.options);
        pool = new VectorPool(device, x.Length, VectorCount);
        (previous, trial, gradient, trialGradient) = (pool.Take(), pool.Take(), pool.Take(), pool.Take());
    }

    /// <summary>x, the current iterate.</summary>
    public DeviceVector Result => x;

    private static int VectorCount => 4;

    /// <summary>Device memory that an optimiser takes, in bytes; x itself is not counted.</summary>
    /// <param name="length">Number of unknowns.</param>
    public static long BytesFor(long length) => VectorPool.BytesFor(length, VectorCount);

    /// <inheritdoc/>
    public IterationResult Step()
    {
        if (iteration++ == 0) Start();
        if (gradientNorm <= options.GradientTolerance) return Report(0, converged: true);
        bool lastWasFinite = true;
        for (int trials = 0; trials < MaxTrials; trials++)
        {
            double promised = Propose();
            if (!moving && -promised <= Unmeasurable * Math.Abs(loss)) break;
            double value = promised < 0 ? Evaluate() : double.PositiveInfinity;
            if (value < loss && value <= loss + SufficientDecrease * promised) return Accept(value);
            lastWasFinite = double.IsFinite(value);
            if (!moving) rate /= 2;
            moving = false;
        }
        if (!lastWasFinite)
            throw new OptimizationException($"iteration {iteration}: the loss is {loss:G6} here and not finite at the nearest point " +
                "towards lower values. Lower the weights of the objective.");
        return Report(0, converged: true);
    }

    /// <summary>Gives the device memory back; x stays.</summary>
    public void Dispose() => pool.Dispose();

    private void Start()
    {
        if (options.Bounds is { } box) device.Clamp(x, box.Low, box.High);
        loss = problem.Evaluate(x, gradient);
        evaluations++;
        gradientNorm = Norm();
        if (!double.IsFinite(loss) || !double.IsFinite(gradientNorm))
            throw new OptimizationException($"the loss is {loss} and its gradient's norm {gradientNorm} at the initial image. " +
                "Check the initial image for values that are no numbers, or lower the weights of the objective.");
        rate = options.FirstStep * Math.Sqrt(x.Length) / gradientNorm;
    }

    /// <summary>Makes the candidate x′.</summary>
    /// <returns>g·(x′ − x), the fall to first order. Not negative where momentum leads up.</returns>
    private double Propose()
    {
        double momentum = moving ? options.Momentum : 0;
        device.LinearCombination([1 + momentum, -momentum, -rate], [x, previous, gradient], trial);
        if (options.Bounds is { } box) device.Clamp(trial, box.Low, box.High);
        // The candidate's gradient is not there yet, so its vector holds the change for a moment.
        device.LinearCombination([1, -1], [trial, x], trialGradient);
        return Dot(trialGradient, gradient);
    }

    /// <summary>f(x′); infinite where it or its gradient is not finite.</summary>
    private double Evaluate()
    {
        evaluations++;
        double value = problem.Evaluate(trial, trialGradient);
        return double.IsFinite(value) && double.IsFinite(Dot(trialGradient, trialGradient)) ? value : double.PositiveInfinity;
    }

    private IterationResult Accept(double value)
    {
        device.LinearCombination([1], [x], previous);
        device.LinearCombination([1], [trial], x);
        (gradient, trialGradient) = (trialGradient, gradient);
        double taken = rate;
        (loss, moving, rate, gradientNorm) = (value, true, rate * Growth, Norm());
        return Report(taken, gradientNorm <= options.GradientTolerance);
    }

    private IterationResult Report(double stepLength, bool converged) => new(iteration, loss, gradientNorm, evaluations, stepLength, converged);

    /// <summary>‖g‖₂ at x without what pushes against a bound.</summary>
    private double Norm()
    {
        if (options.Bounds is not { } box) return Math.Sqrt(Dot(gradient, gradient));
        device.LinearCombination([1], [gradient], trialGradient);
        device.ProjectGradient(x, box.Low, box.High, trialGradient);
        return Math.Sqrt(Dot(trialGradient, trialGradient));
    }

    private double Dot(DeviceVector a, DeviceVector b)
    {
        double dot = 0;
        device.Dots([a], b, new Span<double>(ref dot));
        return dot;
    }

    private static void Check(IDifferentiable problem, DeviceVector x, GradientDescentOptions options)
    {
        if (x.Length != problem.Length) throw new ArgumentException($"the problem has {problem.Length} unknowns, x has {x.Length}", nameof(x));
        if (!(options.Momentum >= 0 && options.Momentum < 1))
            throw new ArgumentOutOfRangeException(nameof(options), $"Momentum is {options.Momentum}; it must be from 0 to below 1");
        if (!(options.FirstStep > 0)) throw new ArgumentOutOfRangeException(nameof(options), $"FirstStep is {options.FirstStep}; it must be above 0");
        if (options.Bounds is { } box && !(box.Low < box.High))
            throw new ArgumentOutOfRangeException(nameof(options), $"bounds {box.Low} to {box.High}; the lower must be below the upper");
    }
}
