using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Pool2x2;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Devices.Gpu;

using Constant = SpecializedValue<int>;
using View = ArrayView<float>;
using Bits = ArrayView<byte>;

// Pooling, and the mask of a ReLU alone.
public sealed partial class GpuDevice
{
    private Action<KernelConfig, View, View, Bits, int, int, Constant, Constant>? maxForward;
    private Action<KernelConfig, View, View, int, int, Constant>? averageForward;
    private Action<KernelConfig, View, Bits, View, Bits, int, int, Constant, Constant, Constant>? maxBackward;
    private Action<KernelConfig, View, View, Bits, int, int, Constant, Constant, Constant>? averageBackward;
    private Action<KernelConfig, View, Bits, int, int>? reluMask;

    /// <inheritdoc/>
    public void PoolForward(FeatureMap x, FeatureMap y, Pooling pooling, DeviceBytes switches)
    {
        OperationChecks.PoolForward(x, y);
        View from = View(x), to = View(y);
        Bits chosen = Switches(switches, y);
        KernelConfig config = MapLaunch.For(y.Channels, y.Height, Pool2x2Gpu.SwitchedColumns(y.Width));
        if (pooling == Pooling.Average)
        {
            averageForward ??= accelerator.LoadStreamKernel<View, View, int, int, Constant>(Pool2x2Gpu.AverageForward);
            averageForward(config, from, to, x.Height, x.Width, Flag(x.Width % 2 == 0));
            return;
        }
        maxForward ??= accelerator.LoadStreamKernel<View, View, Bits, int, int, Constant, Constant>(Pool2x2Gpu.MaxForward);
        maxForward(config, from, to, chosen, x.Height, x.Width, Flag(!switches.IsNone), Flag(x.Width % 2 == 0));
    }

    /// <inheritdoc/>
    public void PoolBackward(FeatureMap dY, FeatureMap dX, Pooling pooling, DeviceBytes switches, DeviceBytes reluBits,
        bool accumulate)
    {
        OperationChecks.PoolBackward(dY, dX, pooling, switches);
        View from = View(dY), to = View(dX);
        Bits mask = ReluBits(reluBits, dX), chosen = Switches(switches, dY);
        KernelConfig config = MapLaunch.For(dX.Channels, (dX.Height + 1) / 2, (dX.Width + 1) / 2);
        Constant masked = Flag(!reluBits.IsNone), adds = Flag(accumulate), pairs = Flag(dX.Width % 2 == 0);
        if (pooling == Pooling.Average)
        {
            averageBackward ??= accelerator.LoadStreamKernel<View, View, Bits, int, int, Constant, Constant, Constant>(
                Pool2x2BackwardGpu.Average);
            averageBackward(config, from, to, mask, dX.Height, dX.Width, masked, adds, pairs);
            return;
        }
        maxBackward ??= accelerator.LoadStreamKernel<View, Bits, View, Bits, int, int, Constant, Constant, Constant>(
            Pool2x2BackwardGpu.Max);
        maxBackward(config, from, chosen, to, mask, dX.Height, dX.Width, masked, adds, pairs);
    }

    /// <inheritdoc/>
    public void ReluBackward(FeatureMap dX, DeviceBytes reluBits)
    {
        OperationChecks.ReluBits(reluBits);
        reluMask ??= accelerator.LoadStreamKernel<View, Bits, int, int>(ReluBackwardGpu.Mask);
        reluMask(MapLaunch.For(dX.Channels, dX.Height, dX.Width), View(dX), ReluBits(reluBits, dX), dX.Height, dX.Width);
    }

    private static Constant Flag(bool value) => new(value ? 1 : 0);
}
