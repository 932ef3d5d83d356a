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
    private Action<KernelConfig, View, Bits>? reluMaskFours;

    /// <inheritdoc/>
    public void PoolForward(FeatureMap x, FeatureMap y, Pooling pooling, DeviceBytes switches)
    {
        OperationChecks.PoolForward(x, y);
        View from = View(x), to = View(y);
        Bits chosen = Switches(switches, y);
        KernelConfig config = Pool2x2Gpu.Config(x.Channels, x.Height, x.Width);
        Constant unit = new(Pool2x2Gpu.Unit(x.Width));
        if (pooling == Pooling.Average)
        {
            averageForward ??= accelerator.LoadStreamKernel<View, View, int, int, Constant>(Pool2x2Gpu.AverageForward);
            averageForward(config, from, to, x.Height, x.Width, unit);
            return;
        }
        maxForward ??= accelerator.LoadStreamKernel<View, View, Bits, int, int, Constant, Constant>(Pool2x2Gpu.MaxForward);
        maxForward(config, from, to, chosen, x.Height, x.Width, Flag(!switches.IsNone), unit);
    }

    /// <inheritdoc/>
    public void PoolBackward(FeatureMap dY, FeatureMap dX, Pooling pooling, DeviceBytes switches, DeviceBytes reluBits,
        bool accumulate)
    {
        OperationChecks.PoolBackward(dY, dX, pooling, switches);
        View from = View(dY), to = View(dX);
        Bits mask = ReluBits(reluBits, dX), chosen = Switches(switches, dY);
        KernelConfig config = Pool2x2BackwardGpu.Config(dX.Channels, dX.Height, dX.Width);
        Constant masked = Flag(!reluBits.IsNone), adds = Flag(accumulate), unit = new(Pool2x2Gpu.Unit(dX.Width));
        if (pooling == Pooling.Average)
        {
            averageBackward ??= accelerator.LoadStreamKernel<View, View, Bits, int, int, Constant, Constant, Constant>(
                Pool2x2BackwardGpu.Average);
            averageBackward(config, from, to, mask, dX.Height, dX.Width, masked, adds, unit);
            return;
        }
        maxBackward ??= accelerator.LoadStreamKernel<View, Bits, View, Bits, int, int, Constant, Constant, Constant>(
            Pool2x2BackwardGpu.Max);
        maxBackward(config, from, chosen, to, mask, dX.Height, dX.Width, masked, adds, unit);
    }

    /// <inheritdoc/>
    public void ReluBackward(FeatureMap dX, DeviceBytes reluBits)
    {
        OperationChecks.ReluBits(reluBits);
        View to = View(dX);
        Bits mask = ReluBits(reluBits, dX);
        if (dX.Width % 8 == 0)
        {
            reluMaskFours ??= accelerator.LoadStreamKernel<View, Bits>(ReluBackwardGpu.MaskFours);
            reluMaskFours(ElementLaunch.ForFours(to.Length), to, mask);
            return;
        }
        reluMask ??= accelerator.LoadStreamKernel<View, Bits, int, int>(ReluBackwardGpu.Mask);
        reluMask(MapLaunch.For(dX.Channels, dX.Height, dX.Width), to, mask, dX.Height, dX.Width);
    }

    private static Constant Flag(bool value) => new(value ? 1 : 0);
}
