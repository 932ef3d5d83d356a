using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Optimizers;

// Unbounded: d = −H·g, a strong Wolfe search along x + t·d that tries t = 1 first (Nocedal, Wright 2006, Algorithm 7.5).
//
// In a box: the two-metric projection of Bertsekas 1982 ("Projected Newton methods for optimization problems with simple
// constraints"). A is the set of unknowns at a bound, or within a small margin of it, whose −g points out; F are the others.
//
//   d_F = −(H·g_F)_F,   d_A = −γ·g_A,   x(t) = clamp(x + t·d)
//
// H restricted to F is positive definite, so that x(t) leads down at first, with any H; the masks are needed for that: a component
// of A pulled inwards by its coupling in H could make the step lead up. y is masked with F as well: a pair then says how the
// gradient changes among the unknowns that were free. The search runs along the bent path x(t), whose slope is that of the
// components not yet clamped (Ferry, Gill, Wong 2021, "Projected-search methods for bound-constrained optimization").
// The margin shrinks with the steps, so that at the solution only unknowns really at a bound are in A.

/// <summary>L-BFGS with a strong Wolfe line search, optionally within bounds: the loss falls with every iteration.</summary>
/// <remarks>Costs little more than one evaluation an iteration. The reported loss and gradient are those of the new iterate. A step
/// without a finite loss is made shorter. Where no lower loss is found along −H·g, the history is dropped and the steepest descent
/// is tried; where that does not help either, the iteration changes nothing and reports convergence.
/// Liu, Nocedal 1989, "On the limited memory BFGS method for large scale optimization".</remarks>
public sealed class LbfgsOptimizer : IOptimizer
{
    private readonly IDevice device;
    private readonly IDifferentiable problem;
    private readonly LbfgsOptions options;
    private readonly DeviceVector x;
    private readonly VectorPool pool;
    private readonly LbfgsHistory history;
    private readonly ProjectedPath path;
    private readonly StrongWolfeSearch search;
    private int iteration;
    private double loss, gradientNorm, margin;

    /// <summary>Takes the device memory; nothing is evaluated yet.</summary>
    /// <param name="device">Where x and the function's gradients lie.</param>
    /// <param name="problem">The function.</param>
    /// <param name="x">Where to start; becomes the current iterate. Clamped to the bounds by the first step.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">x has another length than the problem, or an option is out of range.</exception>
    /// <exception cref="DeviceMemoryException">The vectors do not fit.</exception>
    public LbfgsOptimizer(IDevice device, IDifferentiable problem, DeviceVector x, LbfgsOptions? options = null)
    {
        (this.device, this.problem, this.x, this.options) = (device, problem, x, options ?? new());
        Check(problem, x, this.options);
        pool = new VectorPool(device, x.Length, VectorCount(this.options));
        path = new ProjectedPath(device, problem, x, this.options.Bounds, pool);
        history = new LbfgsHistory(device, pool, this.options.History);
        search = new StrongWolfeSearch(this.options.MaxEvaluationsPerSearch);
        margin = path.WidestMargin;
    }

    /// <summary>x, the current iterate.</summary>
    public DeviceVector Result => x;

    /// <summary>Device memory that an optimiser takes, in bytes; x itself is not counted.</summary>
    /// <param name="length">Number of unknowns.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    public static long BytesFor(long length, LbfgsOptions? options = null) => VectorPool.BytesFor(length, VectorCount(options ?? new()));

    /// <inheritdoc/>
    public IterationResult Step()
    {
        if (iteration++ == 0) Start();
        if (gradientNorm <= options.GradientTolerance) return Report(0, converged: true);
        LinePoint start = Aim(), found = start.Slope < 0 ? search.Search(path, start, 1) : start;
        if (found.T == 0 && history.Count > 0)
        {
            history.Clear();
            start = Aim();
            found = start.Slope < 0 ? search.Search(path, start, 1) : start;
        }
        if (found.T == 0)
        {
            if (start.Slope < 0 && !search.SawFiniteValue)
                throw new OptimizationException($"iteration {iteration}: the loss is {loss:G6} here and not finite at any of " +
                    $"{options.MaxEvaluationsPerSearch} points towards lower values. Lower the weights of the objective.");
            return Report(0, converged: true);
        }
        double before = loss;
        Accept(start, found);
        return Report(found.T, gradientNorm <= options.GradientTolerance ||
            (options.LossTolerance > 0 && before - loss <= options.LossTolerance * Math.Abs(before)));
    }

    /// <summary>Gives the device memory back; x stays.</summary>
    public void Dispose() => pool.Dispose();

    private void Start()
    {
        loss = path.EvaluateStart();
        gradientNorm = path.GradientNorm();
        if (!double.IsFinite(loss) || !double.IsFinite(gradientNorm))
            throw new OptimizationException($"the loss is {loss} and its gradient's norm {gradientNorm} at the initial image. " +
                "Check the initial image for values that are no numbers, or lower the weights of the objective.");
    }

    /// <summary>Points the path along −H·g.</summary>
    private LinePoint Aim()
    {
        double steepest = options.FirstStep * Math.Sqrt(x.Length) / gradientNorm, scale = history.Count > 0 ? history.Scale : steepest;
        path.FindFree(margin);
        history.Direction(path.FreeGradient, path.Direction, steepest);
        path.CompleteDirection(scale);
        return new(0, loss, path.SlopeAtStart());
    }

    private void Accept(LinePoint start, LinePoint found)
    {
        loss = path.MoveTo(found.T, history.Next.S, history.Next.Y);
        if (options.Bounds is not null) margin = Math.Min(path.WidestMargin, path.Norm(history.Next.S) / Math.Sqrt(x.Length));
        history.Commit(-found.T * start.Slope);
        gradientNorm = path.GradientNorm();
    }

    private IterationResult Report(double stepLength, bool converged) =>
        new(iteration, loss, gradientNorm, path.Evaluations, stepLength, converged);

    private static int VectorCount(LbfgsOptions options) => 2 * options.History + ProjectedPath.VectorCount(options.Bounds);

    private static void Check(IDifferentiable problem, DeviceVector x, LbfgsOptions options)
    {
        if (x.Length != problem.Length) throw new ArgumentException($"the problem has {problem.Length} unknowns, x has {x.Length}", nameof(x));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.History, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.History, 31);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxEvaluationsPerSearch, 1);
        if (!(options.FirstStep > 0)) throw new ArgumentOutOfRangeException(nameof(options), $"FirstStep is {options.FirstStep}; it must be above 0");
        if (options.Bounds is { } box && !(box.Low < box.High))
            throw new ArgumentOutOfRangeException(nameof(options), $"bounds {box.Low} to {box.High}; the lower must be below the upper");
    }
}
