namespace GatysGpu.Engine.Optimizers;

/// <summary>Settings of <see cref="LbfgsOptimizer"/>.</summary>
public sealed record LbfgsOptions
{
    /// <summary>Pairs of the history, 1 to 31. Each takes two vectors of device memory.</summary>
    public int History { get; init; } = 10;

    /// <summary>Bounds that every unknown stays within; null for none.</summary>
    public Box? Bounds { get; init; }

    /// <summary>Length of the first step tried, and of a restart: root mean square change of an unknown, in its units, above 0.</summary>
    /// <remarks>One grey level by default. The line search corrects a wrong guess at the price of a few evaluations.</remarks>
    public double FirstStep { get; init; } = 1;

    /// <summary>Evaluations that one line search may take, at least 1.</summary>
    public int MaxEvaluationsPerSearch { get; init; } = 25;

    /// <summary>Converged when ‖g‖₂ is not above this.</summary>
    public double GradientTolerance { get; init; }

    /// <summary>Converged when an iteration lowers the loss by no more than this share of it; 0 for never.</summary>
    public double LossTolerance { get; init; }
}
