using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Kernels.Devices;
using GatysGpu.Weights;

namespace GatysGpu.Engine.Features;

/// <summary>Makes the layers of a network from the pictures themselves, for want of published ones, or to complete a network whose file
/// ends early.</summary>
/// <remarks>
/// <para>Layer after layer, from the maps x of all pictures: filters are whitened patches (<see cref="PatchFilters"/>) and smoothed random
/// ones (<see cref="SmoothedRandomFilters"/>); the pictures are filtered; each output y with mean m and standard deviation s becomes
/// ReLU((y − m)/(s + 0.05·s̄) + τ), s̄ the layer's mean s; then the layer is scaled to mean square 1. All of it is folded into ordinary
/// filters and biases.</para>
/// <para>Whitened random patches as filters: Coates and Ng 2011, <i>The Importance of Encoding Versus Training</i>.</para>
/// </remarks>
public sealed class FeatureLearner : IDisposable
{
    private const double ImageRegularisation = 1e-3, Regularisation = 0.02, SmallestDeviation = 0.05;

    // Below this share of the responses themselves deviations are float32's rounding: the pictures are of one colour.
    private const double Rounding = 1e-4;

    // What a picture's pixels usually deviate by, and a learned layer's activations.
    private const double UsualPixelDeviation = 64, UsualDeviation = 1;

    private readonly IDevice device;
    private readonly IReadOnlyList<Picture> pictures;
    private readonly LearningSettings settings;
    private readonly Random random;
    private readonly Padding padding;
    private readonly Pooling pooling;
    private readonly List<NetworkLayer> layers = [];
    private readonly float[] mean;
    private readonly List<Map> maps = [];
    private readonly ParallelOptions stop;

    private FeatureLearner(IDevice device, IReadOnlyList<Picture> pictures, LearningSettings settings, float[] mean, Padding padding, Pooling pooling,
        CancellationToken cancellation)
    {
        stop = new ParallelOptions { CancellationToken = cancellation };
        (this.device, this.pictures, this.settings, this.mean, this.padding, this.pooling) = (device, pictures, settings, mean, padding, pooling);
        random = new Random(settings.Seed);
        foreach (Picture picture in pictures)
        {
            DeviceMemory memory = device.Allocate(DeviceVector.BytesFor(picture.Samples.Length));
            maps.Add(new Map { Memory = memory, Channels = 3, Height = picture.Height, Width = picture.Width });
            device.Upload(picture.Samples, new DeviceVector(memory, 0, picture.Samples.Length));
        }
    }

    /// <summary>Learns a whole network, with average pooling and reflecting padding (zero padding would show at the border).</summary>
    /// <param name="device">Where filters are tried.</param>
    /// <param name="pictures">Content and style pictures, of the sizes that will be worked with.</param>
    /// <param name="last">The last layer to learn, conv1_1 … conv5_4.</param>
    /// <param name="settings">Kinds of filters.</param>
    /// <param name="pooling">Average unless asked for otherwise.</param>
    /// <param name="cancellation">Stops within a part of a layer.</param>
    /// <exception cref="PictureTooSmallException">A picture is too small for the last layer.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static NetworkParameters Learn(IDevice device, IReadOnlyList<Picture> pictures, string last, LearningSettings settings,
        Pooling pooling = Pooling.Average, CancellationToken cancellation = default)
    {
        using FeatureLearner learner = new(device, pictures, settings, MeanColour(pictures), Padding.Reflect, pooling, cancellation);
        return learner.Extend(last);
    }

    /// <summary>Learns the layers that a network lacks, on top of those that it has and with its padding and pooling.</summary>
    /// <param name="device">Where filters are tried.</param>
    /// <param name="partial">A network that ends before <paramref name="last"/>.</param>
    /// <param name="pictures">Content and style pictures, of the sizes that will be worked with.</param>
    /// <param name="last">The last layer to learn, conv1_1 … conv5_4.</param>
    /// <param name="settings">Kinds of filters.</param>
    /// <param name="cancellation">Stops within a part of a layer.</param>
    /// <exception cref="PictureTooSmallException">A picture is too small for the last layer.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static NetworkParameters Complete(IDevice device, NetworkParameters partial, IReadOnlyList<Picture> pictures, string last,
        LearningSettings settings, CancellationToken cancellation = default)
    {
        using FeatureLearner learner = new(device, pictures, settings, partial.Mean, partial.Padding, partial.Pooling, cancellation);
        foreach (NetworkLayer layer in partial.Layers)
        {
            cancellation.ThrowIfCancellationRequested();
            learner.PoolBefore(layer.Name);
            learner.Append(layer);
        }
        return learner.Extend(last);
    }

    /// <summary>Channels that a learned layer has.</summary>
    /// <param name="layer">Its place in VGG-19, 0 being conv1_1.</param>
    /// <param name="settings">Its share of the published width.</param>
    internal static int Outputs(int layer, LearningSettings settings) => Math.Max(4, (int)Math.Round(Vgg19.Widths[layer] * settings.WidthShare));

    /// <summary>Gives the maps' memory back.</summary>
    public void Dispose()
    {
        foreach (Map map in maps) map.Memory.Dispose();
    }

    private static float[] MeanColour(IReadOnlyList<Picture> pictures)
    {
        double count = pictures.Sum(p => (double)p.Width * p.Height);
        return [.. Enumerable.Range(0, 3).Select(c => (float)(pictures.Sum(p => Sum(p.Plane(c))) / count))];
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float v in values) sum += v;
        return sum;
    }

    private NetworkParameters Extend(string last)
    {
        int end = Vgg19.LayerNames.IndexOf(last);
        if (end < 0) throw new ArgumentException($"'{last}' is not a layer of VGG-19; the layers are conv1_1 … conv5_4");
        for (int i = layers.Count; i <= end; i++)
        {
            PoolBefore(Vgg19.LayerNames[i]);
            Append(LearnLayer(Vgg19.LayerNames[i], Outputs(i, settings)));
            // The maps' copies on the host are by far the largest objects of the program; the next layer's need their room.
            HostGarbage.Collect(maps.Sum(m => (long)sizeof(float) * m.Channels * m.Height * m.Width));
        }
        return new NetworkParameters([.. layers], mean, padding, pooling);
    }

    private NetworkLayer LearnLayer(string name, int outputs)
    {
        stop.CancellationToken.ThrowIfCancellationRequested();
        List<HostMap> values = [.. maps.Select(Download)];
        int inputs = maps[0].Channels, patches = (int)Math.Round(outputs * settings.PatchShare);
        Whitening whitening = Whitening.From(Means(values, inputs), SecondMoments(values), layers.Count == 0 ? ImageRegularisation : Regularisation);
        double[] filters = [.. PatchFilters.Make(patches, values, whitening, random), .. SmoothedRandomFilters.Make(outputs - patches, inputs, random)];
        stop.CancellationToken.ThrowIfCancellationRequested();
        NetworkLayer raw = new(name, outputs, inputs, Array.ConvertAll(filters, v => (float)v), new float[outputs]);
        return Calibrate(raw, filters);
    }

    /// <summary>Standardises every output over the pictures, adds τ and scales the layer to mean square 1. Pictures of one colour, in
    /// which nothing deviates, get filters of a usual size.</summary>
    private NetworkLayer Calibrate(NetworkLayer raw, double[] filters)
    {
        List<float[]> responses = [.. Filter(raw, relu: false).Select(m => { using (m.Memory) return Download(m).Values; })];
        double[] means = new double[raw.Outputs], deviations = new double[raw.Outputs];
        double count = responses.Sum(r => (double)r.Length / raw.Outputs);
        Parallel.For(0, raw.Outputs, stop, k =>
        {
            double sum = 0, squares = 0;
            foreach (float[] r in responses)
                foreach (float v in Channel(r, k, raw.Outputs)) sum += v;
            foreach (float[] r in responses)
                foreach (float v in Channel(r, k, raw.Outputs)) squares += (v - sum / count) * (v - sum / count);
            (means[k], deviations[k]) = (sum / count, Math.Sqrt(squares / count));
        });
        bool flat = deviations.Average() <= Rounding * Math.Sqrt(means.Average(m => m * m));
        double[] sizes = flat ? UsualSizes(filters, raw.Outputs) : Array.ConvertAll(deviations, s => s + SmallestDeviation * deviations.Average());
        double[] energy = new double[raw.Outputs];
        Parallel.For(0, raw.Outputs, stop, k =>
        {
            foreach (float[] r in responses)
                foreach (float v in Channel(r, k, raw.Outputs))
                {
                    double z = Math.Max(0, (v - means[k]) / sizes[k] + settings.Threshold);
                    energy[k] += z * z;
                }
        });
        double scale = flat ? 1 : 1 / Math.Sqrt(energy.Sum() / (count * raw.Outputs));
        int length = raw.Inputs * 9;
        float[] w = new float[filters.Length], b = new float[raw.Outputs];
        for (int k = 0; k < raw.Outputs; k++)
        {
            double factor = scale / sizes[k];
            for (int i = k * length; i < (k + 1) * length; i++) w[i] = (float)(filters[i] * factor);
            b[k] = (float)(settings.Threshold * scale - means[k] * factor);
        }
        return raw with { Filters = w, Biases = b };
    }

    /// <summary>For want of deviations, what a filter's response to usual pictures would deviate by: ‖w‖ times theirs.</summary>
    private double[] UsualSizes(double[] filters, int outputs)
    {
        double usual = layers.Count == 0 ? UsualPixelDeviation : UsualDeviation;
        return [.. filters.Chunk(filters.Length / outputs).Select(w => Math.Max(usual * Math.Sqrt(w.Sum(v => v * v)), 1e-12))];
    }

    private static ReadOnlySpan<float> Channel(float[] values, int k, int channels) =>
        values.AsSpan(k * (values.Length / channels), values.Length / channels);

    private double[] SecondMoments(List<HostMap> values)
    {
        int n = maps[0].Channels;
        double[] sum = new double[n * n];
        double count = maps.Sum(m => (double)m.Height * m.Width);
        for (int i = 0; i < maps.Count; i++)
        {
            double share = (double)maps[i].Height * maps[i].Width / count;
            double[] moments = layers.Count == 0 ? PixelMoments(values[i].Values) : Gram(maps[i]);
            for (int j = 0; j < sum.Length; j++) sum[j] += share * moments[j];
        }
        return sum;
    }

    private double[] Gram(Map map)
    {
        float[] gram = new float[map.Channels * map.Channels];
        using DeviceMemory memory = device.Allocate(DeviceVector.BytesFor(gram.Length));
        DeviceVector g = new(memory, 0, gram.Length);
        device.Gram(map.Features, g);
        device.Download(g, gram);
        return Array.ConvertAll(gram, v => (double)v);
    }

    private static double[] PixelMoments(float[] planes)
    {
        double[] moments = new double[9];
        int positions = planes.Length / 3;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                for (int p = 0; p < positions; p++) moments[i * 3 + j] += (double)planes[i * positions + p] * planes[j * positions + p] / positions;
        return moments;
    }

    private static double[] Means(List<HostMap> values, int channels)
    {
        double count = values.Sum(v => (double)v.Height * v.Width);
        return [.. Enumerable.Range(0, channels).Select(c => values.Sum(v => Sum(Channel(v.Values, c, channels))) / count)];
    }

    private void Append(NetworkLayer layer)
    {
        List<Map> next = Filter(layer, relu: true);
        foreach (Map map in maps) map.Memory.Dispose();
        maps.Clear();
        maps.AddRange(next);
        layers.Add(layer);
    }

    private List<Map> Filter(NetworkLayer layer, bool relu)
    {
        Conv3x3Parameters parameters = new(layer.Outputs, layer.Inputs, layer.Filters, layer.Biases, padding);
        bool image = layers.Count == 0;
        using Conv3x3Weights weights = image ? device.PrepareImageConv3x3(parameters, mean) : device.PrepareConv3x3(parameters, forwardOnly: true);
        List<Map> result = [];
        foreach (Map map in maps)
        {
            Map y = NewMap(layer.Outputs, map.Height, map.Width);
            if (image) device.ImageConv3x3Forward(map.Image, weights, y.Features, DeviceBytes.None, relu);
            else device.Conv3x3Forward(map.Features, weights, y.Features, DeviceBytes.None, relu);
            result.Add(y);
        }
        return result;
    }

    private void PoolBefore(string layer)
    {
        if (layer == "conv1_1" || !layer.EndsWith("_1", StringComparison.Ordinal)) return;
        for (int i = 0; i < maps.Count; i++)
        {
            Map map = maps[i];
            if (map.Height < 2 || map.Width < 2) throw new PictureTooSmallException(pictures[i].Width, pictures[i].Height, layer);
            Map pooled = NewMap(map.Channels, map.Height / 2, map.Width / 2);
            device.PoolForward(map.Features, pooled.Features, pooling, DeviceBytes.None);
            map.Memory.Dispose();
            maps[i] = pooled;
        }
    }

    private Map NewMap(int channels, int height, int width) =>
        new() { Memory = device.Allocate(device.FeatureMapBytes(channels, height, width)), Channels = channels, Height = height, Width = width };

    private HostMap Download(Map map)
    {
        float[] values = new float[(long)map.Channels * map.Height * map.Width];
        if (layers.Count == 0 && map.Channels == 3)
        {
            // Pixels, not features: the mean colour is taken off as the first layer does.
            device.Download(map.Image.Vector, values);
            for (int i = 0; i < values.Length; i++) values[i] -= mean[i / (map.Height * map.Width)];
        }
        else device.Download(map.Features, values);
        return new HostMap(values, map.Height, map.Width);
    }

    /// <summary>A picture's pixels or features at the layer reached so far.</summary>
    private sealed class Map
    {
        public required DeviceMemory Memory { get; init; }
        public required int Channels { get; init; }
        public required int Height { get; init; }
        public required int Width { get; init; }
        public FeatureMap Features => new(Memory, 0, Channels, Height, Width);
        public DeviceImage Image => new(Memory, 0, Height, Width);
    }
}
