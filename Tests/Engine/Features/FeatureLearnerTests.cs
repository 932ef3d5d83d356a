using GatysGpu.Engine.Features;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Tests.Engine.Network;

namespace GatysGpu.Tests.Engine.Features;

/// <summary>Learned layers have the statistics that they promise, whatever the pictures are.</summary>
public class FeatureLearnerTests
{
    private static readonly LearningSettings Narrow = LearningSettings.Mixed with { WidthShare = 0.15 };
    private IDevice? device;

    private IDevice Device => device!;

    [OneTimeSetUp]
    public void MakeDevice() => device = HostDevice.Create(2);

    [OneTimeTearDown]
    public void DisposeDevice() => device?.Dispose();

    [TestCase(0.5, 0.4)]
    [TestCase(0, 0.3)]
    [TestCase(1, 0.5)]
    public void Learn_EveryLayer_HasMeanSquareOneAndEveryChannelTheSameMeanBeforeItsRelu(double patchShare, double threshold)
    {
        LearningSettings settings = Narrow with { PatchShare = patchShare, Threshold = threshold };
        Picture[] pictures = [SmallNetworks.Forms(61, 43, 1), SmallNetworks.Noise(37, 50, 2)];
        NetworkParameters network = FeatureLearner.Learn(Device, pictures, "conv4_1", settings);
        Assert.That((network.Padding, network.Pooling, network.Layers.Length), Is.EqualTo((Padding.Reflect, Pooling.Average, 9)));
        int channels = 0;
        foreach ((NetworkLayer layer, List<float[]> before) in Responses(network, pictures))
        {
            double[][] z = [.. Enumerable.Range(0, layer.Outputs).Select(k =>
                before.SelectMany(b => Channel(b, k, layer.Outputs)).ToArray())];
            // The scale absorbs every rounding but those of the last pass: float32 sums over up to 9·77 inputs.
            double square = z.Average(c => c.Average(v => Math.Max(0, v) * Math.Max(0, v)));
            ArrayComparison.AssertClose($"{layer.Name}: mean square", 1, square, 1e-3, "the calibration, redone from rounded filters");
            double scale = z.Average(c => c.Average()) / threshold;
            foreach (double[] c in z)
            {
                double mean = c.Average(), deviation = Math.Sqrt(c.Average(v => (v - mean) * (v - mean)));
                ArrayComparison.AssertClose($"{layer.Name}: a channel's mean", threshold * scale, mean, 2e-3 * scale,
                    "τ times the layer's scale");
                Assert.That(deviation, Is.InRange(0.3 * scale, scale), $"{layer.Name}: s/(s + 5% of the layer's mean s), times the scale");
                channels++;
            }
        }
        Assert.That(channels, Is.EqualTo(network.Layers.Sum(l => l.Outputs)));
    }

    [Test]
    public void Learn_SameSeed_GivesTheSameBits_AnotherSeedOrThreadCountAsItShould()
    {
        Picture[] pictures = [SmallNetworks.Forms(41, 33, 1), SmallNetworks.Noise(37, 29, 2)];
        NetworkParameters one = FeatureLearner.Learn(Device, pictures, "conv3_1", Narrow);
        AssertSame(one, FeatureLearner.Learn(Device, pictures, "conv3_1", Narrow), "again");
        foreach (int threads in new[] { 1, 3 })
        {
            using IDevice other = HostDevice.Create(threads);
            AssertSame(one, FeatureLearner.Learn(other, pictures, "conv3_1", Narrow), $"{threads} threads");
        }
        NetworkParameters reseeded = FeatureLearner.Learn(Device, pictures, "conv3_1", Narrow with { Seed = 1 });
        for (int i = 0; i < one.Layers.Length; i++) Assert.That(reseeded.Layers[i].Filters, Is.Not.EqualTo(one.Layers[i].Filters));
    }

    [Test]
    public void Learn_UpToAnEarlierLayer_GivesTheSameLayers()
    {
        Picture[] pictures = [SmallNetworks.Forms(41, 33, 1)];
        NetworkParameters three = FeatureLearner.Learn(Device, pictures, "conv2_1", Narrow),
            five = FeatureLearner.Learn(Device, pictures, "conv3_1", Narrow);
        AssertSame(three, five.UpTo("conv2_1"), "the first three");
    }

    [TestCase(1.0, "conv2_2", 128)]
    [TestCase(0.5, "conv2_2", 64)]
    [TestCase(0.001, "conv2_2", 4)]
    public void Learn_WidthShare_DecidesTheChannels(double share, string last, int channels)
    {
        NetworkParameters network =
            FeatureLearner.Learn(Device, [SmallNetworks.Noise(12, 12, 1)], last, Narrow with { WidthShare = share });
        Assert.That(network.Layers[^1].Outputs, Is.EqualTo(channels));
        for (int i = 1; i < network.Layers.Length; i++) Assert.That(network.Layers[i].Inputs, Is.EqualTo(network.Layers[i - 1].Outputs));
    }

    [Test]
    public void Learn_FromFlatPictures_GivesFiltersWithWhichEveryPictureHasOrdinaryActivations()
    {
        Picture flat = SmallNetworks.Flat(32, 32), other = SmallNetworks.Flat(32, 32, 20, 200, 130), black = new(32, 32),
            noise = SmallNetworks.Noise(32, 32, 1);
        foreach (Picture[] pictures in (Picture[][])[[flat], [flat, flat], [black, black], [flat, other], [flat, noise]])
        {
            NetworkParameters network = FeatureLearner.Learn(Device, pictures, "conv5_1", Narrow);
            foreach (NetworkLayer layer in network.Layers)
                Assert.That(layer.Filters.Concat(layer.Biases).All(float.IsFinite), $"{layer.Name} of {pictures.Length} pictures");
            foreach ((NetworkLayer layer, List<float[]> before) in Responses(network, [.. pictures, noise]))
                foreach (float[] map in before)
                    Assert.That(map.All(v => Math.Abs(v) < 1e6), $"{layer.Name} of {pictures.Length} pictures: up to {map.Max(Math.Abs)}");
        }
    }

    [TestCase(1, 1, "conv1_2")]
    [TestCase(23, 1, "conv1_2")]
    [TestCase(1, 23, "conv1_2")]
    [TestCase(2, 2, "conv2_2")]
    [TestCase(16, 17, "conv5_1")]
    public void Learn_FromTinyPictures_Works(int width, int height, string last)
    {
        NetworkParameters network =
            FeatureLearner.Learn(Device, [SmallNetworks.Noise(width, height, 1), SmallNetworks.Noise(height, width, 2)], last, Narrow);
        Assert.That(network.Layers[^1].Name, Is.EqualTo(last));
        foreach (NetworkLayer layer in network.Layers) Assert.That(layer.Filters.Concat(layer.Biases).All(float.IsFinite), layer.Name);
    }

    [TestCase(1, 40, "conv2_1")]
    [TestCase(15, 40, "conv5_1")]
    [TestCase(40, 7, "conv4_1")]
    public void Learn_FromAPictureThatVanishes_SaysThePicturesOwnSizeAndTheLayer(int width, int height, string layer) =>
        Assert.That(
            () => FeatureLearner.Learn(Device, [SmallNetworks.Noise(64, 64, 1), SmallNetworks.Noise(width, height, 1)], "conv5_4", Narrow),
            Throws.InstanceOf<PictureTooSmallException>().With.Message.Contains($"{width}×{height}").And.Message.Contains(layer));

    [Test]
    public void LearnAndComplete_Cancelled_Stop()
    {
        using CancellationTokenSource stopped = new();
        stopped.Cancel();
        Picture[] pictures = [SmallNetworks.Noise(40, 40, 1)];
        Assert.That(() => FeatureLearner.Learn(Device, pictures, "conv5_1", Narrow, cancellation: stopped.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => FeatureLearner.Complete(Device, SmallNetworks.Random(4), pictures, "conv5_1", Narrow, stopped.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Learn_CancelledWhileItRuns_StopsBeforeItsEnd()
    {
        using CancellationTokenSource later = new();
        // Twelve layers of a picture of this size take many times as long.
        later.CancelAfter(30);
        Assert.That(() => FeatureLearner.Learn(Device, [SmallNetworks.Noise(300, 300, 1)], "conv5_1", LearningSettings.Mixed, cancellation: later.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Learn_AnUnknownLayer_IsRefused() =>
        Assert.That(() => FeatureLearner.Learn(Device, [SmallNetworks.Noise(9, 9, 1)], "conv1_3", Narrow),
            Throws.ArgumentException.With.Message.Contains("conv1_3"));

    [TestCase(Padding.Zero, Pooling.Max)]
    [TestCase(Padding.Reflect, Pooling.Average)]
    public void Complete_KeepsTheLayersThatAreThereBitForBit(Padding padding, Pooling pooling)
    {
        NetworkParameters partial = SmallNetworks.Random(4, padding, pooling);
        float[][] kept = [.. partial.Layers.Select(l => (float[])l.Filters.Clone())];
        Picture[] pictures = [SmallNetworks.Forms(41, 33, 1), SmallNetworks.Noise(37, 29, 2)];

        NetworkParameters network = FeatureLearner.Complete(Device, partial, pictures, "conv3_2", Narrow);

        Assert.That(network.Layers.Select(l => l.Name),
            Is.EqualTo(new[] { "conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2" }));
        Assert.That((network.Padding, network.Pooling, network.Mean), Is.EqualTo((padding, pooling, partial.Mean)));
        AssertSame(partial, network.UpTo("conv2_2"), "the layers that were there");
        for (int i = 0; i < 4; i++) ArrayComparison.AssertIdentical("the partial network itself", kept[i], partial.Layers[i].Filters);
        foreach ((NetworkLayer layer, List<float[]> before) in Responses(network, pictures).Skip(4))
        {
            double square = before.SelectMany(b => b).Average(v => Math.Max(0.0, v) * Math.Max(0, v));
            ArrayComparison.AssertClose($"{layer.Name}: mean square", 1, square, 1e-3, "the calibration, redone from rounded filters");
        }
    }

    [Test]
    public void Complete_WhatIsComplete_ChangesNothing()
    {
        NetworkParameters all = SmallNetworks.Random(5);
        AssertSame(all, FeatureLearner.Complete(Device, all, [SmallNetworks.Noise(20, 20, 1)], "conv2_1", Narrow), "all layers");
    }

    private static IEnumerable<double> Channel(float[] map, int k, int channels)
    {
        int positions = map.Length / channels;
        for (int i = k * positions; i < (k + 1) * positions; i++) yield return map[i];
    }

    private static void AssertSame(NetworkParameters expected, NetworkParameters actual, string what)
    {
        Assert.That(actual.Layers.Length, Is.EqualTo(expected.Layers.Length), what);
        ArrayComparison.AssertIdentical($"{what}: mean", expected.Mean, actual.Mean);
        for (int i = 0; i < expected.Layers.Length; i++)
        {
            ArrayComparison.AssertIdentical($"{what}: filters of {expected.Layers[i].Name}", expected.Layers[i].Filters,
                actual.Layers[i].Filters);
            ArrayComparison.AssertIdentical($"{what}: biases of {expected.Layers[i].Name}", expected.Layers[i].Biases,
                actual.Layers[i].Biases);
        }
    }

    /// <summary>What every layer makes of every picture before its ReLU, [K, H, W] a picture.</summary>
    private IEnumerable<(NetworkLayer Layer, List<float[]> Before)> Responses(NetworkParameters network, IReadOnlyList<Picture> pictures)
    {
        using ConvNetwork filters = new(Device, network);
        for (int i = 0; i < network.Layers.Length; i++)
        {
            NetworkLayer layer = network.Layers[i];
            List<float[]> before = [];
            foreach (Picture picture in pictures) before.Add(Response(filters, picture, i));
            yield return (layer, before);
        }
    }

    private float[] Response(ConvNetwork network, Picture picture, int layer)
    {
        List<DeviceMemory> taken = [];
        DeviceMemory Take(long bytes)
        {
            taken.Add(Device.Allocate(bytes));
            return taken[^1];
        }

        FeatureMap Map(int channels, int height, int width) =>
            new(Take(Device.FeatureMapBytes(channels, height, width)), 0, channels, height, width);
        DeviceImage image = new(Take(DeviceVector.BytesFor(picture.Samples.Length)), 0, picture.Height, picture.Width);
        Device.Upload(picture.Samples, image.Vector);
        FeatureMap x = Map(network.Parameters.Layers[0].Outputs, picture.Height, picture.Width);
        Device.ImageConv3x3Forward(image, network[0], x, DeviceBytes.None, relu: layer > 0);
        for (int i = 1; i <= layer; i++)
        {
            NetworkLayer l = network.Parameters.Layers[i];
            if (l.FollowsPooling)
            {
                FeatureMap pooled = Map(x.Channels, x.Height / 2, x.Width / 2);
                Device.PoolForward(x, pooled, network.Parameters.Pooling, DeviceBytes.None);
                x = pooled;
            }
            FeatureMap y = Map(l.Outputs, x.Height, x.Width);
            Device.Conv3x3Forward(x, network[i], y, DeviceBytes.None, relu: i < layer);
            x = y;
        }
        float[] values = new float[x.Channels * x.Positions];
        Device.Download(x, values);
        foreach (DeviceMemory memory in taken) memory.Dispose();
        return values;
    }
}
