using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Objective;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Transfer;

/// <summary>Which method minimises.</summary>
public enum OptimizerKind
{
    /// <summary>Limited-memory BFGS with bounds: the fewest iterations.</summary>
    Lbfgs,

    /// <summary>Adam with an averaged iterate.</summary>
    Adam,

    /// <summary>Gradient descent with momentum.</summary>
    GradientDescent,
}

/// <summary>What the first scale starts from.</summary>
public enum InitialImage
{
    /// <summary>The content picture (in the style's colours where those are matched).</summary>
    Content,

    /// <summary>The first style picture, stretched to the content's shape.</summary>
    Style,

    /// <summary>Seeded noise.</summary>
    Noise,

    /// <summary>A given picture.</summary>
    Picture,
}

/// <summary>Everything that decides a style transfer but the pictures themselves.</summary>
public sealed record TransferSettings
{
    /// <summary>The longer side of the result, in pixels, at least 1.</summary>
    public int Size { get; init; } = 512;

    /// <summary>The longer side of the first scale of the pyramid, about; a <see cref="Size"/> below 1.5 times this has one scale.</summary>
    public int FirstSize { get; init; } = 128;

    /// <summary>Iterations at the last scale, at least 1. Each scale before it does half as many again as the one after it: they are
    /// cheap, and decide the large forms.</summary>
    public int Iterations { get; init; } = 60;

    /// <summary>Which method minimises.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Lbfgs;

    /// <summary>Pairs that L-BFGS remembers, 1 to 30.</summary>
    public int History { get; init; } = 10;

    /// <summary>What is minimised.</summary>
    public ObjectiveSettings Objective { get; init; } = ObjectiveSettings.Relative;

    /// <summary>Where filters come from.</summary>
    public required WeightChoice Weights { get; init; }

    /// <summary>Pooling instead of the network's own; null keeps it.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>What the first scale starts from.</summary>
    public InitialImage Initial { get; init; } = InitialImage.Content;

    /// <summary>The picture of <see cref="InitialImage.Picture"/>, of any size.</summary>
    public Picture? InitialPicture { get; init; }

    /// <summary>Whether the content picture's colours are mapped to the style's first.</summary>
    public bool MatchColors { get; init; } = true;

    /// <summary>Stops a scale early when ten iterations lower the loss by less than this share of it; 0 never does.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Of noise and of learned filters.</summary>
    public int Seed { get; init; }
}
