using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Optimizers;

/// <summary>Settings of <see cref="AdamOptimizer"/>.</summary>
public sealed record AdamOptions
{
    /// <summary>α, in the units of an unknown. 0.02 of a range from 0 to 1 is 5.1 on the scale of pixels.</summary>
    public double StepSize { get; init; } = 5.1;

    /// <summary>β₁, decay of the mean gradient, 0 to below 1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂, decay of the mean squared gradient, 0 to below 1.</summary>
    /// <remarks>Differs from the 0.999 of Kingma, Ba 2015: a picture is done after a few hundred steps, and gradients of the first
    /// ones, often a hundred times larger, must be forgotten by then.</remarks>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>ε, as a share of the root mean square of the first gradient, above 0.</summary>
    /// <remarks>Differs from Kingma, Ba 2015, where it is absolute: a loss here may be 10⁻³ or 10⁹, by the weights that a user
    /// chose, and the picture should not depend on that.</remarks>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decay of the averaged iterate, 0 (no averaging) to below 1.</summary>
    public double AverageDecay { get; init; } = 0.99;

    /// <summary>Bounds that every unknown stays within; null for none.</summary>
    public Box? Bounds { get; init; }
}

/// <summary>Adam (Kingma, Ba 2015, Algorithm 1) with clamping; the result is the average of the iterates, decaying into the past.</summary>
/// <remarks>One evaluation an iteration. The loss may rise between iterations: steps keep their length where the gradient's sign
/// keeps changing, and the average takes that jitter out (Polyak, Juditsky 1992). The reported loss and gradient are those of the
/// iterate before the step.</remarks>
public sealed class AdamOptimizer : IOptimizer
{
    private readonly IDevice device;
    private readonly IDifferentiable problem;
    private readonly AdamOptions options;
    private readonly DeviceVector x, gradient, mean, square, average, result;
    private readonly VectorPool pool;
    private int iteration, resultOf = -1;
    private double epsilon;

    /// <summary>Takes the device memory; nothing is evaluated yet.</summary>
    /// <param name="device">Where x and the function's gradients lie.</param>
    /// <param name="problem">The function.</param>
    /// <param name="x">Where to start; becomes the current iterate. Clamped to the bounds by the first step.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">x has another length than the problem, or an option is out of range.</exception>
    /// <exception cref="DeviceMemoryException">The vectors do not fit.</exception>
    public AdamOptimizer(IDevice device, IDifferentiable problem, DeviceVector x, AdamOptions? options = null)
    {
        (this.device, this.problem, this.x, this.options) = (device, problem, x, options ?? new());
        Check(problem, x, this.options);
        pool = new VectorPool(device, x.Length, VectorCount);
        (gradient, mean, square, average, result) = (pool.Take(), pool.Take(), pool.Take(), pool.Take(), pool.Take());
    }

    /// <summary>The averaged iterate, corrected for its start from zero; before the first step x itself.</summary>
    public DeviceVector Result
    {
        get
        {
            if (iteration == 0) return x;
            double weight = 1 - Math.Pow((float)options.AverageDecay, iteration);
            if (resultOf != iteration) device.LinearCombination([1 / weight], [average], result);
            if (resultOf != iteration && options.Bounds is { } box) device.Clamp(result, box.Low, box.High);
            resultOf = iteration;
            return result;
        }
    }

    private static int VectorCount => 5;

    /// <summary>Device memory that an optimiser takes, in bytes; x itself is not counted.</summary>
    /// <param name="length">Number of unknowns.</param>
    public static long BytesFor(long length) => VectorPool.BytesFor(length, VectorCount);

    /// <inheritdoc/>
    public IterationResult Step()
    {
        Box box = options.Bounds ?? new(float.NegativeInfinity, float.PositiveInfinity);
        if (iteration == 0 && options.Bounds is not null) device.Clamp(x, box.Low, box.High);
        double loss = problem.Evaluate(x, gradient), norm = Norm();
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw new OptimizationException($"iteration {iteration + 1}: the loss is {loss} and its gradient's norm {norm}. " +
                "Check the initial image for values that are no numbers, or lower the weights of the objective.");
        // At least the smallest normal float32, so that 0/ε stays 0.
        if (iteration == 0) epsilon = Math.Max(options.Epsilon * norm / Math.Sqrt(x.Length), 1.2e-38);
        iteration++;
        device.AdamStep(x, gradient, mean, square, average, new AdamSettings(iteration, (float)options.StepSize, (float)options.Beta1,
            (float)options.Beta2, (float)epsilon, (float)options.AverageDecay, box.Low, box.High));
        return new(iteration, loss, norm, iteration, options.StepSize, Converged: norm == 0);
    }

    /// <summary>Gives the device memory back; x stays.</summary>
    public void Dispose() => pool.Dispose();

    /// <summary>‖g‖₂ without what pushes against a bound. The gradient itself stays whole: Adam's moments see all of it.</summary>
    private double Norm()
    {
        DeviceVector measured = gradient;
        if (options.Bounds is { } box)
        {
            device.LinearCombination([1], [gradient], result);
            device.ProjectGradient(x, box.Low, box.High, result);
            (measured, resultOf) = (result, -1);
        }
        double square = 0;
        device.Dots([measured], measured, new Span<double>(ref square));
        return Math.Sqrt(square);
    }

    private static void Check(IDifferentiable problem, DeviceVector x, AdamOptions options)
    {
        if (x.Length != problem.Length) throw new ArgumentException($"the problem has {problem.Length} unknowns, x has {x.Length}", nameof(x));
        CheckShare(options.Beta1, nameof(options.Beta1));
        CheckShare(options.Beta2, nameof(options.Beta2));
        CheckShare(options.AverageDecay, nameof(options.AverageDecay));
        CheckPositive(options.StepSize, nameof(options.StepSize));
        CheckPositive(options.Epsilon, nameof(options.Epsilon));
        if (options.Bounds is { } box && !(box.Low < box.High))
            throw new ArgumentOutOfRangeException(nameof(options), $"bounds {box.Low} to {box.High}; the lower must be below the upper");
    }

    private static void CheckShare(double value, string name)
    {
        if (!(value >= 0 && value < 1)) throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must be from 0 to below 1");
    }

    private static void CheckPositive(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value))) throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must be above 0");
    }
}
