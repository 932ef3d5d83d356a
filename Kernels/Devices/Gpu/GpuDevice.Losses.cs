using GatysGpu.Kernels.Losses;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Devices.Gpu;

using Constant = SpecializedValue<int>;
using Doubles = ArrayView<double>;
using View = ArrayView<float>;

// Losses that are sums over elements, each with its gradient.
public sealed partial class GpuDevice
{
    private Action<KernelConfig, Doubles, int, double, Doubles, int>? finish;
    private Action<KernelConfig, View, View, double, Doubles>? gramLoss;
    private Action<KernelConfig, View, View, float, View, Doubles, Constant>? contentLoss;
    private Action<KernelConfig, View, int, int, float, View, Doubles, Constant>? totalVariation;

    /// <inheritdoc/>
    public void GramLoss(DeviceVector gram, DeviceVector target, double scale, long positions, DeviceScalar loss)
    {
        OperationChecks.GramLoss(gram, target, positions);
        View g = View(gram), a = View(target);
        Doubles result = View(loss);
        gramLoss ??= accelerator.LoadStreamKernel<View, View, double, Doubles>(GramLossGpu.Partials);
        gramLoss(GroupSum.For(gram.Length), g, a, 4 * scale / positions, partials);
        Finish(1, gram.Length, scale, result, loss.Index);
    }

    /// <inheritdoc/>
    public void ContentLoss(FeatureMap f, FeatureMap target, double scale, FeatureMap dF, bool accumulate, DeviceScalar loss)
    {
        OperationChecks.ContentLoss(f, target, dF);
        View from = View(f), wanted = View(target), to = View(dF);
        Doubles result = View(loss);
        contentLoss ??= accelerator.LoadStreamKernel<View, View, float, View, Doubles, Constant>(ContentLossGpu.Partials);
        contentLoss(GroupSum.For(from.Length), from, wanted, (float)(2 * scale), to, partials, Flag(accumulate));
        Finish(1, from.Length, scale, result, loss.Index);
    }

    /// <inheritdoc/>
    public void TotalVariation(DeviceImage image, double scale, DeviceImage dImage, bool accumulate, DeviceScalar loss)
    {
        OperationChecks.TotalVariation(image, dImage);
        View from = View(image), to = View(dImage);
        Doubles result = View(loss);
        totalVariation ??= accelerator.LoadStreamKernel<View, int, int, float, View, Doubles, Constant>(
            TotalVariationGpu.Partials);
        totalVariation(GroupSum.For(from.Length), from, image.Height, image.Width, (float)(2 * scale), to, partials,
            Flag(accumulate));
        Finish(1, from.Length, scale, result, loss.Index);
    }

    /// <summary>results[first…] = scale · the sums whose partial sums lie in <see cref="partials"/>, for arrays of this
    /// length.</summary>
    private void Finish(int count, long length, double scale, Doubles results, int first)
    {
        finish ??= accelerator.LoadStreamKernel<Doubles, int, double, Doubles, int>(GroupSum.Finish);
        finish(GroupSum.ForFinish(count), partials, GroupSum.Groups(length), scale, results, first);
    }
}
