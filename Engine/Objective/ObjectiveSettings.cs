using System.Collections.Immutable;

namespace GatysGpu.Engine.Objective;

/// <summary>How the terms of the objective are normalised.</summary>
public enum ObjectiveKind
{
    /// <summary>Every term is measured against its own size, so that weights mean the same at any resolution and with any network.</summary>
    Relative,

    /// <summary>Gatys et al. 2016, Eqs. 1, 4, 5 and 7.</summary>
    Paper,
}

/// <summary>A layer and its share.</summary>
/// <param name="Layer">Such as <c>conv4_2</c>.</param>
/// <param name="Weight">At least 0.</param>
public readonly record struct LayerWeight(string Layer, double Weight);

/// <summary>What is minimised: total = content weight · Σ w·content + style weight · Σ w·style + TV weight · total variation.</summary>
/// <param name="Kind">How each term is normalised; <see cref="StyleTransferObjective"/> has the formulas.</param>
/// <param name="ContentLayers">Layers whose activations are kept, with shares.</param>
/// <param name="StyleLayers">Layers whose Gram matrices are matched, with shares.</param>
/// <param name="ContentWeight">α, at least 0.</param>
/// <param name="StyleWeight">β, at least 0.</param>
/// <param name="TotalVariationWeight">At least 0.</param>
public sealed record ObjectiveSettings(ObjectiveKind Kind, ImmutableArray<LayerWeight> ContentLayers, ImmutableArray<LayerWeight> StyleLayers,
    double ContentWeight, double StyleWeight, double TotalVariationWeight)
{
    private static readonly ImmutableArray<LayerWeight> DefaultContent = [new("conv4_2", 1)];
    private static readonly ImmutableArray<LayerWeight> DefaultStyle =
        [.. new[] { "conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1" }.Select(name => new LayerWeight(name, 0.2))];

    /// <summary>The default: relative terms, content 0.08 against style 1.</summary>
    public static ObjectiveSettings Relative { get; } = new(ObjectiveKind.Relative, DefaultContent, DefaultStyle, 0.08, 1, 0);

    /// <summary>Gatys et al. 2016: conv4_2, conv1_1 … conv5_1 with w = 1/5, α/β = 10⁻³ (Section 3).</summary>
    public static ObjectiveSettings Paper { get; } = new(ObjectiveKind.Paper, DefaultContent, DefaultStyle, 1, 1000, 0);

    /// <summary>Names of all layers that have a share in a term of non-zero weight.</summary>
    public IEnumerable<string> Layers => (ContentWeight > 0 ? ContentLayers : []).Concat(StyleWeight > 0 ? StyleLayers : [])
        .Where(l => l.Weight > 0).Select(l => l.Layer).Distinct();
}

/// <summary>One term of the objective at one picture.</summary>
/// <param name="Kind"><c>content</c>, <c>style</c> or <c>tv</c>.</param>
/// <param name="Layer">Its layer; empty for total variation.</param>
/// <param name="Weight">What the value is multiplied by in the total.</param>
/// <param name="Value">The normalised term itself.</param>
public readonly record struct ObjectiveTerm(string Kind, string Layer, double Weight, double Value);
