using System.Collections.Immutable;
using System.Text.Json;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Kernels.Devices;
using GatysGpu.Weights;

namespace GatysGpu.Tests.Engine;

/// <summary>One case of the golden values that PyTorch computed in float64.</summary>
internal sealed class GoldenCase
{
    private readonly JsonElement json;

    public GoldenCase(string name)
    {
        Name = name;
        json = JsonDocument.Parse(File.ReadAllText(SharedData.Require("golden/golden.json"))).RootElement.GetProperty(name);
    }

    public static string[] Names { get; } = ["real-max", "real-avg-tv", "seeded-max", "seeded-conv5-content"];

    public string Name { get; }

    public static Picture Content => PictureFile.Read(SharedData.Require("golden/content.png"));

    public static Picture Style => PictureFile.Read(SharedData.Require("golden/style.png"));

    public static Picture Image => PictureFile.Read(SharedData.Require("golden/image.png"));

    public double Total => json.GetProperty("total").GetDouble();

    /// <summary>dTotal/dImage, [3, H, W], R, G, B, 0 to 255.</summary>
    public double[] Gradient => NpyArray.Read(SharedData.Require($"golden/{Name}.gradient.npy"));

    /// <summary>Loss after each of 20 iterations of PyTorch's L-BFGS, and evaluations so far.</summary>
    public (int Evaluations, double Loss)[] Trajectory =>
        [.. json.GetProperty("lbfgs").GetProperty("evaluations_and_loss").EnumerateArray().Select(e => (e[0].GetInt32(), e[1].GetDouble()))];

    public double Term(ObjectiveTerm term) => term.Kind == "tv"
        ? json.GetProperty("tv_value").GetDouble()
        : json.GetProperty(term.Kind).GetProperty(term.Layer).GetDouble();

    public ObjectiveSettings Settings => new(ObjectiveKind.Paper, Layers("content_layers"), Layers("style_layers"),
        json.GetProperty("alpha").GetDouble(), json.GetProperty("beta").GetDouble(), json.GetProperty("tv").GetDouble());

    public NetworkParameters Network()
    {
        NetworkParameters network = json.GetProperty("weights").GetString() == "real" ? Real() : Seeded();
        return network with { Pooling = json.GetProperty("pool").GetString() == "max" ? Pooling.Max : Pooling.Average };
    }

    private ImmutableArray<LayerWeight> Layers(string property) =>
        [.. json.GetProperty(property).EnumerateObject().Select(p => new LayerWeight(p.Name, p.Value.GetDouble()))];

    private static NetworkParameters Real()
    {
        using WeightTable table = WeightFile.Open(SharedData.Require("data/weights/tfjs"), InputConvention.Caffe);
        return NetworkParameters.From(table);
    }

    /// <summary>The weights that anyone can make again: SplitMix64, scaled as the script beside the golden values says.</summary>
    public static NetworkParameters Seeded()
    {
        List<NetworkLayer> layers = [];
        int inputs = 3;
        for (int layer = 0; layer < 13; layer++)
        {
            int outputs = Vgg19.Widths[layer], count = outputs * inputs * 9;
            double scale = Math.Sqrt(12) * Math.Sqrt(2.0 / (9 * inputs)) * (layer == 0 ? 0.01 : 1);
            ulong seed = 2016 + ((ulong)layer << 32);
            float[] filters = new float[count], biases = new float[outputs];
            for (int i = 0; i < count; i++) filters[i] = (float)((SplitMix(seed, i + 1) - 0.5) * scale);
            for (int i = 0; i < outputs; i++) biases[i] = (float)((SplitMix(seed, count + i + 1) - 0.5) * 0.2);
            // The stream's first layer sees blue, green, red; the engine's sees red, green, blue.
            if (layer == 0) filters = SwapRedAndBlue(filters);
            layers.Add(new NetworkLayer(Vgg19.LayerNames[layer], outputs, inputs, filters, biases));
            inputs = outputs;
        }
        return new NetworkParameters([.. layers], [123.68f, 116.779f, 103.939f], Padding.Zero, Pooling.Max);
    }

    private static float[] SwapRedAndBlue(float[] filters)
    {
        float[] result = new float[filters.Length];
        for (int i = 0; i < filters.Length; i++)
        {
            int k = i / 27, c = i / 9 % 3, tap = i % 9;
            result[(k * 3 + 2 - c) * 9 + tap] = filters[i];
        }
        return result;
    }

    private static double SplitMix(ulong seed, int index)
    {
        ulong z = seed + (ulong)index * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (z >> 11) * Math.Pow(2, -53);
    }
}
