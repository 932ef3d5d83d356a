using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Kernels.Gpu;

using Bits = ArrayView<byte>;
using View = ArrayView<float>;

// Convolutions: the ladder forward and backward, reflection's part, conv1_1.
internal static partial class RooflineCases
{
    private static IEnumerable<RooflineCase> Convolution(RooflineLayer layer)
    {
        Conv3x3Shape there = new(layer.Inputs, layer.Outputs, layer.Height, layer.Width, Padding.Reflect);
        Conv3x3Shape back = new(layer.Outputs, layer.Inputs, layer.Height, layer.Width);
        yield return Forward(Conv3x3Naive.Forward, Conv3x3Naive.Config, there, layer);
        yield return Forward(Conv3x3SharedTile.Forward, Conv3x3SharedTile.Config, there, layer);
        yield return Forward(Conv3x3RegisterTile.Forward, Conv3x3RegisterTile.Config, there, layer);
        yield return Forward(Conv3x3TensorCore.Forward, Conv3x3TensorCore.Config, there, layer, tensorCores: true);
        yield return Backward(Conv3x3Naive.BackwardInput, Conv3x3Naive.Config, back, layer);
        yield return Backward(Conv3x3SharedTile.BackwardInput, Conv3x3SharedTile.Config, back, layer);
        yield return Backward(Conv3x3RegisterTile.BackwardInput, Conv3x3RegisterTile.Config, back, layer);
        yield return Backward(Conv3x3TensorCore.BackwardInput, Conv3x3TensorCore.Config, back, layer, tensorCores: true);
        yield return RooflineCase.Of(Conv3x3ReflectBorder.BackwardInput, Describe(layer),
            RooflineWork.ReflectBorder(back), memory =>
        {
            View dY = memory.Floats((long)back.Inputs * back.Plane), filters = Filters(memory, back);
            View dX = memory.Floats((long)back.Outputs * back.Plane);
            Bits bits = memory.Bits((long)back.Outputs * back.Height * back.BitsPitch);
            var run = memory.Accelerator.LoadStreamKernel<View, View, int, View, Bits, Conv3x3Shape>(
                Conv3x3ReflectBorder.BackwardInput);
            int pitch = Conv3x3GpuFilters.PaddedOutputs(back.Outputs);
            return () => run(Conv3x3ReflectBorder.Config(back), dY, filters, pitch, dX, bits, back);
        });
    }

    private static RooflineCase Forward(Action<View, View, View, View, Bits, Conv3x3Shape, int> kernel,
        Func<Conv3x3Shape, KernelConfig> config, Conv3x3Shape shape, RooflineLayer layer, bool tensorCores = false) =>
        RooflineCase.Of(kernel, Describe(layer), RooflineWork.ConvolutionForward(shape), memory =>
        {
            View x = memory.Floats((long)shape.Inputs * shape.Plane);
            View filters = Filters(memory, shape), bias = memory.Floats(shape.Outputs);
            View y = memory.Floats((long)shape.Outputs * shape.Plane);
            Bits bits = memory.Bits((long)shape.Outputs * shape.Height * shape.BitsPitch);
            var run = memory.Accelerator.LoadStreamKernel(kernel);
            return () => run(config(shape), x, filters, bias, y, bits, shape, 1);
        }, tensorCores);

    private static RooflineCase Backward(Action<View, View, View, Bits, Conv3x3Shape, int> kernel,
        Func<Conv3x3Shape, KernelConfig> config, Conv3x3Shape shape, RooflineLayer layer, bool tensorCores = false) =>
        RooflineCase.Of(kernel, Describe(layer), RooflineWork.ConvolutionBackward(shape), memory =>
        {
            View dY = memory.Floats((long)shape.Inputs * shape.Plane), filters = Filters(memory, shape);
            View dX = memory.Floats((long)shape.Outputs * shape.Plane);
            Bits bits = memory.Bits((long)shape.Outputs * shape.Height * shape.BitsPitch);
            var run = memory.Accelerator.LoadStreamKernel(kernel);
            return () => run(config(shape), dY, filters, dX, bits, shape, 1);
        }, tensorCores);

    private static IEnumerable<RooflineCase> Image(RooflineLayer layer)
    {
        Conv3x3Shape there = new(layer.Inputs, layer.Outputs, layer.Height, layer.Width, Padding.Reflect);
        Conv3x3Shape back = new(layer.Outputs, layer.Inputs, layer.Height, layer.Width);
        yield return RooflineCase.Of(ImageConv3x3.Forward, Describe(layer), RooflineWork.ImageForward(there), memory =>
        {
            View image = memory.Floats((long)there.Inputs * there.Plane);
            View filters = Filters(memory, there), bias = memory.Floats(there.Outputs);
            View y = memory.Floats((long)there.Outputs * there.Plane);
            Bits bits = memory.Bits((long)there.Outputs * there.Height * there.BitsPitch);
            var run = memory.Accelerator.LoadStreamKernel<View, float, float, float, View, View, View, Bits, Conv3x3Shape, int>(
                ImageConv3x3.Forward);
            return () => run(ImageConv3x3.ForwardConfig(there), image, 0.5f, 0.25f, 0.125f, filters, bias, y, bits, there, 1);
        });
        yield return RooflineCase.Of(ImageConv3x3.Backward, Describe(layer), RooflineWork.ImageBackward(back), memory =>
        {
            View dY = memory.Floats((long)back.Inputs * back.Plane), dImage = memory.Floats((long)back.Outputs * back.Plane);
            View filters = memory.Floats(Conv3x3GpuFilters.Length(back.Outputs, back.Inputs, ImageConv3x3.BackwardFilterPitch));
            var run = memory.Accelerator.LoadStreamKernel<View, View, View, Conv3x3Shape, int>(ImageConv3x3.Backward);
            return () => run(ImageConv3x3.BackwardConfig(back), dY, filters, dImage, back, 1);
        });
    }

    private static View Filters(RooflineMemory memory, Conv3x3Shape shape) =>
        memory.Floats(Conv3x3GpuFilters.Length(shape.Outputs, shape.Inputs));

    private static string Describe(RooflineLayer layer) =>
        $"{layer.Name} {layer.Inputs}→{layer.Outputs} {layer.Height}×{layer.Width}";
}
