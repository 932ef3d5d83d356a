using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Pool2x2;

namespace GatysGpu.Tests.Engine.Objective;

/// <summary>The objective written a second time, value only, in float64 from the pixels to the sum and with nothing of the engine's
/// but the network's numbers: smooth enough for central differences with steps of 10⁻⁵ of a grey level.</summary>
internal sealed class Float64Objective
{
    private readonly NetworkParameters network;
    private readonly ObjectiveSettings settings;
    private readonly Picture content;
    private readonly Maps contentMaps;
    private readonly Dictionary<string, double[]> styleGrams = [];

    public Float64Objective(NetworkParameters network, Picture content, IReadOnlyList<StylePicture> styles, ObjectiveSettings settings)
    {
        (this.network, this.settings, this.content) = (network, settings, content);
        contentMaps = MapsOf(content.Samples.ToDouble(), content.Height, content.Width);
        if (settings.StyleWeight == 0) return;
        double shares = styles.Sum(s => s.Weight);
        foreach (StylePicture style in styles)
        {
            Maps maps = MapsOf(style.Picture.Samples.ToDouble(), style.Picture.Height, style.Picture.Width);
            foreach (string layer in settings.StyleLayers.Select(l => l.Layer).Where(maps.Values.ContainsKey))
            {
                double[] gram = maps.Gram(layer), sum = styleGrams.TryGetValue(layer, out double[]? s) ? s : new double[gram.Length];
                styleGrams[layer] = [.. sum.Zip(gram, (a, b) => a + style.Weight / shares * b)];
            }
        }
    }

    /// <summary>The weighted sum at a picture of the content's size.</summary>
    public double Total(double[] image) => Terms(image).Sum(t => t.Weight * t.Value);

    /// <summary>Every term with a weight above 0: style, content, total variation, each in the order of the settings.</summary>
    public IReadOnlyList<ObjectiveTerm> Terms(double[] image)
    {
        Maps maps = MapsOf(image, content.Height, content.Width);
        List<ObjectiveTerm> terms = [];
        foreach (LayerWeight l in settings.StyleLayers)
            if (settings.StyleWeight * l.Weight > 0)
                terms.Add(new("style", l.Layer, settings.StyleWeight * Share(l, settings.StyleLayers), Style(l.Layer, maps)));
        foreach (LayerWeight l in settings.ContentLayers)
            if (settings.ContentWeight * l.Weight > 0)
                terms.Add(new("content", l.Layer, settings.ContentWeight * Share(l, settings.ContentLayers), Content(l.Layer, maps)));
        if (settings.TotalVariationWeight > 0)
        {
            double[] pixels = content.Samples.ToDouble();
            double size = settings.Kind == ObjectiveKind.Paper ? 1 : Math.Max(Variation(pixels), pixels.Length);
            terms.Add(new("tv", "", settings.TotalVariationWeight, Variation(image) / size));
        }
        return terms;
    }

    private double Share(LayerWeight l, IEnumerable<LayerWeight> all) =>
        settings.Kind == ObjectiveKind.Paper ? l.Weight : l.Weight / all.Sum(a => a.Weight);

    private double Style(string layer, Maps maps)
    {
        double[] gram = maps.Gram(layer), target = styleGrams[layer], own = contentMaps.Gram(layer);
        double channels = Math.Sqrt(gram.Length);
        double size = settings.Kind == ObjectiveKind.Paper ? 4 * channels * channels : AtLeast(SquaredDistance(target, own), target);
        return SquaredDistance(gram, target) / size;
    }

    private double Content(string layer, Maps maps)
    {
        double[] f = maps.Values[layer], p = contentMaps.Values[layer];
        if (settings.Kind == ObjectiveKind.Paper) return SquaredDistance(f, p) / 2;
        int positions = maps.Positions[layer];
        double[] means = [.. p.Chunk(positions).SelectMany(channel => Enumerable.Repeat(channel.Average(), positions))];
        return SquaredDistance(f, p) / AtLeast(SquaredDistance(p, means), p);
    }

    // A term's own size is not taken below 10⁻⁴ of the energy of what it is compared with.
    private static double AtLeast(double size, double[] target) => Math.Max(Math.Max(size, 1e-4 * target.Sum(v => v * v)), 1e-20);

    private static double SquaredDistance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    private double Variation(double[] image)
    {
        double sum = 0;
        for (int i = 0; i < image.Length; i++)
        {
            int x = i % content.Width, y = i / content.Width % content.Height;
            if (x > 0) sum += (image[i] - image[i - 1]) * (image[i] - image[i - 1]);
            if (y > 0) sum += (image[i] - image[i - content.Width]) * (image[i] - image[i - content.Width]);
        }
        return sum;
    }

    private Maps MapsOf(double[] image, int height, int width)
    {
        Maps maps = new();
        string last = network.Layers.Last(l => settings.Layers.Contains(l.Name)).Name;
        double[] x = image;
        foreach (NetworkLayer layer in network.Layers)
        {
            if (layer.FollowsPooling)
            {
                x = Pool2x2Reference.Forward(x, layer.Inputs, height, width, network.Pooling, null);
                (height, width) = (height / 2, width / 2);
            }
            Conv3x3Parameters p = new(layer.Outputs, layer.Inputs, layer.Filters, layer.Biases, network.Padding);
            x = layer.Name == "conv1_1"
                ? Conv3x3Reference.ImageForward(x, height, width, p, network.Mean, relu: true)
                : Conv3x3Reference.Forward(x, height, width, p, relu: true);
            (maps.Values[layer.Name], maps.Positions[layer.Name]) = (x, height * width);
            if (layer.Name == last) break;
        }
        return maps;
    }

    /// <summary>Activations by layer.</summary>
    private sealed class Maps
    {
        public Dictionary<string, double[]> Values { get; } = [];

        public Dictionary<string, int> Positions { get; } = [];

        public double[] Gram(string layer) =>
            GramReference.Forward(Values[layer], Values[layer].Length / Positions[layer], Positions[layer]);
    }
}
