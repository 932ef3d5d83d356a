using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Losses;

// loss   = scale · Σ (G − A)²
// D      = factor · (G − A),  factor = 4 · scale / M

/// <summary>Gram loss and the matrix D with dF = D·F. Defined by <see cref="Gram.GramReference.Loss"/>.</summary>
/// <remarks>Launched with <see cref="GroupSum.For"/>, whose thread map and order of additions it has, for fours;
/// <see cref="GroupSum.Finish"/> adds the partial sums and applies the scale. G and A are large and their difference is small
/// near the end of a painting, so it is taken in float64, as on the CPU: there are only C² of them.</remarks>
public static class GramLossGpu
{
    /// <summary>D in the place of G, and the partial sums of (G − A)².</summary>
    /// <param name="gram">G. D overwrites it.</param>
    /// <param name="target">A, as long as G.</param>
    /// <param name="factor">4 · scale / M.</param>
    /// <param name="partials">One a group. Overwritten.</param>
    public static void Partials(ArrayView<float> gram, ArrayView<float> target, double factor, ArrayView<double> partials)
    {
        double sum = 0;
        long n = GroupSum.First;
        for (; FourNeighbours.Whole(gram, n); n += GroupSum.Stride) sum = Add(sum, gram, target, factor, n, true);
        if (FourNeighbours.Part(gram, n)) sum = Add(sum, gram, target, factor, n, false);
        sum = GroupSum.OfGroup(sum);
        if (Group.IdxX == 0) partials[Grid.IdxX] = sum;
    }

    private static double Add(double sum, ArrayView<float> gram, ArrayView<float> target, double factor, long n, bool whole)
    {
        Float4 g = FourNeighbours.Read(gram, n, whole), a = FourNeighbours.Read(target, n, whole);
        double x = (double)g.X - a.X, y = (double)g.Y - a.Y, z = (double)g.Z - a.Z, w = (double)g.W - a.W;
        FourNeighbours.Write(gram, n, whole,
            new Float4((float)(factor * x), (float)(factor * y), (float)(factor * z), (float)(factor * w)));
        sum += x * x;
        sum += y * y;
        sum += z * z;
        return sum + w * w;
    }
}
