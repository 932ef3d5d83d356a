using System.CommandLine;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Cli.Options;

/// <summary>The options that decide which network looks at the pictures.</summary>
internal sealed class NetworkOptions
{
    private readonly Option<string> weights = OptionOf.Value("--weights", "auto|self|random|FILE",
        "Where the filters come from. auto: published VGG-19 weights where they are installed (GATYS_WEIGHTS, or 'gatys weights fetch'), else "
        + "self; self: learned from these pictures in seconds; random: smoothed random filters, heavy strokes; FILE: published weights of any "
        + "format",
        NetworkSource.Auto, NetworkSource.Auto, ValueReader.Path);

    private readonly Option<Completion> complete = OptionOf.Value("--complete", "self|none",
        "What to do where a file of weights ends before a layer that is asked for. self: learn the rest from these pictures; none: refuse",
        "self", Completion.Self, ValueReader.Choice(("self", Completion.Self), ("none", Completion.None)));

    private readonly Option<PoolingChoice> pooling = OptionOf.Value("--pooling", "max|average|auto",
        "Pooling between the blocks. auto: max for published weights, average for learned ones", "auto", PoolingChoice.Auto,
        ValueReader.Choice(("max", PoolingChoice.Max), ("average", PoolingChoice.Average), ("auto", PoolingChoice.Auto)));

    private readonly Option<int> seed = OptionOf.Value("--seed", "N", "Of learned filters and of noise. The same seed gives the same picture", "0", 0,
        ValueReader.Whole(0, int.MaxValue));

    /// <summary>All of them, as the help lists them.</summary>
    public IReadOnlyList<Option> All => [weights, complete, pooling, seed];

    /// <summary>What was said of the weights: <c>auto</c>, <c>self</c>, <c>random</c> or a file.</summary>
    public string Weights(ParseResult parsed) => parsed.GetValue(weights)!;

    /// <summary>Whether layers that a file lacks may be learned.</summary>
    public bool Complete(ParseResult parsed) => parsed.GetValue(complete) == Completion.Self;

    // Not a bool: the parser takes only "true" and "false" for the value of one.
    private enum Completion { Self, None }

    // Not a Pooling?: the parser cannot hold a null that was given.
    private enum PoolingChoice { Auto, Max, Average }

    /// <summary>Pooling instead of the network's own, or null.</summary>
    public Pooling? PoolingOf(ParseResult parsed) => parsed.GetValue(pooling) switch
    {
        PoolingChoice.Max => Pooling.Max,
        PoolingChoice.Average => Pooling.Average,
        _ => null,
    };

    /// <summary>Of learned filters and noise.</summary>
    public int Seed(ParseResult parsed) => parsed.GetValue(seed);
}
