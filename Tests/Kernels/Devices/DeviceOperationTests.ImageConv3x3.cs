using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Devices;

// Convolution from and to the picture.
public abstract partial class DeviceOperationTests
{
    private static readonly float[] Mean = [123.68f, 116.779f, 103.939f];

    private static readonly (int K, int H, int W)[] ImageShapes =
        [(1, 1, 1), (64, 1, 1), (5, 1, 7), (16, 7, 1), (3, 2, 2), (17, 3, 5), (32, 4, 4), (8, 5, 4), (33, 8, 8), (64, 9, 13),
            (24, 31, 33), (64, 17, 66), (17, 32, 64)];

    private static IEnumerable<TestCaseData> ImageCases() =>
        from s in ImageShapes
        from padding in new[] { Padding.Zero, Padding.Reflect }
        select new TestCaseData(s.K, s.H, s.W, padding).SetArgDisplayNames($"K{s.K} {s.H}x{s.W} {padding}");

    [TestCaseSource(nameof(ImageCases))]
    public void ImageConv3x3Forward_MatchesReference(int k, int h, int w, Padding padding)
    {
        foreach (bool relu in new[] { true, false })
        {
            var random = new Random(k + h * w);
            Conv3x3Parameters parameters = RandomFilters(random, k, 3, padding);
            using GuardedArena arena = Arena();
            DeviceImage image = arena.Image(h, w, RandomValues.Floats(random, 3 * h * w, 0, 255));
            FeatureMap y = arena.Map(k, h, w), gradient = arena.Map(k, h, w);
            long bitBytes = Device.ReluBitsBytes(k, h, w);
            DeviceBytes bits = arena.Bytes(bitBytes);
            using Conv3x3Weights weights = Device.PrepareImageConv3x3(parameters, Mean);

            if (relu) arena.Run(() => Device.ImageConv3x3Forward(image, weights, y, bits), arena.Of(y),
                GuardedArena.Of(bits, bitBytes));
            else arena.Run(() => Device.ImageConv3x3Forward(image, weights, y, DeviceBytes.None, relu: false), arena.Of(y));

            double[] pixels = arena.Read(image.Vector).ToDouble();
            // A device may fold the mean into the bias: then its terms are as large as the pixels themselves, up to 255.
            ArrayComparison.AssertClose($"y, relu {relu}", Conv3x3Reference.ImageForward(pixels, h, w, parameters, Mean, relu),
                arena.Read(y),
                Convolution(ForwardScale(pixels, h, w, parameters), 3), [k, h, w]);
            if (!relu) continue;
            Device.Upload(Enumerable.Repeat(1f, k * h * w).ToArray(), gradient);
            Device.ReluBackward(gradient, bits);
            Assert.That(arena.Read(gradient), Is.EqualTo(arena.Read(y).Select(v => v > 0 ? 1f : 0f)), "ReLU bits");
        }
    }

    [TestCaseSource(nameof(ImageCases))]
    public void ImageConv3x3Backward_MatchesReference(int k, int h, int w, Padding padding)
    {
        foreach (bool accumulate in new[] { false, true })
        {
            var random = new Random(k + h * w + 1);
            Conv3x3Parameters parameters = RandomFilters(random, k, 3, padding);
            using GuardedArena arena = Arena();
            FeatureMap dY = arena.Map(k, h, w, RandomValues.Floats(random, k * h * w));
            DeviceImage dImage = arena.Image(h, w, accumulate ? RandomValues.Floats(random, 3 * h * w) : null);
            double[]? existing = accumulate ? arena.Read(dImage.Vector).ToDouble() : null;
            double[] upstream = arena.Read(dY).ToDouble(), expected = existing?.ToArray() ?? new double[3 * h * w];
            using Conv3x3Weights weights = Device.PrepareImageConv3x3(parameters, Mean);

            arena.Run(() => Device.ImageConv3x3Backward(dY, weights, dImage, accumulate), GuardedArena.Of(dImage.Vector));

            Conv3x3Reference.BackwardInput(upstream, h, w, parameters, expected, null, accumulate);
            ArrayComparison.AssertClose($"dImage, accumulate {accumulate}", expected, arena.Read(dImage.Vector),
                Convolution(BackwardScale(upstream, h, w, parameters, existing), k), [3, h, w]);
        }
    }

    [Test]
    public void ImageConv3x3_WrongShapes_ThrowArgumentException()
    {
        using GuardedArena arena = Arena();
        var parameters = new Conv3x3Parameters(4, 3, new float[108], new float[4]);
        using Conv3x3Weights weights = Device.PrepareImageConv3x3(parameters, Mean), maps = Device.PrepareConv3x3(parameters);
        DeviceImage image = arena.Image(5, 6);
        FeatureMap x = arena.Map(3, 5, 6), y = arena.Map(4, 5, 6), wide = arena.Map(4, 5, 7), deep = arena.Map(5, 5, 6);
        DeviceBytes none = DeviceBytes.None;
        Refuses(() => Device.ImageConv3x3Forward(image, weights, wide, none), "another width");
        Refuses(() => Device.ImageConv3x3Forward(image, weights, deep, none), "another number of outputs");
        Refuses(() => Device.ImageConv3x3Forward(image, maps, y, none), "weights for feature maps");
        Refuses(() => Device.Conv3x3Forward(x, weights, y, none), "weights for a picture");
        Refuses(() => Device.ImageConv3x3Backward(wide, weights, image, false), "another width, backward");
        Refuses(() => Device.ImageConv3x3Backward(y, maps, image, false), "weights for feature maps, backward");
        Refuses(() => Device.PrepareImageConv3x3(parameters, [1f, 2f]), "a mean of two values");
        Refuses(() => Device.PrepareImageConv3x3(new(4, 4, new float[144], new float[4]), Mean), "four input channels");
        Refuses(() => Device.PrepareImageConv3x3(new(4, 3, new float[100], new float[4]), Mean), "filter values missing");
    }
}
