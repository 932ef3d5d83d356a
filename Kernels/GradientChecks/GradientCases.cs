using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Kernels.GradientChecks;

/// <summary>Every backward operation with shapes that are odd, not square, one wide, coprime, and no multiple of any tile.</summary>
internal static partial class GradientCases
{
    private static readonly float[] Mean = [123.5f, 116.75f, 104f];

    /// <summary>All cases, each made anew with its own seed; those that not every device offers come last.</summary>
    public static IEnumerable<GradientCase> All()
    {
        foreach ((int k, int c, int h, int w) in new[] { (5, 3, 1, 7), (3, 7, 9, 1), (9, 5, 7, 11), (19, 17, 5, 6), (70, 3, 3, 5), (3, 35, 4, 33) })
            foreach (Padding padding in new[] { Padding.Zero, Padding.Reflect })
                yield return Convolution(k, c, h, w, padding);
        foreach ((int k, int c, int h, int w) in new[] { (5, 3, 7, 9), (9, 17, 5, 6), (3, 5, 24, 25) })
        {
            yield return GramConvolution(k, c, h, w, Padding.Zero, accumulate: false);
            yield return GramConvolution(k, c, h, w, Padding.Reflect, accumulate: true);
        }
        foreach ((int k, int h, int w) in new[] { (7, 1, 9), (5, 6, 1), (9, 7, 11), (65, 5, 3) }) yield return ImageConvolution(k, h, w);
        foreach ((int c, int h, int w) in new[] { (3, 5, 7), (5, 2, 9), (1, 11, 3), (7, 6, 13), (2, 5, 12), (3, 3, 6) })
        {
            yield return Pool(c, h, w, Pooling.Max);
            yield return Pool(c, h, w, Pooling.Average);
        }
        yield return Relu(5, 7, 9);
        yield return Relu(2, 3, 16);
        foreach ((int c, int h, int w) in new[] { (3, 5, 7), (7, 1, 13), (17, 9, 5), (65, 3, 11) }) yield return GramLoss(c, h, w);
        foreach ((int c, int h, int w) in new[] { (3, 7, 5), (11, 1, 6), (5, 13, 9) }) yield return ContentLoss(c, h, w);
        foreach ((int h, int w) in new[] { (1, 7), (9, 1), (7, 5), (13, 11), (5, 12) }) yield return TotalVariation(h, w);
        foreach (Pooling pooling in new[] { Pooling.Max, Pooling.Average })
        {
            yield return PoolConvolution(18, 3, 24, 24, Padding.Zero, pooling, accumulate: false);
            yield return PoolConvolution(3, 5, 25, 26, Padding.Reflect, pooling, accumulate: true);
        }
        foreach ((int k, int h, int w) in new[] { (7, 5, 6), (5, 1, 9), (17, 9, 4) })
        {
            yield return ImageGram(k, h, w, Padding.Zero);
            yield return ImageGram(k, h, w, Padding.Reflect);
        }
    }

    // f(z) = ⟨u, w ∗ ReLU(z)⟩ + ⟨a, ReLU(z)⟩, so that df/dz = r ⊙ (wᵀ ∗ u + a)
    private static GradientCase Convolution(int k, int c, int h, int w, Padding padding)
    {
        Random random = new(k + 100 * c + 10_000 * h + w);
        int inputs = c * h * w;
        float[] z = Signed(random, inputs);
        float[] u = Grid(random, k * h * w), a = Grid(random, inputs);
        Conv3x3Parameters parameters = new(k, c, Grid(random, k * c * 9), new float[k], padding);
        return new("Conv3x3BackwardInput", $"K{k} C{c} {h}×{w} {padding}", [c, h, w], z, 0.25, 2,
            (on, at) =>
            {
                float[] x = Rectified(at);
                using Conv3x3Weights weights = on.Device.PrepareConv3x3(parameters, forwardOnly: true);
                FeatureMap y = on.Map(k, h, w);
                on.Device.Conv3x3Forward(on.Map(c, h, w, x), weights, y, DeviceBytes.None, relu: false);
                return Dot(u, on.Read(y)) + Dot(a, x);
            },
            on =>
            {
                (_, DeviceBytes bits) = on.Rectified(c, h, w, z);
                using Conv3x3Weights weights = on.Device.PrepareConv3x3(parameters);
                FeatureMap dX = on.Map(c, h, w, a);
                on.Device.Conv3x3BackwardInput(on.Map(k, h, w, u), weights, dX, bits, accumulate: true);
                return on.Read(dX);
            },
            () =>
            {
                double[] dX = Double(a);
                Conv3x3Reference.BackwardInput(Double(u), h, w, parameters, dX, Passed(z), accumulate: true);
                return dX;
            });
    }

    // f(image) = ⟨u, w ∗ (image − mean)⟩ + ⟨a, image⟩
    private static GradientCase ImageConvolution(int k, int h, int w)
    {
        Random random = new(k + 100 * h + w);
        float[] image = Array.ConvertAll(Grid(random, 3 * h * w), v => 128 + 16 * v);
        float[] u = Grid(random, k * h * w), a = Grid(random, image.Length);
        Conv3x3Parameters parameters = new(k, 3, Grid(random, k * 27), new float[k]);
        return new("ImageConv3x3Backward", $"K{k} {h}×{w}", [3, h, w], image, 16, 2,
            (on, at) =>
            {
                using Conv3x3Weights weights = on.Device.PrepareImageConv3x3(parameters, Mean);
                FeatureMap y = on.Map(k, h, w);
                on.Device.ImageConv3x3Forward(on.Image(h, w, at), weights, y, DeviceBytes.None, relu: false);
                return Dot(u, on.Read(y)) + Dot(a, at);
            },
            on =>
            {
                using Conv3x3Weights weights = on.Device.PrepareImageConv3x3(parameters, Mean);
                DeviceImage dImage = on.Image(h, w, a);
                on.Device.ImageConv3x3Backward(on.Map(k, h, w, u), weights, dImage, accumulate: true);
                return on.Read(dImage.Vector);
            },
            () =>
            {
                double[] dImage = Double(a);
                Conv3x3Reference.BackwardInput(Double(u), h, w, parameters, dImage, null, accumulate: true);
                return dImage;
            });
    }

    // ---- values ----------------------------------------------------------------------------------------------------------------

    // Multiples of 1/16 in −1 … 1.
    private static float[] Grid(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-16, 17) / 16f)];

    // The same, but at least 1/2 from 0, so that a step of 1/4 does not cross the ReLU's kink.
    private static float[] Signed(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.Next(2) == 0 ? 1 : -1) * random.Next(8, 25) / 16f)];

    private static double Dot(float[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }

    private static double[] Double(float[] values) => Array.ConvertAll(values, v => (double)v);

    private static bool[] Passed(float[] z) => Array.ConvertAll(z, v => v > 0);
}
