using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Devices;

// A style loss's gradient added by the convolution that goes back to its layer.
public sealed partial class FusedDeviceTests
{
    private static IEnumerable<TestCaseData> GramTermCases() => DeviceOperationTests.GramTermCases();

    [TestCaseSource(nameof(GramTermCases))]
    public void Conv3x3BackwardInput_WithAGramTerm_IsTheSumOfBoth(int k, int c, int h, int w, Padding padding)
    {
        var random = new Random(k + c + h * w);
        using Conv3x3Weights weights = device.PrepareConv3x3(Filters(random, k, c, padding));
        foreach ((bool accumulate, bool masked) in new[] { (false, true), (true, false), (true, true) })
        {
            using GuardedArena arena = new(device);
            FeatureMap f = arena.Map(c, h, w, RandomValues.Activations(random, c * h * w));
            FeatureMap dY = arena.Map(k, h, w, RandomValues.Floats(random, k * h * w));
            DeviceBytes bits = arena.Bytes(device.ReluBitsBytes(c, h, w)), mask = masked ? bits : DeviceBytes.None;
            MakeBits(arena, c, h, w, bits, random);
            GramTerm gram = new(arena.Vector((long)c * c, RandomValues.Symmetric(random, c)), f);
            float[]? loss = accumulate ? RandomValues.Floats(random, c * h * w) : null;
            FeatureMap dX = arena.Map(c, h, w, loss), expected = arena.Map(c, h, w, loss);

            arena.Run(() => device.Conv3x3BackwardInput(dY, weights, dX, mask, accumulate, gram), arena.Of(dX));

            device.GramBackward(gram.D, f, expected, accumulate);
            device.Conv3x3BackwardInput(dY, weights, expected, mask, accumulate: true);
            ArrayComparison.AssertIdentical($"dX, accumulate {accumulate}, masked {masked}", arena.Read(expected),
                arena.Read(dX));
        }
    }
}
