using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Gram;

namespace GatysGpu.Tests.Kernels.Devices;

// A style loss's gradient added by the convolution that goes back to its layer.
public abstract partial class DeviceOperationTests
{
    // Odd sizes, several tiles a row and several rows a run, more positions than one chunk, both sides of the limit below which a
    // convolution is direct.
    private static readonly (int K, int C, int H, int W)[] GramTermShapes =
        [(5, 3, 7, 9), (17, 16, 6, 5), (8, 5, 25, 26), (8, 24, 41, 3), (16, 33, 30, 31), (33, 70, 24, 25), (16, 16, 26, 213),
            (5, 17, 32, 64)];

    internal static IEnumerable<TestCaseData> GramTermCases() =>
        from s in GramTermShapes
        from padding in new[] { Padding.Zero, Padding.Reflect }
        select new TestCaseData(s.K, s.C, s.H, s.W, padding).SetArgDisplayNames($"K{s.K} C{s.C} {s.H}x{s.W} {padding}");

    [TestCaseSource(nameof(GramTermCases))]
    public void Conv3x3BackwardInput_WithAGramTerm_MatchesReference(int k, int c, int h, int w, Padding padding)
    {
        if (!IsSmall(k, c, h, w)) (h, w) = (Math.Min(h, 9), Math.Min(w, 7));
        var random = new Random(k + c + h * w);
        Conv3x3Parameters parameters = RandomFilters(random, k, c, padding);
        using Conv3x3Weights weights = Device.PrepareConv3x3(parameters);
        foreach ((bool accumulate, bool masked) in new[] { (false, true), (true, false), (true, true) })
        {
            using GuardedArena arena = Arena();
            (FeatureMap f, DeviceBytes bits, bool[] passed) = Rectified(arena, c, h, w, random);
            DeviceVector d = arena.Vector((long)c * c, RandomValues.Symmetric(random, c));
            FeatureMap dY = arena.Map(k, h, w, RandomValues.Floats(random, k * h * w));
            FeatureMap dX = arena.Map(c, h, w, accumulate ? RandomValues.Floats(random, c * h * w) : null);
            double[]? existing = accumulate ? arena.Read(dX).ToDouble() : null;
            DeviceBytes mask = masked ? bits : DeviceBytes.None;

            arena.Run(() => Device.Conv3x3BackwardInput(dY, weights, dX, mask, accumulate, new GramTerm(d, f)), arena.Of(dX));

            double[] expected = existing?.ToArray() ?? new double[c * h * w], products = new double[c * h * w];
            double[] upstream = arena.Read(dY).ToDouble(), fs = arena.Read(f).ToDouble(), ds = arena.Read(d).ToDouble();
            GramReference.Backward(ds, fs, c, h * w, expected, accumulate: true);
            GramReference.Backward(Absolute(ds), fs, c, h * w, products, accumulate: false);
            Conv3x3Reference.BackwardInput(upstream, h, w, parameters, expected, masked ? passed : null, accumulate: true);
            Tolerance convolution = Convolution(BackwardScale(upstream, h, w, parameters, existing), k);
            ArrayComparison.AssertClose($"dX, accumulate {accumulate}, masked {masked}", expected, arena.Read(dX),
                new Tolerance(convolution.Absolute + ProductError * products.Max(),
                    convolution.L2 + ProductError * Math.Sqrt(products.Sum(v => v * v)),
                    $"{convolution.Reason}, and {ProductError} of the sums of absolute products in D·F"), [c, h, w]);
            if (masked) AssertZeroWhere(passed, arena.Read(dX));
        }
    }

    [Test]
    public void Conv3x3BackwardInput_WithAGramTermOfAnotherShape_ThrowsArgumentException()
    {
        using GuardedArena arena = Arena();
        using Conv3x3Weights weights = Device.PrepareConv3x3(new(4, 3, new float[108], new float[4]));
        FeatureMap dY = arena.Map(4, 5, 6), dX = arena.Map(3, 5, 6);
        DeviceVector d = arena.Vector(9), wide = arena.Vector(16);
        DeviceBytes none = DeviceBytes.None;
        Refuses(() => Device.Conv3x3BackwardInput(dY, weights, dX, none, false, new GramTerm(d, dY)), "F has K channels");
        Refuses(() => Device.Conv3x3BackwardInput(dY, weights, dX, none, false, new GramTerm(wide, dX)), "D is 4×4");
    }
}
