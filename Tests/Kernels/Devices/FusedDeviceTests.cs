using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>The CPU device's fused operations beside the single ones, which <see cref="HostDeviceTests"/> holds against their
/// definitions: the same to the bit.</summary>
[TestFixture(SimdWidth.Bits512, 2, ConvolutionAlgorithm.Auto)]
[TestFixture(SimdWidth.Bits256, 3, ConvolutionAlgorithm.Winograd4x4)]
[TestFixture(SimdWidth.Bits128, 1, ConvolutionAlgorithm.Winograd4x4)]
[TestFixture(SimdWidth.Bits256, 2, ConvolutionAlgorithm.Winograd2x2)]
public sealed partial class FusedDeviceTests(SimdWidth width, int threads, ConvolutionAlgorithm algorithm)
{
    // Even and odd sizes, less than a tile, several tiles a row. By the rule all are large enough for Winograd, the first
    // just so: pooling is fused with no other algorithm.
    private static readonly (int K, int C, int H, int W)[] Shapes =
        [(5, 3, 24, 24), (17, 16, 25, 26), (8, 24, 290, 2), (3, 9, 3, 193), (16, 33, 30, 31), (33, 20, 27, 40), (64, 64, 50, 51),
            (17, 20, 32, 64)];

    private IDevice device = null!;

    private IFusedDevice Fused => (IFusedDevice)device;

    [OneTimeSetUp]
    public void MakeDevice() => device = HostDevice.Create(threads, width, algorithm);

    [OneTimeTearDown]
    public void DisposeDevice() => device.Dispose();

    private static IEnumerable<TestCaseData> Cases() =>
        from s in Shapes
        from padding in new[] { Padding.Zero, Padding.Reflect }
        from pooling in new[] { Pooling.Max, Pooling.Average }
        select new TestCaseData(s.K, s.C, s.H, s.W, padding, pooling)
            .SetArgDisplayNames($"K{s.K} C{s.C} {s.H}x{s.W} {padding} {pooling}");

    [TestCaseSource(nameof(Cases))]
    public void Conv3x3PoolForward_IsBothInOne(int k, int c, int h, int w, Padding padding, Pooling pooling)
    {
        Assert.That(Fused.FusesPooling(h, w), "the test's shapes are large enough");
        var random = new Random(k + c + h * w);
        using Conv3x3Weights weights = device.PrepareConv3x3(Filters(random, k, c, padding));
        foreach (bool keeps in new[] { true, false })
        {
            using GuardedArena arena = new(device);
            FeatureMap x = arena.Map(c, h, w, RandomValues.Activations(random, c * h * w)), y = arena.Map(k, h / 2, w / 2);
            FeatureMap between = arena.Map(k, h, w), expected = arena.Map(k, h / 2, w / 2);
            long bitBytes = device.ReluBitsBytes(k, h, w), switchBytes = device.SwitchesBytes(k, h, w);
            DeviceBytes bits = arena.Bytes(bitBytes), expectedBits = arena.Bytes(bitBytes);
            DeviceBytes switches = arena.Bytes(switchBytes), expectedSwitches = arena.Bytes(switchBytes);
            DeviceBytes none = DeviceBytes.None;
            bool switched = keeps && pooling == Pooling.Max;

            arena.Run(() => Fused.Conv3x3PoolForward(x, weights, keeps ? bits : none, y, pooling, switched ? switches : none),
                arena.Of(y), GuardedArena.Of(bits, bitBytes), GuardedArena.Of(switches, switchBytes));

            device.Conv3x3Forward(x, weights, between, expectedBits);
            device.PoolForward(between, expected, pooling, switched ? expectedSwitches : none);
            ArrayComparison.AssertIdentical("y", arena.Read(expected), arena.Read(y));
            if (keeps) AssertIdentical("ReLU bits", arena, expectedBits, bits, bitBytes);
            if (switched) AssertIdentical("switches", arena, expectedSwitches, switches, switchBytes);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void PoolConv3x3BackwardInput_IsBothInOne(int k, int c, int h, int w, Padding padding, Pooling pooling)
    {
        var random = new Random(k + c + h * w + 1);
        using Conv3x3Weights weights = device.PrepareConv3x3(Filters(random, k, c, padding));
        // The engine's calls at a layer in the style loss, at one without a loss and with another one; then the rest.
        foreach ((bool accumulate, bool masked, bool style) in new[]
            { (false, true, true), (false, true, false), (true, true, true), (true, false, false) })
        {
            using GuardedArena arena = new(device);
            DeviceBytes inner = arena.Bytes(device.ReluBitsBytes(k, h, w)), outer = arena.Bytes(device.ReluBitsBytes(c, h, w));
            DeviceBytes switches = pooling == Pooling.Max ? arena.Bytes(device.SwitchesBytes(k, h, w)) : DeviceBytes.None;
            FeatureMap x = arena.Map(c, h, w, RandomValues.Activations(random, c * h * w)), between = arena.Map(k, h, w);
            FeatureMap y = arena.Map(k, h / 2, w / 2);
            // Bits as the forward passes make them: of the convolution, and of some map of x's shape.
            device.Conv3x3Forward(x, weights, between, inner);
            device.PoolForward(between, y, pooling, switches);
            MakeBits(arena, c, h, w, outer, random);
            FeatureMap dY = arena.Map(k, h / 2, w / 2, RandomValues.Floats(random, k * (h / 2) * (w / 2)));
            float[]? loss = accumulate ? RandomValues.Floats(random, c * h * w) : null;
            FeatureMap dX = arena.Map(c, h, w, loss), expected = arena.Map(c, h, w, loss);
            DeviceBytes mask = masked ? outer : DeviceBytes.None;
            GramTerm? gram = style ? new GramTerm(arena.Vector((long)c * c, RandomValues.Symmetric(random, c)), x) : null;

            arena.Run(() => Fused.PoolConv3x3BackwardInput(dY, pooling, switches, inner, weights, dX, mask, accumulate, gram),
                arena.Of(dX));

            device.PoolBackward(dY, between, pooling, switches, inner, accumulate: false);
            if (gram is { } term) device.Conv3x3BackwardInput(between, weights, expected, mask, accumulate, term);
            else device.Conv3x3BackwardInput(between, weights, expected, mask, accumulate);
            ArrayComparison.AssertIdentical($"dX, accumulate {accumulate}, masked {masked}, style {style}", arena.Read(expected),
                arena.Read(dX));
        }
    }

    [TestCase(1, 1, 1)]
    [TestCase(5, 7, 3)]
    [TestCase(16, 4, 97)]
    [TestCase(33, 9, 13)]
    [TestCase(64, 11, 200)]
    // Blocks stand apart even in a row of F.
    [TestCase(33, 2, 2048)]
    public void ImageGramBackward_IsTheGradientOfConv11sActivations(int k, int h, int w)
    {
        foreach (Padding padding in new[] { Padding.Zero, Padding.Reflect })
        {
            var random = new Random(k + h * w);
            using GuardedArena arena = new(device);
            DeviceImage image = arena.Image(h, w, RandomValues.Floats(random, 3 * h * w, 0, 255));
            float[] filters = RandomValues.Floats(random, 27 * k, -0.1, 0.1), biases = RandomValues.Floats(random, k);
            using Conv3x3Weights weights = device.PrepareImageConv3x3(new(k, 3, filters, biases, padding), [100, 110, 120]);
            DeviceVector d = arena.Vector((long)k * k, RandomValues.Symmetric(random, k));
            float[] above = RandomValues.Floats(random, k * h * w);
            FeatureMap f = arena.Map(k, h, w), dF = arena.Map(k, h, w, above), expected = arena.Map(k, h, w, above);
            DeviceBytes bits = arena.Bytes(device.ReluBitsBytes(k, h, w));
            device.ImageConv3x3Forward(image, weights, f, bits);

            arena.Run(() => Fused.ImageGramBackward(image, weights, d, dF, bits), arena.Of(dF));

            device.GramBackward(d, f, expected, accumulate: true);
            device.ReluBackward(expected, bits);
            ArrayComparison.AssertIdentical($"dF, {padding}", arena.Read(expected), arena.Read(dF));
        }
    }

    [Test]
    public void FusedPooling_OfADirectConvolution_IsNotOffered()
    {
        using IDevice direct = HostDevice.Create(threads, width, ConvolutionAlgorithm.Direct);
        using GuardedArena arena = new(direct);
        using Conv3x3Weights weights = direct.PrepareConv3x3(new(4, 3, new float[108], new float[4]));
        IFusedDevice fused = (IFusedDevice)direct;
        FeatureMap x = arena.Map(3, 40, 40), y = arena.Map(4, 20, 20);
        DeviceBytes none = DeviceBytes.None;
        Assert.That(fused.FusesPooling(40, 40), Is.False);
        Assert.That(() => fused.Conv3x3PoolForward(x, weights, none, y, Pooling.Average, none), Throws.InvalidOperationException);
        Assert.That(() => fused.PoolConv3x3BackwardInput(y, Pooling.Average, none, none, weights, x, none, false, null),
            Throws.InvalidOperationException);
    }

    [Test]
    public void WrongShapes_ThrowArgumentException()
    {
        using GuardedArena arena = new(device);
        using Conv3x3Weights weights = device.PrepareConv3x3(new(4, 3, new float[108], new float[4]));
        FeatureMap x = arena.Map(3, 40, 40), y = arena.Map(4, 20, 20), wide = arena.Map(4, 20, 21);
        DeviceBytes none = DeviceBytes.None;
        Assert.That(() => Fused.Conv3x3PoolForward(x, weights, none, wide, Pooling.Average, none),
            Throws.ArgumentException.With.Message.Contains("20×21"));
        Assert.That(() => Fused.Conv3x3PoolForward(y, weights, none, y, Pooling.Average, none), Throws.ArgumentException);
        Assert.That(() => Fused.PoolConv3x3BackwardInput(wide, Pooling.Average, none, none, weights, x, none, false, null),
            Throws.ArgumentException);
        Assert.That(() => Fused.PoolConv3x3BackwardInput(y, Pooling.Max, none, none, weights, x, none, false, null),
            Throws.ArgumentException.With.Message.Contains("switches"));
    }

    private void MakeBits(GuardedArena arena, int c, int h, int w, DeviceBytes bits, Random random)
    {
        float[] copy = new float[c * c * 9];
        for (int i = 0; i < c; i++) copy[(i * c + i) * 9 + 4] = 1;
        using Conv3x3Weights weights = device.PrepareConv3x3(new(c, c, copy, new float[c]), forwardOnly: true);
        device.Conv3x3Forward(arena.Map(c, h, w, RandomValues.Floats(random, c * h * w)), weights, arena.Map(c, h, w), bits);
    }

    private static void AssertIdentical(string what, GuardedArena arena, DeviceBytes expected, DeviceBytes actual, long count)
    {
        ArrayComparison.AssertIdentical(what, Raw(expected), Raw(actual));

        float[] Raw(DeviceBytes bytes) => arena.Read(new DeviceVector(bytes.Memory!, bytes.Offset, count / sizeof(float)));
    }

    private static Conv3x3Parameters Filters(Random random, int k, int c, Padding padding)
    {
        double spread = Math.Sqrt(2.0 / (9 * c));
        return new(k, c, RandomValues.Floats(random, k * c * 9, -spread, spread), RandomValues.Floats(random, k, -0.2, 0.2),
            padding);
    }
}
