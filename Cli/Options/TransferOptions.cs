using System.CommandLine;
using GatysGpu.Engine.Transfer;

namespace GatysGpu.Cli.Options;

/// <summary>The options that decide how the picture is found: sizes, iterations, start.</summary>
internal sealed class TransferOptions
{
    private const int LargestSide = 65_535;
    private const int MostIterations = 1_000_000;

    private static readonly TransferSettings Standard = new() { Weights = new WeightChoice(null, null) };

    private readonly Option<int> size = OptionOf.Value("--size", "PIXELS",
        "Longer side of the painting. It is painted small first, then at twice the size, and so on up to this one", $"{Standard.Size}",
        Standard.Size, ValueReader.Whole(1, LargestSide));

    private readonly Option<int> iterations = OptionOf.Value("--iterations", "N",
        "Iterations at the full size; each smaller size before it does half as many again", $"{Standard.Iterations}", Standard.Iterations,
        ValueReader.Whole(1, MostIterations));

    private readonly Option<OptimizerKind> optimizer = OptionOf.Value("--optimizer", "lbfgs|adam|gd",
        "L-BFGS with bounds, Adam with an averaged result, or gradient descent with momentum", "lbfgs", OptimizerKind.Lbfgs,
        ValueReader.Choice(("lbfgs", OptimizerKind.Lbfgs), ("adam", OptimizerKind.Adam), ("gd", OptimizerKind.GradientDescent)));

    private readonly Option<string> init = OptionOf.Value("--init", "content|style|noise|FILE",
        "What to start from; a picture file is stretched to the content's shape", "content", "content", ValueReader.Path);

    /// <summary>All of them, as the help lists them.</summary>
    public IReadOnlyList<Option> All => [size, iterations, optimizer, init];

    /// <summary>Longer side of the painting.</summary>
    public int Size(ParseResult parsed) => parsed.GetValue(size);

    /// <summary>Iterations at the full size.</summary>
    public int Iterations(ParseResult parsed) => parsed.GetValue(iterations);

    /// <summary>Which method minimises.</summary>
    public OptimizerKind Optimizer(ParseResult parsed) => parsed.GetValue(optimizer);

    /// <summary>What to start from, and the file where that is one.</summary>
    public (InitialImage Kind, string? File) Initial(ParseResult parsed)
    {
        string text = parsed.GetValue(init)!;
        return text.ToLowerInvariant() switch
        {
            "content" => (InitialImage.Content, null),
            "style" => (InitialImage.Style, null),
            "noise" => (InitialImage.Noise, null),
            _ => (InitialImage.Picture, text),
        };
    }
}
