using GatysGpu.Kernels.Gram;

namespace GatysGpu.Kernels.Gpu;

using View = ArrayView<float>;

// Gram matrices: the ladder, the sum of the parts, the gradient.
internal static partial class RooflineCases
{
    private static IEnumerable<RooflineCase> Gram(RooflineLayer layer)
    {
        int channels = layer.Outputs, positions = layer.Height * layer.Width;
        GramSplit split = new(channels, positions);
        yield return Whole(GramNaive.Forward, GramNaive.Config(channels), layer);
        yield return Whole(GramSharedTile.Forward, GramSharedTile.Config(channels), layer);
        yield return Parts(GramRegisterTile.Forward, GramRegisterTile.Config(split), split, layer);
        yield return Parts(GramTensorCore.Forward, GramTensorCore.Config(split), split, layer, tensorCores: true);
        yield return RooflineCase.Of(GramReduction.Add, Map(layer), RooflineWork.GramReduction(split), memory =>
        {
            View parts = memory.Floats(split.ScratchLength), gram = memory.Floats((long)channels * channels);
            var run = memory.Accelerator.LoadStreamKernel<View, View, GramSplit>(GramReduction.Add);
            return () => run(GramReduction.Config(split), parts, gram, split);
        });
        yield return Gradient(GramBackwardRegisterTile.Backward, GramBackwardRegisterTile.Config(channels, positions), layer);
        yield return Gradient(GramBackwardTensorCore.Backward, GramBackwardTensorCore.Config(channels, positions), layer,
            tensorCores: true);
    }

    private static RooflineCase Whole(Action<View, View, int, int> kernel, KernelConfig config, RooflineLayer layer)
    {
        int channels = layer.Outputs, positions = layer.Height * layer.Width;
        return RooflineCase.Of(kernel, Map(layer), RooflineWork.Gram(channels, positions), memory =>
        {
            View f = memory.Floats((long)channels * positions), gram = memory.Floats((long)channels * channels);
            var run = memory.Accelerator.LoadStreamKernel(kernel);
            return () => run(config, f, gram, channels, positions);
        });
    }

    private static RooflineCase Parts(Action<View, View, GramSplit> kernel, KernelConfig config, GramSplit split,
        RooflineLayer layer, bool tensorCores = false) =>
        RooflineCase.Of(kernel, Map(layer), RooflineWork.GramPartials(split), memory =>
        {
            View f = memory.Floats((long)split.Channels * split.Positions), parts = memory.Floats(split.ScratchLength);
            var run = memory.Accelerator.LoadStreamKernel(kernel);
            return () => run(config, f, parts, split);
        }, tensorCores);

    private static RooflineCase Gradient(Action<View, View, View, int, int, int> kernel, KernelConfig config, RooflineLayer layer,
        bool tensorCores = false)
    {
        int channels = layer.Outputs, positions = layer.Height * layer.Width;
        return RooflineCase.Of(kernel, Map(layer), RooflineWork.GramBackward(channels, positions), memory =>
        {
            View d = memory.Floats((long)channels * channels);
            View f = memory.Floats((long)channels * positions), dF = memory.Floats((long)channels * positions);
            var run = memory.Accelerator.LoadStreamKernel(kernel);
            return () => run(config, d, f, dF, channels, positions, 1);
        }, tensorCores);
    }

    private static string Map(RooflineLayer layer) => $"{layer.Name} {layer.Outputs}×{layer.Height}×{layer.Width}";
}
