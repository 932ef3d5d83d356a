using System.Collections.Immutable;
using GatysGpu.Engine.Objective;
using GatysGpu.Weights;

namespace GatysGpu.Cli.Options;

/// <summary>Layers with weights as a user writes them: <c>conv1_1,conv2_1:0.5</c>.</summary>
internal static class LayerList
{
    /// <summary>Reads a list. A layer without a weight counts 1.</summary>
    /// <param name="text">Names with optional weights after a colon, separated by commas.</param>
    /// <exception cref="FormatException">It is empty; a name is unknown or occurs twice; a weight is no number of at least 0; all are 0.</exception>
    public static ImmutableArray<LayerWeight> Read(string text) => Read(text, unweighted: _ => 1);

    /// <summary>As <see cref="Read(string)"/>, but where no layer at all has a weight they share 1.</summary>
    /// <remarks>Gatys et al. 2016, Section 3: w_l is one divided by the number of layers.</remarks>
    public static ImmutableArray<LayerWeight> ReadSharing(string text) => Read(text, count => 1.0 / count);

    private static ImmutableArray<LayerWeight> Read(string text, Func<int, double> unweighted)
    {
        string[] items = text.Split(',', StringSplitOptions.TrimEntries);
        double standard = text.Contains(':') ? 1 : unweighted(items.Length);
        List<LayerWeight> layers = [];
        foreach (string item in items)
        {
            LayerWeight layer = ReadOne(item, standard);
            if (layers.Any(l => l.Layer == layer.Layer)) throw new FormatException($"{layer.Layer} is named twice; expected each layer once");
            layers.Add(layer);
        }
        return layers.Any(l => l.Weight > 0) ? [.. layers] : throw new FormatException("all weights are 0; expected at least one above 0");
    }

    private static LayerWeight ReadOne(string item, double standard)
    {
        string[] parts = item.Split(':', 2, StringSplitOptions.TrimEntries);
        string name = parts[0];
        if (!Vgg19.LayerNames.Contains(name))
            throw new FormatException($"'{name}' is not a layer; expected names among {string.Join(' ', Vgg19.LayerNames)}, "
                + "each with an optional weight, as in conv1_1,conv2_1:0.5");
        if (parts.Length == 1) return new LayerWeight(name, standard);
        try
        {
            return new LayerWeight(name, ValueReader.Weight(parts[1]));
        }
        catch (FormatException e)
        {
            throw new FormatException($"the weight '{parts[1]}' of {name}: {e.Message}");
        }
    }
}
