using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using GatysGpu.Engine.Objective;

namespace GatysGpu.Cli.Options;

/// <summary>The options that decide what is minimised.</summary>
internal sealed class ObjectiveOptions
{
    private readonly Option<ObjectiveKind> kind = OptionOf.Value("--objective", "relative|paper",
        "relative: every term is measured against its own size, so that weights mean the same at any size and with any network; "
        + "paper: Gatys, Ecker, Bethge 2016 to the letter",
        "relative", ObjectiveKind.Relative, ValueReader.Choice(("relative", ObjectiveKind.Relative), ("paper", ObjectiveKind.Paper)));

    private readonly Option<double?> contentWeight = Weight("--content-weight", "Weight of the content terms: more keeps more of the photograph",
        s => s.ContentWeight);

    private readonly Option<double?> styleWeight = Weight("--style-weight", "Weight of the style terms: more paints more freely", s => s.StyleWeight);

    private readonly Option<double?> variationWeight = Weight("--tv-weight", "Weight of the total variation: more smooths more",
        s => s.TotalVariationWeight);

    private readonly Option<ImmutableArray<LayerWeight>?> contentLayers = Layers("--content-layers",
        "Layers whose activations are kept, each with an optional weight, as in conv3_2,conv4_2:0.5", s => s.ContentLayers, LayerList.Read);

    private readonly Option<ImmutableArray<LayerWeight>?> styleLayers = Layers("--style-layers",
        "Layers whose Gram matrices are matched, each with an optional weight, as in conv1_1,conv2_1:0.5", s => s.StyleLayers,
        LayerList.ReadSharing);

    private readonly Option<ImmutableArray<double>?> blend = OptionOf.Value<ImmutableArray<double>?>(StyleBlend.Name, "N,N,…",
        "Shares of the style pictures, one for each", "equal", null, text => StyleBlend.Read(text));

    private readonly Option<Colours> matchColors = OptionOf.Value("--match-colors", "on|off", "Map the content's colours to the style's first",
        "on; off with --objective paper", Colours.AsObjective, ValueReader.Choice(("on", Colours.On), ("off", Colours.Off)));

    // Not a bool: the parser takes only "true" and "false" for the value of one.
    private enum Colours { AsObjective, On, Off }

    /// <summary>All of them, as the help lists them.</summary>
    public IReadOnlyList<Option> All => [kind, contentWeight, styleWeight, variationWeight, contentLayers, styleLayers, blend, matchColors];

    /// <summary>The objective that was asked for.</summary>
    /// <exception cref="InputException">Nothing is left to minimise.</exception>
    public ObjectiveSettings Settings(ParseResult parsed)
    {
        ObjectiveSettings standard = parsed.GetValue(kind) == ObjectiveKind.Paper ? ObjectiveSettings.Paper : ObjectiveSettings.Relative;
        ObjectiveSettings settings = standard with
        {
            ContentWeight = parsed.GetValue(contentWeight) ?? standard.ContentWeight,
            StyleWeight = parsed.GetValue(styleWeight) ?? standard.StyleWeight,
            TotalVariationWeight = parsed.GetValue(variationWeight) ?? standard.TotalVariationWeight,
            ContentLayers = parsed.GetValue(contentLayers) ?? standard.ContentLayers,
            StyleLayers = parsed.GetValue(styleLayers) ?? standard.StyleLayers,
        };
        if (settings is { ContentWeight: 0, StyleWeight: 0 })
            throw new InputException("--content-weight 0 and --style-weight 0: nothing is left to paint after; expected one of them above 0");
        return settings;
    }

    /// <summary>Each style picture's share.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="styles">Number of style pictures.</param>
    /// <exception cref="InputException">There are more or fewer shares than pictures.</exception>
    public IReadOnlyList<double> Shares(ParseResult parsed, int styles) => StyleBlend.For(parsed.GetValue(blend), styles);

    /// <summary>Whether the content's colours are mapped to the style's first. The paper does not.</summary>
    public bool MatchColors(ParseResult parsed) => parsed.GetValue(matchColors) switch
    {
        Colours.On => true,
        Colours.Off => false,
        _ => parsed.GetValue(kind) == ObjectiveKind.Relative,
    };

    private static Option<double?> Weight(string name, string help, Func<ObjectiveSettings, double> of)
    {
        string relative = Text(of(ObjectiveSettings.Relative)), paper = Text(of(ObjectiveSettings.Paper));
        return OptionOf.Value<double?>(name, "N", help, Standard(relative, paper), null, text => ValueReader.Weight(text));
    }

    private static Option<ImmutableArray<LayerWeight>?> Layers(string name, string help,
        Func<ObjectiveSettings, ImmutableArray<LayerWeight>> of, Func<string, ImmutableArray<LayerWeight>> read)
    {
        string relative = Text(of(ObjectiveSettings.Relative)), paper = Text(of(ObjectiveSettings.Paper));
        return OptionOf.Value<ImmutableArray<LayerWeight>?>(name, "LAYER,…", help, Standard(relative, paper), null, text => read(text));
    }

    private static string Standard(string relative, string paper) => relative == paper ? relative : $"{relative}; {paper} with --objective paper";

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(ImmutableArray<LayerWeight> layers) => string.Join(',', layers.Select(l => l.Layer));
}
