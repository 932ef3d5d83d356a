using System.Collections.Immutable;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Engine.Optimizers;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Tests.Engine.Objective;
using GatysGpu.Tests.Kernels.Devices;

namespace GatysGpu.Tests.Engine.Network;

/// <summary>What an evaluation does with memory, and what a pass refuses.</summary>
public class NetworkPassTests
{
    // NaN; all bits set, which is NaN as a number and "every ReLU open, every switch 3" as bits; a large number.
    private static readonly uint[] Garbage = [0x7FC00000, 0xFFFFFFFF, 0x7F000000];

    private static IEnumerable<TestCaseData> Devices()
    {
        foreach (SimdWidth width in new[] { SimdWidth.Bits512, SimdWidth.Bits256, SimdWidth.Bits128 })
            yield return new TestCaseData(() => HostDevice.Create(2, width)).SetArgDisplayNames($"host {width}");
        yield return new TestCaseData((Func<IDevice>)(() => new ReferenceDevice())).SetArgDisplayNames("reference");
    }

    [TestCaseSource(nameof(Devices))]
    public void Evaluate_WithGarbageInThePlannedMemory_GivesTheSameBits(Func<IDevice> make)
    {
        foreach ((Padding padding, Pooling pooling) in new[] { (Padding.Zero, Pooling.Max), (Padding.Reflect, Pooling.Average),
            (Padding.Reflect, Pooling.Max) })
            foreach ((int width, int height) in new[] { (9, 11), (53, 50) })
            {
                using WatchingDevice device = WatchingDevice.Around(make());
                if (width > 9 && device.Name.StartsWith("reference", StringComparison.Ordinal)) continue;
                using ConvNetwork network = new(device, SmallNetworks.Random(9, padding, pooling));
                using StyleTransferObjective objective = Objective(network, width, height);
                Picture image = SmallNetworks.Noise(width, height, 3);
                Evaluation clean = Evaluation.Of(device, objective, image);
                foreach (uint pattern in Garbage)
                {
                    Assert.That(device.Fill(objective.Plan.Bytes, pattern), Is.AtLeast(1), "the planned memory was found");
                    Evaluation again = Evaluation.Of(device, objective, image);
                    Assert.That(again.Total, Is.EqualTo(clean.Total), $"{pattern:X8}, {padding}, {pooling}, {width}×{height}");
                    ArrayComparison.AssertIdentical($"gradient, {pattern:X8}, {padding}, {pooling}", clean.Gradient, again.Gradient);
                }
            }
    }

    // With content at conv1_1 its activations are stored again, without they are not.
    [TestCase(Padding.Zero, Pooling.Max, "conv3_2,conv1_1")]
    [TestCase(Padding.Reflect, Pooling.Average, "conv3_2")]
    [TestCase(Padding.Zero, Pooling.Average, "conv2_2")]
    [TestCase(Padding.Reflect, Pooling.Max, "conv4_1")]
    public void Evaluate_OnADeviceWithoutFusedOperations_GivesTheSameBitsInMoreMemory(Padding padding, Pooling pooling, string contentLayers)
    {
        double share = contentLayers.Contains("conv1_1", StringComparison.Ordinal) ? 1 : 0.8;
        CheckFused(SmallNetworks.Random(9, padding, pooling), contentLayers, "conv1_1,conv2_1,conv3_1,conv4_1", share);
    }

    // A pooling at once after a convolution that follows a pooling of its own; the last layer behind a pooling at once; one layer only.
    [TestCase("conv1_1,conv2_1,conv3_1,conv4_1", "conv4_1", "conv1_1,conv4_1")]
    [TestCase("conv1_1,conv2_1,conv3_1", "", "conv3_1")]
    [TestCase("conv1_1,conv1_2,conv2_1", "", "conv2_1")]
    [TestCase("conv1_1,conv1_2,conv2_1", "", "conv1_2,conv2_1")]
    [TestCase("conv1_1", "conv1_1", "conv1_1")]
    public void Evaluate_OfNetworksOfOtherShapes_GivesTheSameBitsWithAndWithoutFusedOperations(string names, string contentLayers, string styleLayers)
    {
        string[] layers = names.Split(',');
        NetworkParameters vgg = SmallNetworks.Random(layers.Length);
        CheckFused(new NetworkParameters([.. vgg.Layers.Select((l, i) => new NetworkLayer(layers[i], l.Outputs, l.Inputs, l.Filters, l.Biases))],
            vgg.Mean, Padding.Zero, Pooling.Max), contentLayers, styleLayers, 1.001);
    }

    private static void CheckFused(NetworkParameters parameters, string contentLayers, string styleLayers, double share)
    {
        using IDevice host = HostDevice.Create(2);
        using WatchingDevice plain = new(host), fused = WatchingDevice.Around(host);
        Picture image = SmallNetworks.Noise(53, 50, 3);
        ObjectiveSettings settings = new(ObjectiveKind.Relative, Weights(contentLayers), Weights(styleLayers), contentLayers == "" ? 0 : 0.1, 1, 0.1);
        List<(Evaluation Result, long Bytes)> both = [];
        foreach (WatchingDevice device in new[] { plain, fused })
        {
            using ConvNetwork network = new(device, parameters);
            using StyleTransferObjective objective = new(network, SmallNetworks.Noise(53, 50, 1),
                [new StylePicture(SmallNetworks.Noise(60, 47, 2), 1)], settings);
            both.Add((Evaluation.Of(device, objective, image), objective.Plan.Bytes));
        }
        Assert.That(fused, Is.InstanceOf<IFusedDevice>().And.Not.SameAs(plain));
        Assert.That(both[1].Result.Total, Is.EqualTo(both[0].Result.Total));
        ArrayComparison.AssertIdentical("gradient", both[0].Result.Gradient, both[1].Result.Gradient);
        Assert.That(both[0].Result.Gradient.Max(), Is.GreaterThan(0));
        Assert.That(both[1].Bytes, Is.LessThan(share * both[0].Bytes), "bytes planned");

        static ImmutableArray<LayerWeight> Weights(string layers) =>
            [.. layers.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(l => new LayerWeight(l, 1))];
    }

    [TestCase(SimdWidth.Bits512)]
    [TestCase(SimdWidth.Bits256)]
    [TestCase(SimdWidth.Bits128)]
    public void EvaluateAndStep_AfterTheFirst_AllocateNothing(SimdWidth simd)
    {
        foreach ((Padding padding, Pooling pooling) in new[] { (Padding.Zero, Pooling.Max), (Padding.Reflect, Pooling.Average) })
        {
            using WatchingDevice device = WatchingDevice.Around(HostDevice.Create(2, simd));
            using ConvNetwork network = new(device, SmallNetworks.Random(9, padding, pooling));
            using StyleTransferObjective objective = Objective(network, 37, 33);
            using DeviceMemory memory = device.Allocate(2 * DeviceVector.BytesFor(objective.Length));
            DeviceVector x = new(memory, 0, objective.Length), g = new(memory, DeviceVector.BytesFor(objective.Length), objective.Length);
            device.Upload(SmallNetworks.Noise(37, 33, 3).Samples, x);
            using LbfgsOptimizer optimizer = new(device, objective, x, new LbfgsOptions { Bounds = Box.Pixels });
            int allocations = device.Allocations;

            Assert.That(LeastAllocated(() => objective.Evaluate(x, g)), Is.Zero, $"bytes on the managed heap by an evaluation, {padding}");
            Assert.That(LeastAllocated(() => optimizer.Step()), Is.Zero, $"bytes on the managed heap by an iteration, {padding}");
            Assert.That(device.Allocations, Is.EqualTo(allocations), "allocations on the device");
        }
    }

    // conv1_1's loss gradient comes last: its activations are computed again only when its successor's gradient is done with.
    [Test]
    public void Forward_CallsTheVisitorInOrder_BackwardInReverse()
    {
        using ReferenceDevice device = new();
        using ConvNetwork network = new(device, SmallNetworks.Random(5));
        using NetworkPass pass = new(network, 9, 10, new([], [4, 0, 2]), backward: true);
        Recorder visitor = new(device);
        using DeviceMemory memory = device.Allocate(2 * DeviceVector.BytesFor(270));
        DeviceImage image = new(memory, 0, 9, 10), dImage = new(memory, DeviceVector.BytesFor(270), 9, 10);

        pass.Forward(image, visitor);
        pass.Backward(image, visitor, dImage, accumulate: false);

        Assert.That(visitor.Calls, Is.EqualTo(new[] { "F0", "F2", "F4", "B4", "B2", "B0+" }));
        Assert.That((pass.Shape(0), pass.Shape(2), pass.Shape(4)), Is.EqualTo(((5, 9, 10), (17, 4, 5), (9, 2, 2))));
    }

    [Test]
    public void Forward_WithoutBackward_TakesLessMemoryAndRefusesBackward()
    {
        using ReferenceDevice device = new();
        using ConvNetwork network = new(device, SmallNetworks.Random(5));
        using NetworkPass both = new(network, 16, 16, new([], [0, 4]), backward: true), forward = new(network, 16, 16, new([], [0, 4]), backward: false);
        Assert.That(forward.Plan.Bytes, Is.LessThan(both.Plan.Bytes));
        Assert.That(() => forward.Backward(default, new Recorder(device), default, false), Throws.InvalidOperationException);
    }

    [Test]
    public void Pass_OfNoLayers_IsRefused()
    {
        using ReferenceDevice device = new();
        using ConvNetwork network = new(device, SmallNetworks.Random(2));
        Assert.That(() => new NetworkPass(network, 4, 4, new([], []), backward: true), Throws.ArgumentException.With.Message.Contains("no layer"));
    }

    [TestCase(1, 1, 2, "conv2_1")]
    [TestCase(2, 3, 4, "conv3_1")]
    [TestCase(100, 7, 8, "conv4_1")]
    [TestCase(7, 100, 8, "conv4_1")]
    public void Pass_OfAPictureThatVanishes_SaysItsSizeAndTheLayer(int width, int height, int layer, string name)
    {
        using ReferenceDevice device = new();
        using ConvNetwork network = new(device, SmallNetworks.Random(9));
        Assert.That(() => new NetworkPass(network, height, width, new([layer], []), backward: true),
            Throws.InstanceOf<PictureTooSmallException>().With.Message.Contains($"{width}×{height}").And.Message.Contains(name));
    }

    private static StyleTransferObjective Objective(ConvNetwork network, int width, int height) => new(network,
        SmallNetworks.Noise(width, height, 1), [new StylePicture(SmallNetworks.Noise(width + 3, height, 2), 1)],
        new ObjectiveSettings(ObjectiveKind.Relative, [new("conv3_2", 1), new("conv1_1", 1)],
            [new("conv1_1", 1), new("conv2_1", 1), new("conv4_1", 1)], 0.1, 1, 0.1));

    /// <summary>Bytes on this thread's heap by the best of some calls: code that is compiled again, or a lock met by two threads for the
    /// first time, may cost once; what every call costs shows in all.</summary>
    private static long LeastAllocated(Action action)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 6; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    private sealed class Recorder(IDevice device) : ILayerVisitor
    {
        public List<string> Calls { get; } = [];

        public void Forward(int layer, FeatureMap f) => Calls.Add($"F{layer}");

        public DeviceVector? GramGradient(int layer) => null;

        public void Backward(int layer, FeatureMap f, FeatureMap dF, bool accumulate)
        {
            Calls.Add(accumulate ? $"B{layer}+" : $"B{layer}");
            if (!accumulate) device.Upload(new float[dF.Channels * dF.Positions], dF);
        }
    }
}
