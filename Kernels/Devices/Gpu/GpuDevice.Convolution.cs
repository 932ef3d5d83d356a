using GatysGpu.Kernels.Conv3x3;

namespace GatysGpu.Kernels.Devices.Gpu;

using Bits = ArrayView<byte>;
using View = ArrayView<float>;

// Convolutions. Reflection at the edges is a kernel of its own behind the zero-padded backward pass.
public sealed partial class GpuDevice
{
    private Action<KernelConfig, View, View, View, View, Bits, Conv3x3Shape, int>? forward;
    private Action<KernelConfig, View, View, View, Bits, Conv3x3Shape, int>? backward;
    private Action<KernelConfig, View, View, int, View, Bits, Conv3x3Shape>? reflectBorder;
    private Action<KernelConfig, View, float, float, float, View, View, View, Bits, Conv3x3Shape, int>? imageForward;
    private Action<KernelConfig, View, View, View, Conv3x3Shape, int>? imageBackward;

    private bool TensorCores => Precision == GpuPrecision.Tf32;

    /// <inheritdoc/>
    public Conv3x3Weights PrepareConv3x3(Conv3x3Parameters parameters, bool forwardOnly = false)
    {
        OperationChecks.Parameters(parameters);
        return Fitting(() => new GpuConv3x3Weights(accelerator, parameters, Precision, forwardOnly));
    }

    /// <inheritdoc/>
    public void Conv3x3Forward(FeatureMap x, Conv3x3Weights weights, FeatureMap y, DeviceBytes reluBits, bool relu = true)
    {
        GpuConv3x3Weights w = Own<GpuConv3x3Weights>(weights);
        OperationChecks.Convolution(x, w, y, "x", "y");
        View from = View(x), to = View(y);
        Conv3x3Shape shape = new(w.Inputs, w.Outputs, x.Height, x.Width, w.Padding);
        forward ??= accelerator.LoadStreamKernel<View, View, View, View, Bits, Conv3x3Shape, int>(
            TensorCores ? Conv3x3TensorCore.Forward : Conv3x3RegisterTile.Forward);
        KernelConfig config = TensorCores ? Conv3x3TensorCore.Config(shape) : Conv3x3RegisterTile.Config(shape);
        forward(config, from, w.Forward, w.Biases, to, ReluBits(reluBits, y), shape, relu ? 1 : 0);
    }

    /// <inheritdoc/>
    public void Conv3x3BackwardInput(FeatureMap dY, Conv3x3Weights weights, FeatureMap dX, DeviceBytes reluBits, bool accumulate)
    {
        GpuConv3x3Weights w = Own<GpuConv3x3Weights>(weights);
        OperationChecks.BothDirections(w.ForwardOnly);
        OperationChecks.Convolution(dX, w, dY, "dX", "dY");
        View from = View(dY), to = View(dX);
        Conv3x3Shape shape = new(w.Outputs, w.Inputs, dY.Height, dY.Width);
        Bits mask = ReluBits(reluBits, dX);
        backward ??= accelerator.LoadStreamKernel<View, View, View, Bits, Conv3x3Shape, int>(
            TensorCores ? Conv3x3TensorCore.BackwardInput : Conv3x3RegisterTile.BackwardInput);
        KernelConfig config = TensorCores ? Conv3x3TensorCore.Config(shape) : Conv3x3RegisterTile.Config(shape);
        backward(config, from, w.Backward, to, mask, shape, accumulate ? 1 : 0);
        if (w.Padding == Padding.Reflect) AddBorder(from, w.Border, Conv3x3GpuFilters.PaddedOutputs(w.Inputs), to, mask, shape);
    }

    /// <inheritdoc/>
    public Conv3x3Weights PrepareImageConv3x3(Conv3x3Parameters parameters, ReadOnlySpan<float> mean)
    {
        OperationChecks.ImageParameters(parameters, mean.Length);
        float[] colour = mean.ToArray();
        return Fitting(() => new GpuImageConv3x3Weights(accelerator, parameters, colour));
    }

    /// <inheritdoc/>
    public void ImageConv3x3Forward(DeviceImage image, Conv3x3Weights weights, FeatureMap y, DeviceBytes reluBits,
        bool relu = true)
    {
        GpuImageConv3x3Weights w = Own<GpuImageConv3x3Weights>(weights);
        OperationChecks.Shape(y, w.Outputs, image.Height, image.Width, "y");
        View from = View(image), to = View(y);
        Conv3x3Shape shape = new(3, w.Outputs, image.Height, image.Width, w.Padding);
        imageForward ??= accelerator.LoadStreamKernel<View, float, float, float, View, View, View, Bits, Conv3x3Shape, int>(
            ImageConv3x3.Forward);
        imageForward(ImageConv3x3.ForwardConfig(shape), from, w.Mean0, w.Mean1, w.Mean2, w.Forward, w.Biases, to,
            ReluBits(reluBits, y), shape, relu ? 1 : 0);
    }

    /// <inheritdoc/>
    public void ImageConv3x3Backward(FeatureMap dY, Conv3x3Weights weights, DeviceImage dImage, bool accumulate)
    {
        GpuImageConv3x3Weights w = Own<GpuImageConv3x3Weights>(weights);
        OperationChecks.Shape(dY, w.Outputs, dImage.Height, dImage.Width, "dY");
        View from = View(dY), to = View(dImage);
        Conv3x3Shape shape = new(w.Outputs, 3, dY.Height, dY.Width);
        imageBackward ??= accelerator.LoadStreamKernel<View, View, View, Conv3x3Shape, int>(ImageConv3x3.Backward);
        imageBackward(ImageConv3x3.BackwardConfig(shape), from, w.Backward, to, shape, accumulate ? 1 : 0);
        if (w.Padding == Padding.Reflect) AddBorder(from, w.Backward, ImageConv3x3.BackwardFilterPitch, to, default, shape);
    }

    private void AddBorder(View dY, View filters, int filterPitch, View dX, Bits mask, Conv3x3Shape shape)
    {
        reflectBorder ??= accelerator.LoadStreamKernel<View, View, int, View, Bits, Conv3x3Shape>(
            Conv3x3ReflectBorder.BackwardInput);
        reflectBorder(Conv3x3ReflectBorder.Config(shape), dY, filters, filterPitch, dX, mask, shape);
    }

    private T Own<T>(Conv3x3Weights weights) where T : GpuConv3x3WeightsBase
    {
        T own = OperationChecks.Weights<T>(weights);
        OperationChecks.Require(own.IsOf(accelerator), "these weights belong to another device or layer");
        return own;
    }
}
