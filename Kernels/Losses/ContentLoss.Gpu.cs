using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Losses;

// loss     = scale · Σ_i (F[i] − P[i])²
// dF[i] (+)= factor · (F[i] − P[i]),  factor = 2 · scale

/// <summary>Content loss and its gradient in one pass over memory. Defined by <see cref="ContentLossReference"/>.</summary>
/// <remarks>Launched with <see cref="GroupSum.For"/>, whose thread map and order of additions it has, for fours;
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
        long n = GroupSum.First;
        for (; FourNeighbours.Whole(f, n); n += GroupSum.Stride)
            sum = Add(sum, f, target, factor, dF, accumulate.Value, n, true);
        if (FourNeighbours.Part(f, n)) sum = Add(sum, f, target, factor, dF, accumulate.Value, n, false);
        sum = GroupSum.OfGroup(sum);
        if (Group.IdxX == 0) partials[Grid.IdxX] = sum;
    }

    private static double Add(double sum, ArrayView<float> f, ArrayView<float> target, float factor, ArrayView<float> dF,
        int accumulate, long n, bool whole)
    {
        Float4 a = FourNeighbours.Read(f, n, whole), b = FourNeighbours.Read(target, n, whole);
        Float4 d = new(a.X - b.X, a.Y - b.Y, a.Z - b.Z, a.W - b.W);
        Float4 to = accumulate != 0 ? FourNeighbours.Read(dF, n, whole) : new Float4(0, 0, 0, 0);
        FourNeighbours.Write(dF, n, whole,
            new Float4(to.X + factor * d.X, to.Y + factor * d.Y, to.Z + factor * d.Z, to.W + factor * d.W));
        sum += (double)d.X * d.X;
        sum += (double)d.Y * d.Y;
        sum += (double)d.Z * d.Z;
        return sum + (double)d.W * d.W;
    }
}
