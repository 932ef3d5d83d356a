using GatysGpu.Kernels.Gpu;
using GatysGpu.Kernels.Vectors;

namespace GatysGpu.Kernels.Devices.Gpu;

using Constant = SpecializedValue<int>;
using Doubles = ArrayView<double>;
using View = ArrayView<float>;

// Vector operations of the optimisers.
public sealed partial class GpuDevice
{
    private Action<KernelConfig, Vectors16, View, Doubles, int, Constant>? dots;
    private Action<KernelConfig, WeightedVectors64, View, Constant>? combine;
    private Action<KernelConfig, View, float, float>? clamp;
    private Action<KernelConfig, View, float, float, View>? projectGradient;
    private Action<KernelConfig, View, View, View, View, View, AdamConstants>? adamStep;

    /// <inheritdoc/>
    public void Dots(ReadOnlySpan<DeviceVector> a, DeviceVector b, Span<double> results)
    {
        OperationChecks.Dots(a, b, results.Length);
        View with = View(b);
        for (int k = 0; k < a.Length; k++) views[k] = View(a[k]);
        results.Clear();
        if (a.Length == 0 || b.Length == 0) return;
        dots ??= accelerator.LoadStreamKernel<Vectors16, View, Doubles, int, Constant>(DotsGpu.Partials);
        for (int first = 0; first < a.Length; first += DotsGpu.MostVectors)
        {
            int count = Math.Min(DotsGpu.MostVectors, a.Length - first);
            dots(GroupSum.For(b.Length), new Vectors16(views.AsSpan(first, count)), with, partials, first,
                new(DotsGpu.Padded(count)));
        }
        Finish(a.Length, b.Length, 1, sums, 0);
        sums.SubView(0, a.Length).CopyToCPU(results);
    }

    /// <inheritdoc/>
    public void LinearCombination(ReadOnlySpan<double> coefficients, ReadOnlySpan<DeviceVector> vectors, DeviceVector result)
    {
        OperationChecks.LinearCombination(coefficients.Length, vectors, result);
        View to = View(result);
        Span<float> factors = stackalloc float[vectors.Length];
        for (int k = 0; k < vectors.Length; k++) (views[k], factors[k]) = (View(vectors[k]), (float)coefficients[k]);
        if (result.Length == 0) return;
        combine ??= accelerator.LoadStreamKernel<WeightedVectors64, View, Constant>(LinearCombinationGpu.Combine);
        combine(ElementLaunch.ForFours(result.Length), new WeightedVectors64(views.AsSpan(0, vectors.Length), factors), to,
            new(LinearCombinationGpu.Padded(vectors.Length)));
    }

    /// <inheritdoc/>
    public void Clamp(DeviceVector x, float low, float high)
    {
        OperationChecks.Clamp(low, high);
        View view = View(x);
        if (x.Length == 0) return;
        clamp ??= accelerator.LoadStreamKernel<View, float, float>(VectorsGpu.Clamp);
        clamp(ElementLaunch.ForFours(x.Length), view, low, high);
    }

    /// <inheritdoc/>
    public void ProjectGradient(DeviceVector x, float low, float high, DeviceVector g)
    {
        OperationChecks.ProjectGradient(x, g);
        View at = View(x), gradient = View(g);
        if (x.Length == 0) return;
        projectGradient ??= accelerator.LoadStreamKernel<View, float, float, View>(VectorsGpu.ProjectGradient);
        projectGradient(ElementLaunch.ForFours(x.Length), at, low, high, gradient);
    }

    /// <inheritdoc/>
    public void AdamStep(DeviceVector x, DeviceVector g, DeviceVector m, DeviceVector v, DeviceVector average,
        in AdamSettings settings)
    {
        OperationChecks.AdamStep(x, g, m, v, average, settings.Step);
        View at = View(x), gradient = View(g), first = View(m), second = View(v), mean = View(average);
        if (x.Length == 0) return;
        adamStep ??= accelerator.LoadStreamKernel<View, View, View, View, View, AdamConstants>(VectorsGpu.AdamStep);
        adamStep(ElementLaunch.ForFours(x.Length), at, gradient, first, second, mean, new AdamConstants(settings));
    }
}
