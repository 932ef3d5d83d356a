using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Losses;

// loss     = scale · Σ_i (F[i] − P[i])²
// dF[i] (+)= factor · (F[i] − P[i]),  factor = 2 · scale

/// <summary>Content loss and its gradient in one pass over memory. Defined by <see cref="ContentLossReference"/>.</summary>
/// <remarks>Launched with <see cref="GroupSum.For"/>, whose thread map and order of additions it has;
/// <see cref="GroupSum.Finish"/> adds the partial sums and applies the scale. Maps are dense, so an element's channel and
/// position do not matter.</remarks>
public static class ContentLossGpu
{
    /// <summary>The gradient, and the partial sums of (F − P)².</summary>
    /// <param name="f">F.</param>
    /// <param name="target">P, as long as F.</param>
    /// <param name="factor">2 · scale.</param>
    /// <param name="dF">As long as F. Overwritten, or added to.</param>
    /// <param name="partials">One a group. Overwritten.</param>
    /// <param name="accumulate">1 adds to <paramref name="dF"/>, 0 overwrites it.</param>
    public static void Partials(ArrayView<float> f, ArrayView<float> target, float factor, ArrayView<float> dF,
        ArrayView<double> partials, SpecializedValue<int> accumulate)
    {
        double sum = 0;
        for (long i = GroupSum.First; i < f.Length; i += GroupSum.Stride)
        {
            float difference = f[i] - target[i], gradient = factor * difference;
            sum += (double)difference * difference;
            dF[i] = accumulate.Value != 0 ? dF[i] + gradient : gradient;
        }
        sum = GroupSum.OfGroup(sum);
        if (Group.IdxX == 0) partials[Grid.IdxX] = sum;
    }
}
