using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Devices;

// A style loss's gradient added by the convolution that goes back to its layer.
public abstract partial class DeviceOperationTests
{
    // Odd sizes, several tiles a row and several rows a run, more positions than one chunk, both sides of the direct convolution's limit.
    private static readonly (int K, int C, int H, int W)[] GramTermShapes =
        [(5, 3, 7, 9), (17, 16, 6, 5), (8, 5, 25, 26), (8, 24, 41, 3), (16, 33, 30, 31), (33, 70, 24, 25), (16, 16, 26, 213)];

    private static IEnumerable<TestCaseData> GramTermCases() =>
        from s in GramTermShapes
        from padding in new[] { Padding.Zero, Padding.Reflect }
        select new TestCaseData(s.K, s.C, s.H, s.W, padding).SetArgDisplayNames($"K{s.K} C{s.C} {s.H}x{s.W} {padding}");

    [TestCaseSource(nameof(GramTermCases))]
    public void Conv3x3BackwardInput_WithAGramTerm_IsTheSumOfBoth(int k, int c, int h, int w, Padding padding)
    {
        if (!IsSmall(k, c, h, w)) (h, w) = (Math.Min(h, 9), Math.Min(w, 7));
        var random = new Random(k + c + h * w);
        using Conv3x3Weights weights = Device.PrepareConv3x3(RandomFilters(random, k, c, padding));
        foreach ((bool accumulate, bool masked) in new[] { (false, true), (true, false), (true, true) })
        {
            using GuardedArena arena = Arena();
            (FeatureMap f, DeviceBytes bits, _) = Rectified(arena, c, h, w, random);
            DeviceVector d = arena.Vector((long)c * c, Symmetric(random, c));
            FeatureMap dY = arena.Map(k, h, w, RandomValues.Floats(random, k * h * w));
            float[]? loss = accumulate ? RandomValues.Floats(random, c * h * w) : null;
            FeatureMap dX = arena.Map(c, h, w, loss), expected = arena.Map(c, h, w, loss);
            DeviceBytes mask = masked ? bits : DeviceBytes.None;

            arena.Run(() => Device.Conv3x3BackwardInput(dY, weights, dX, mask, accumulate, new GramTerm(d, f)), arena.Of(dX));

            Device.GramBackward(d, f, expected, accumulate);
            Device.Conv3x3BackwardInput(dY, weights, expected, mask, accumulate: true);
            ArrayComparison.AssertIdentical($"dX, accumulate {accumulate}, masked {masked}", arena.Read(expected), arena.Read(dX));
        }
    }

    [Test]
    public void Conv3x3BackwardInput_WithAGramTermOfAnotherShape_ThrowsArgumentException()
    {
        using GuardedArena arena = Arena();
        using Conv3x3Weights weights = Device.PrepareConv3x3(new(4, 3, new float[108], new float[4]));
        FeatureMap dY = arena.Map(4, 5, 6), dX = arena.Map(3, 5, 6);
        DeviceVector d = arena.Vector(9), wide = arena.Vector(16);
        Refuses(() => Device.Conv3x3BackwardInput(dY, weights, dX, DeviceBytes.None, false, new GramTerm(d, dY)), "F has K channels");
        Refuses(() => Device.Conv3x3BackwardInput(dY, weights, dX, DeviceBytes.None, false, new GramTerm(wide, dX)), "D is 4×4");
    }

    private protected static float[] Symmetric(Random random, int side)
    {
        float[] values = RandomValues.Floats(random, side * side);
        for (int i = 0; i < side; i++)
            for (int j = 0; j < i; j++) values[i * side + j] = values[j * side + i];
        return values;
    }
}
