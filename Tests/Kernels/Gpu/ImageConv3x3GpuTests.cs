using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Gpu;

/// <summary>conv1_1's kernels, on the checker, against the float64 reference.</summary>
internal sealed class ImageConv3x3GpuTests
{
    private static readonly float[] Mean = [123.68f, 116.779f, 103.939f];

    // Outputs around 8 (a step of the backward pass) and 64 (a group of the forward pass), sides around 4, 16 and 32.
    private static IEnumerable<TestCaseData> Cases() =>
        from s in new (int K, int H, int W)[] { (1, 1, 1), (5, 3, 1), (8, 1, 35), (64, 5, 8), (67, 18, 33), (9, 2, 2), (17, 7, 70) }
        from padding in new[] { Padding.Zero, Padding.Reflect }
        select new TestCaseData(s.K, s.H, s.W, padding).SetArgDisplayNames($"K{s.K} {s.H}x{s.W} {padding}");

    [TestCaseSource(nameof(Cases))]
    public void Forward_MatchesReference_AndBitsSayWhereItIsPositive(int k, int h, int w, Padding padding)
    {
        var random = new Random(k + 100 * h + w);
        Conv3x3Parameters p = Conv3x3Data.Filters(random, k, 3, padding);
        float[] image = RandomValues.Floats(random, 3 * h * w, 0, 255);
        foreach (bool relu in new[] { true, false })
        {
            using KernelBench bench = new();
            Conv3x3Shape shape = new(3, k, h, w, padding);
            Output<float> y = bench.Output(k * h * w);
            Output<byte> bits = bench.Output(new byte[relu ? k * h * shape.BitsPitch : 0]);
            ArrayView<float> pixels = bench.Input(image), filters = bench.Input(Conv3x3GpuFilters.Pack(p.Filters, k, 3));
            ArrayView<float> bias = bench.Input(p.Biases);
            var kernel = bench.Accelerator.LoadStreamKernel<ArrayView<float>, float, float, float, ArrayView<float>, ArrayView<float>,
                ArrayView<float>, ArrayView<byte>, Conv3x3Shape, int>(ImageConv3x3.Forward);
            bench.Run(() => kernel(ImageConv3x3.ForwardConfig(shape), pixels, Mean[0], Mean[1], Mean[2], filters, bias, y.View,
                bits.View, shape, relu ? 1 : 0));

            float[] made = y.Read();
            ArrayComparison.AssertClose($"y, relu {relu}", Conv3x3Reference.ImageForward(image.ToDouble(), h, w, p, Mean, relu), made,
                Conv3x3Data.Rounding(3, image.ToDouble(), p.Filters, 1), [k, h, w]);
            if (relu) Assert.That(bits.Read(), Is.EqualTo(Conv3x3Data.BitsOf(made, k, h, w)));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Backward_MatchesReference(int k, int h, int w, Padding padding)
    {
        var random = new Random(k + 100 * h + w + 1);
        Conv3x3Parameters p = Conv3x3Data.Filters(random, k, 3, padding);
        float[] gradient = RandomValues.Floats(random, k * h * w);
        float[] transposed = Conv3x3GpuFilters.Transposed(p.Filters, k, 3);
        foreach (bool accumulate in new[] { false, true })
        {
            using KernelBench bench = new();
            Conv3x3Shape shape = new(k, 3, h, w);
            float[] before = RandomValues.Floats(random, 3 * h * w);
            Output<float> dImage = accumulate ? bench.Output(before) : bench.Output(3 * h * w);
            ArrayView<float> dY = bench.Input(gradient);
            ArrayView<float> filters = bench.Input(Conv3x3GpuFilters.Pack(transposed, 3, k, ImageConv3x3.BackwardFilterPitch));
            var kernel = bench.Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, Conv3x3Shape, int>(
                ImageConv3x3.Backward);
            var border = bench.Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int, ArrayView<float>, ArrayView<byte>,
                Conv3x3Shape>(Conv3x3ReflectBorder.BackwardInput);
            bench.Run(() =>
            {
                kernel(ImageConv3x3.BackwardConfig(shape), dY, filters, dImage.View, shape, accumulate ? 1 : 0);
                if (padding == Padding.Reflect)
                    border(Conv3x3ReflectBorder.Config(shape), dY, filters, ImageConv3x3.BackwardFilterPitch, dImage.View, default, shape);
            });

            double[] expected = accumulate ? before.ToDouble() : new double[3 * h * w];
            Conv3x3Reference.BackwardInput(gradient.ToDouble(), h, w, p, expected, null, accumulate);
            ArrayComparison.AssertClose($"dImage, accumulate {accumulate}", expected, dImage.Read(),
                Conv3x3Data.Rounding(padding == Padding.Reflect ? 4 * k : k, gradient.ToDouble(), p.Filters, 1), [3, h, w]);
        }
    }
}
