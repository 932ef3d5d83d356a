using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Devices;

// Convolution between feature maps.
public abstract partial class DeviceOperationTests
{
    // Channels below, at and above the widths of SIMD lanes and tiles (8, 16, 32, 64); sides that are no multiple of a tile of 4,
    // maps thinner than the filter, and the last two large enough for several blocks of rows.
    private static readonly (int K, int C, int H, int W)[] ConvShapes =
    [
        (1, 1, 1, 1), (3, 5, 1, 1), (64, 64, 1, 1), (5, 3, 1, 7), (16, 17, 1, 7), (3, 5, 7, 1), (33, 16, 7, 1), (1, 8, 2, 2),
        (17, 1, 2, 2), (8, 3, 3, 5), (32, 33, 3, 5), (16, 16, 4, 4), (5, 64, 4, 4), (17, 32, 5, 4), (8, 8, 8, 8), (33, 17, 8, 8),
        (16, 5, 9, 13), (3, 32, 9, 13), (64, 33, 17, 16), (32, 64, 31, 33), (1, 1, 31, 33), (96, 40, 12, 19), (7, 65, 6, 40),
        // A map of a power of two, whose blocks stand apart on the CPU; so in the other lists.
        (17, 18, 32, 64),
    ];

    private static IEnumerable<TestCaseData> ConvCases() =>
        from s in ConvShapes
        from padding in new[] { Padding.Zero, Padding.Reflect }
        select new TestCaseData(s.K, s.C, s.H, s.W, padding).SetArgDisplayNames($"K{s.K} C{s.C} {s.H}x{s.W} {padding}");

    [TestCaseSource(nameof(ConvCases))]
    public void Conv3x3Forward_MatchesReference(int k, int c, int h, int w, Padding padding)
    {
        foreach (bool relu in IsSmall(k, c, h, w) ? [true, false] : new[] { true })
        {
            var random = new Random(k + 100 * c + h * w);
            Conv3x3Parameters parameters = RandomFilters(random, k, c, padding);
            using GuardedArena arena = Arena();
            FeatureMap x = arena.Map(c, h, w, RandomValues.Activations(random, c * h * w)), y = arena.Map(k, h, w);
            using Conv3x3Weights weights = Device.PrepareConv3x3(parameters, forwardOnly: relu);

            arena.Run(() => Device.Conv3x3Forward(x, weights, y, DeviceBytes.None, relu), arena.Of(y));

            double[] xs = arena.Read(x).ToDouble();
            ArrayComparison.AssertClose($"y, relu {relu}", Conv3x3Reference.Forward(xs, h, w, parameters, relu), arena.Read(y),
                Convolution(ForwardScale(xs, h, w, parameters), c), [k, h, w]);
        }
    }

    [TestCaseSource(nameof(ConvCases))]
    public void Conv3x3Forward_ReluBits_AreSetExactlyWhereTheOutputIsPositive(int k, int c, int h, int w, Padding padding)
    {
        var random = new Random(k + 100 * c + h * w + 1);
        using GuardedArena arena = Arena();
        FeatureMap x = arena.Map(c, h, w, RandomValues.Activations(random, c * h * w)), y = arena.Map(k, h, w),
            gradient = arena.Map(k, h, w);
        DeviceBytes bits = arena.Bytes(Device.ReluBitsBytes(k, h, w));
        using Conv3x3Weights weights = Device.PrepareConv3x3(RandomFilters(random, k, c, padding));
        arena.Run(() => Device.Conv3x3Forward(x, weights, y, bits), arena.Of(y),
            GuardedArena.Of(bits, Device.ReluBitsBytes(k, h, w)));
        float[] ones = Enumerable.Repeat(1f, k * h * w).ToArray();
        Device.Upload(ones, gradient);

        arena.Run(() => Device.ReluBackward(gradient, bits), arena.Of(gradient));

        Assert.That(arena.Read(gradient), Is.EqualTo(arena.Read(y).Select(v => v > 0 ? 1f : 0f)));
    }

    [TestCaseSource(nameof(ConvCases))]
    public void Conv3x3BackwardInput_MatchesReference(int k, int c, int h, int w, Padding padding)
    {
        foreach (bool accumulate in new[] { false, true })
            foreach (bool masked in IsSmall(k, c, h, w) ? [false, true] : new[] { accumulate })
                CheckBackwardInput(k, c, h, w, padding, accumulate, masked);
    }

    [Test]
    public void Conv3x3_TwoSetsOfWeights_DoNotMix()
    {
        var random = new Random(3);
        Conv3x3Parameters one = RandomFilters(random, 8, 8, Padding.Zero), other = RandomFilters(random, 8, 8, Padding.Reflect);
        using GuardedArena arena = Arena();
        FeatureMap x = arena.Map(8, 6, 5, RandomValues.Activations(random, 240)), y = arena.Map(8, 6, 5);
        Conv3x3Weights first = Device.PrepareConv3x3(one);
        using (Device.PrepareConv3x3(other)) Device.Conv3x3Forward(x, first, y, DeviceBytes.None);
        double[] xs = arena.Read(x).ToDouble();
        ArrayComparison.AssertClose("y", Conv3x3Reference.Forward(xs, 6, 5, one, true), arena.Read(y),
            Convolution(ForwardScale(xs, 6, 5, one), 8), [8, 6, 5]);
        Assert.That((first.Outputs, first.Inputs, first.Padding), Is.EqualTo((8, 8, Padding.Zero)));
        first.Dispose();
    }

    [Test]
    public void Conv3x3_WrongShapes_ThrowArgumentException()
    {
        using GuardedArena arena = Arena();
        using Conv3x3Weights weights = Device.PrepareConv3x3(new(4, 3, new float[108], new float[4]));
        using Conv3x3Weights forward = Device.PrepareConv3x3(new(4, 3, new float[108], new float[4]), forwardOnly: true);
        FeatureMap x = arena.Map(3, 5, 6), y = arena.Map(4, 5, 6), wide = arena.Map(4, 5, 7), deep = arena.Map(5, 5, 6);
        DeviceBytes none = DeviceBytes.None;
        Refuses(() => Device.Conv3x3Forward(x, weights, wide, none), "another width");
        Refuses(() => Device.Conv3x3Forward(x, weights, deep, none), "another number of outputs");
        Refuses(() => Device.Conv3x3Forward(y, weights, y, none), "another number of inputs");
        Refuses(() => Device.Conv3x3Forward(x, weights, y with { Offset = (4 * MegaByte) - 64 }, none),
            "a view beyond its memory");
        Refuses(() => Device.Conv3x3BackwardInput(wide, weights, x, none, false), "another width, backward");
        Refuses(() => Device.Conv3x3BackwardInput(y, weights, y, none, false), "another number of inputs, backward");
        Refuses(() => Device.Conv3x3BackwardInput(y, forward, x, none, false), "weights for the forward pass only");
        Refuses(() => Device.PrepareConv3x3(new(4, 3, new float[107], new float[4])), "a filter value missing");
        Refuses(() => Device.PrepareConv3x3(new(4, 3, new float[108], new float[3])), "a bias missing");
    }

    private bool IsSmall(int k, int c, int h, int w) => 9L * k * c * h * w <= MostProducts;

    private void CheckBackwardInput(int k, int c, int h, int w, Padding padding, bool accumulate, bool masked)
    {
        var random = new Random(k + 100 * c + h * w + 2);
        Conv3x3Parameters parameters = RandomFilters(random, k, c, padding);
        using GuardedArena arena = Arena();
        (_, DeviceBytes bits, bool[] passed) = Rectified(arena, c, h, w, random);
        FeatureMap dY = arena.Map(k, h, w, RandomValues.Floats(random, k * h * w));
        FeatureMap dX = arena.Map(c, h, w, accumulate ? RandomValues.Floats(random, c * h * w) : null);
        double[]? existing = accumulate ? arena.Read(dX).ToDouble() : null;
        double[] upstream = arena.Read(dY).ToDouble(), expected = existing?.ToArray() ?? new double[c * h * w];
        using Conv3x3Weights weights = Device.PrepareConv3x3(parameters);

        arena.Run(() => Device.Conv3x3BackwardInput(dY, weights, dX, masked ? bits : DeviceBytes.None, accumulate), arena.Of(dX));

        Conv3x3Reference.BackwardInput(upstream, h, w, parameters, expected, masked ? passed : null, accumulate);
        ArrayComparison.AssertClose($"dX, accumulate {accumulate}, masked {masked}", expected, arena.Read(dX),
            Convolution(BackwardScale(upstream, h, w, parameters, existing), k), [c, h, w]);
        if (masked) AssertZeroWhere(passed, arena.Read(dX));
    }

    private static void Refuses(Action action, string what) => Assert.That(action, Throws.InstanceOf<ArgumentException>(), what);
}
