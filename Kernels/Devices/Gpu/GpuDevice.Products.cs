using GatysGpu.Kernels.Gram;

namespace GatysGpu.Kernels.Devices.Gpu;

using View = ArrayView<float>;

// Gram matrix and its gradient.
public sealed partial class GpuDevice
{
    private Action<KernelConfig, View, View, GramSplit>? gramParts;
    private Action<KernelConfig, View, View, GramSplit>? gramSum;
    private Action<KernelConfig, View, View, View, int, int, int>? gramBackward;

    /// <inheritdoc/>
    public void Gram(FeatureMap f, DeviceVector gram)
    {
        OperationChecks.Square(gram, f.Channels, "G");
        View from = View(f), to = View(gram);
        GramSplit split = new(f.Channels, f.Positions);
        View parts = Scratch(split.ScratchLength);
        gramParts ??= accelerator.LoadStreamKernel<View, View, GramSplit>(
            TensorCores ? GramTensorCore.Forward : GramRegisterTile.Forward);
        gramSum ??= accelerator.LoadStreamKernel<View, View, GramSplit>(GramReduction.Add);
        gramParts(TensorCores ? GramTensorCore.Config(split) : GramRegisterTile.Config(split), from, parts, split);
        gramSum(GramReduction.Config(split), parts, to, split);
    }

    /// <inheritdoc/>
    public void GramBackward(DeviceVector d, FeatureMap f, FeatureMap dF, bool accumulate)
    {
        OperationChecks.GramBackward(d, f, dF);
        View matrix = View(d), from = View(f), to = View(dF);
        int positions = (int)f.Positions;
        gramBackward ??= accelerator.LoadStreamKernel<View, View, View, int, int, int>(
            TensorCores ? GramBackwardTensorCore.Backward : GramBackwardRegisterTile.Backward);
        KernelConfig config = TensorCores
            ? GramBackwardTensorCore.Config(f.Channels, positions)
            : GramBackwardRegisterTile.Config(f.Channels, positions);
        gramBackward(config, matrix, from, to, f.Channels, positions, accumulate ? 1 : 0);
    }
}
