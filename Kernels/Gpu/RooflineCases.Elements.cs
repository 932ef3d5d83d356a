using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Losses;
using GatysGpu.Kernels.Pool2x2;
using GatysGpu.Kernels.Vectors;

namespace GatysGpu.Kernels.Gpu;

using Bits = ArrayView<byte>;
using Constant = SpecializedValue<int>;
using Doubles = ArrayView<double>;
using View = ArrayView<float>;

// Kernels whose work is moving memory: pooling, losses, vectors.
internal static partial class RooflineCases
{
    // As many as one launch of Dots takes, and about what the two-loop recursion of L-BFGS combines.
    private const int ManyVectors = DotsGpu.MostVectors;

    private static IEnumerable<RooflineCase> Pool(RooflineLayer layer)
    {
        (int channels, int height, int width) = (layer.Outputs, layer.Height, layer.Width);
        if (height % 8 != 0 || width % 8 != 0)
            throw new ArgumentException(
                $"{layer.Name}: a map of {height}×{width}; the sides of the benchmark's maps are multiples of 8");
        long inputs = (long)channels * height * width, outputs = inputs / 4, switchBytes = outputs / 4;
        KernelConfig forward = Pool2x2Gpu.Config(channels, height, width);
        KernelConfig backward = Pool2x2BackwardGpu.Config(channels, height, width);
        Constant unit = new(Pool2x2Gpu.Unit(width));
        yield return RooflineCase.Of(Pool2x2Gpu.MaxForward, Map(layer),
            RooflineWork.PoolForward(channels, height, width, switches: true), memory =>
        {
            View x = memory.Floats(inputs), y = memory.Floats(outputs);
            Bits switches = memory.Bits(switchBytes);
            var run = memory.Accelerator.LoadStreamKernel<View, View, Bits, int, int, Constant, Constant>(Pool2x2Gpu.MaxForward);
            return () => run(forward, x, y, switches, height, width, new(1), unit);
        });
        yield return RooflineCase.Of(Pool2x2Gpu.AverageForward, Map(layer),
            RooflineWork.PoolForward(channels, height, width, switches: false), memory =>
        {
            View x = memory.Floats(inputs), y = memory.Floats(outputs);
            var run = memory.Accelerator.LoadStreamKernel<View, View, int, int, Constant>(Pool2x2Gpu.AverageForward);
            return () => run(forward, x, y, height, width, unit);
        });
        yield return RooflineCase.Of(Pool2x2BackwardGpu.Max, Map(layer),
            RooflineWork.PoolBackward(channels, height, width, switches: true), memory =>
        {
            View dY = memory.Floats(outputs), dX = memory.Floats(inputs);
            Bits switches = memory.Bits(switchBytes), mask = memory.Bits(inputs / 8);
            var run = memory.Accelerator.LoadStreamKernel<View, Bits, View, Bits, int, int, Constant, Constant, Constant>(
                Pool2x2BackwardGpu.Max);
            return () => run(backward, dY, switches, dX, mask, height, width, new(1), new(1), unit);
        });
        yield return RooflineCase.Of(Pool2x2BackwardGpu.Average, Map(layer),
            RooflineWork.PoolBackward(channels, height, width, switches: false), memory =>
        {
            View dY = memory.Floats(outputs), dX = memory.Floats(inputs);
            Bits mask = memory.Bits(inputs / 8);
            var run = memory.Accelerator.LoadStreamKernel<View, View, Bits, int, int, Constant, Constant, Constant>(
                Pool2x2BackwardGpu.Average);
            return () => run(backward, dY, dX, mask, height, width, new(1), new(1), unit);
        });
    }

    private static IEnumerable<RooflineCase> Relu(RooflineLayer layer)
    {
        (int channels, int height, int width) = (layer.Outputs, layer.Height, layer.Width);
        if (width % 8 != 0) throw new ArgumentException($"{layer.Name}: a width of {width}; the benchmark's are multiples of 8");
        yield return RooflineCase.Of(ReluBackwardGpu.Mask, Map(layer), RooflineWork.ReluMask(channels, height, width), memory =>
        {
            View dX = memory.Floats((long)channels * height * width);
            Bits mask = memory.ZeroBits((long)channels * height * ReluBackwardGpu.BitBytes(width));
            var run = memory.Accelerator.LoadStreamKernel<View, Bits, int, int>(ReluBackwardGpu.Mask);
            return () => run(MapLaunch.For(channels, height, width), dX, mask, height, width);
        });
        yield return RooflineCase.Of(ReluBackwardGpu.MaskFours, Map(layer),
            RooflineWork.ReluMask(channels, height, width), memory =>
        {
            View dX = memory.Floats((long)channels * height * width);
            // Closed everywhere: otherwise the pattern of the bits would decide what is written.
            Bits mask = memory.ZeroBits((long)channels * height * ReluBackwardGpu.BitBytes(width));
            var run = memory.Accelerator.LoadStreamKernel<View, Bits>(ReluBackwardGpu.MaskFours);
            return () => run(ElementLaunch.ForFours((long)channels * height * width), dX, mask);
        });
    }

    private static IEnumerable<RooflineCase> Losses(RooflineLayer picture, RooflineLayer content)
    {
        long map = (long)content.Outputs * content.Height * content.Width, square = (long)content.Outputs * content.Outputs;
        long pixels = 3L * picture.Height * picture.Width;
        yield return RooflineCase.Of(ContentLossGpu.Partials, Map(content),
            RooflineWork.Traffic(4.0 * map, GroupSum.Groups(map)), memory =>
        {
            View f = memory.Floats(map), target = memory.Floats(map), dF = memory.Floats(map);
            Doubles partials = memory.Doubles(GroupSum.MostGroups);
            var run = memory.Accelerator.LoadStreamKernel<View, View, float, View, Doubles, Constant>(ContentLossGpu.Partials);
            return () => run(GroupSum.For(map), f, target, 0.5f, dF, partials, new(1));
        });
        yield return RooflineCase.Of(GramLossGpu.Partials, $"{content.Outputs}×{content.Outputs}",
            RooflineWork.Traffic(3.0 * square, GroupSum.Groups(square)), memory =>
        {
            View gram = memory.Floats(square), target = memory.Floats(square);
            Doubles partials = memory.Doubles(GroupSum.MostGroups);
            var run = memory.Accelerator.LoadStreamKernel<View, View, double, Doubles>(GramLossGpu.Partials);
            return () => run(GroupSum.For(square), gram, target, 0.5, partials);
        });
        yield return RooflineCase.Of(TotalVariationGpu.Partials, $"3×{picture.Height}×{picture.Width}",
            RooflineWork.Traffic(3.0 * pixels, GroupSum.Groups(pixels)), memory =>
        {
            View image = memory.Floats(pixels), dImage = memory.Floats(pixels);
            Doubles partials = memory.Doubles(GroupSum.MostGroups);
            var run =
                memory.Accelerator.LoadStreamKernel<View, int, int, float, View, Doubles, Constant>(TotalVariationGpu.Partials);
            return () => run(GroupSum.For(pixels), image, picture.Height, picture.Width, 0.5f, dImage, partials, new(1));
        });
        yield return RooflineCase.Of(GroupSum.Finish, $"1 sum of {GroupSum.MostGroups}",
            RooflineWork.Traffic(0, GroupSum.MostGroups + 1), memory =>
        {
            Doubles partials = memory.Doubles(GroupSum.MostGroups), result = memory.Doubles(1);
            var run = memory.Accelerator.LoadStreamKernel<Doubles, int, double, Doubles, int>(GroupSum.Finish);
            return () => run(GroupSum.ForFinish(1), partials, GroupSum.MostGroups, 1, result, 0);
        });
    }

    private static IEnumerable<RooflineCase> Vectors(long length)
    {
        string many = $"{ManyVectors} vectors of {length}", one = $"{length} elements";
        yield return RooflineCase.Of(DotsGpu.Partials, many,
            RooflineWork.Traffic((ManyVectors + 1.0) * length, (double)ManyVectors * GroupSum.Groups(length)), memory =>
        {
            Vectors16 a = new(Many(memory, length));
            View b = memory.Floats(length);
            Doubles partials = memory.Doubles(ManyVectors * GroupSum.MostGroups);
            var run = memory.Accelerator.LoadStreamKernel<Vectors16, View, Doubles, int, Constant>(DotsGpu.Partials);
            return () => run(GroupSum.For(length), a, b, partials, 0, new(ManyVectors));
        });
        yield return RooflineCase.Of(LinearCombinationGpu.Combine, many,
            RooflineWork.Traffic((ManyVectors + 1.0) * length, flops: 2.0 * ManyVectors * length), memory =>
        {
            WeightedVectors64 terms = new(Many(memory, length), [.. Enumerable.Repeat(0.0625f, ManyVectors)]);
            View result = memory.Floats(length);
            var run = memory.Accelerator.LoadStreamKernel<WeightedVectors64, View, Constant>(LinearCombinationGpu.Combine);
            return () => run(ElementLaunch.ForFours(length), terms, result, new(ManyVectors));
        });
        yield return RooflineCase.Of(VectorsGpu.Clamp, one, RooflineWork.Traffic(2.0 * length), memory =>
        {
            View x = memory.Floats(length);
            var run = memory.Accelerator.LoadStreamKernel<View, float, float>(VectorsGpu.Clamp);
            return () => run(ElementLaunch.ForFours(length), x, -0.5f, 0.5f);
        });
        // Values lie between −1 and 1: none stands at a bound, nothing is written.
        yield return RooflineCase.Of(VectorsGpu.ProjectGradient, one, RooflineWork.Traffic(2.0 * length), memory =>
        {
            View x = memory.Floats(length), g = memory.Floats(length);
            var run = memory.Accelerator.LoadStreamKernel<View, float, float, View>(VectorsGpu.ProjectGradient);
            return () => run(ElementLaunch.ForFours(length), x, -2, 2, g);
        });
        yield return RooflineCase.Of(VectorsGpu.AdamStep, one, RooflineWork.Traffic(9.0 * length), memory =>
        {
            View x = memory.Floats(length), g = memory.Floats(length), m = memory.Floats(length), average = memory.Floats(length);
            // A second moment is not negative.
            View v = memory.Floats(length);
            v.MemSetToZero();
            var run = memory.Accelerator.LoadStreamKernel<View, View, View, View, View, AdamConstants>(VectorsGpu.AdamStep);
            AdamConstants constants = new(new AdamSettings(1, 1e-3f, 0.9f, 0.99f, 1e-3f, 0.9f, -1, 1));
            return () => run(ElementLaunch.ForFours(length), x, g, m, v, average, constants);
        });
    }

    private static View[] Many(RooflineMemory memory, long length) =>
        [.. Enumerable.Range(0, ManyVectors).Select(_ => memory.Floats(length))];
}
