using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Vectors;

/// <summary>Inner products of up to 16 vectors with one, in float64 (a product of two float32 is exact there): the other vector
/// is read once for all of them. Defined by <see cref="VectorReference.Dot"/>.</summary>
/// <remarks>Launched with <see cref="GroupSum.For"/>; <see cref="GroupSum.Finish"/> adds the partial sums. The thread map and the
/// order of additions are those of <see cref="GroupSum"/> for fours, for every vector on its own.</remarks>
public static class DotsGpu
{
    /// <summary>Most vectors of one launch.</summary>
    public const int MostVectors = 16;

    private const int Lanes = 32;
    private const int Warps = GroupSum.Threads / Lanes;

    /// <summary>The smallest number of vectors for which a kernel is compiled, and which is enough: 1, 2, 4, 8 or 16.</summary>
    /// <param name="count">1 to 16.</param>
    public static int Padded(int count) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count);

    /// <summary>partials[first + k, group] = the group's part of aₖ·b.</summary>
    /// <param name="a">Vectors of b's length; of those beyond <paramref name="count"/> nothing is read.</param>
    /// <param name="b">One vector.</param>
    /// <param name="partials">[…, groups of the launch]. Rows <paramref name="first"/> to first + count − 1 are
    /// overwritten.</param>
    /// <param name="first">Row of the first vector.</param>
    /// <param name="count">Vectors, 1 to 16.</param>
    public static void Partials(Vectors16 a, ArrayView<float> b, ArrayView<double> partials, int first,
        SpecializedValue<int> count)
    {
        ArrayView<double> warps = SharedMemory.Allocate<double>(MostVectors * Warps);
        ArrayView<double> sums = LocalMemory.Allocate<double>(MostVectors);
        for (int k = 0; k < MostVectors; k++) sums[k] = 0;
        long n = GroupSum.First;
        for (; FourNeighbours.Whole(b, n); n += GroupSum.Stride) Add(a, b, n, true, count.Value, sums);
        if (FourNeighbours.Part(b, n)) Add(a, b, n, false, count.Value, sums);
        for (int k = 0; k < count.Value; k++)
        {
            double sum = GroupSum.OfWarp(sums[k]);
            if (Warp.LaneIdx == 0) warps[k * Warps + Group.IdxX / Lanes] = sum;
        }
        // Thread k adds what the warps found for vector k.
        Group.Barrier();
        int vector = Group.IdxX;
        if (vector >= count.Value) return;
        double total = 0;
        for (int w = 0; w < Warps; w++) total += warps[vector * Warps + w];
        partials[(first + vector) * Grid.DimX + Grid.IdxX] = total;
    }

    private static void Add(Vectors16 a, ArrayView<float> b, long n, bool whole, int count, ArrayView<double> sums)
    {
        Float4 factors = FourNeighbours.Read(b, n, whole);
        sums[0] = Add(sums[0], a.V0, factors, n, whole);
        if (count > 1) sums[1] = Add(sums[1], a.V1, factors, n, whole);
        if (count > 2) sums[2] = Add(sums[2], a.V2, factors, n, whole);
        if (count > 3) sums[3] = Add(sums[3], a.V3, factors, n, whole);
        if (count > 4) sums[4] = Add(sums[4], a.V4, factors, n, whole);
        if (count > 5) sums[5] = Add(sums[5], a.V5, factors, n, whole);
        if (count > 6) sums[6] = Add(sums[6], a.V6, factors, n, whole);
        if (count > 7) sums[7] = Add(sums[7], a.V7, factors, n, whole);
        if (count > 8) sums[8] = Add(sums[8], a.V8, factors, n, whole);
        if (count > 9) sums[9] = Add(sums[9], a.V9, factors, n, whole);
        if (count > 10) sums[10] = Add(sums[10], a.V10, factors, n, whole);
        if (count > 11) sums[11] = Add(sums[11], a.V11, factors, n, whole);
        if (count > 12) sums[12] = Add(sums[12], a.V12, factors, n, whole);
        if (count > 13) sums[13] = Add(sums[13], a.V13, factors, n, whole);
        if (count > 14) sums[14] = Add(sums[14], a.V14, factors, n, whole);
        if (count > 15) sums[15] = Add(sums[15], a.V15, factors, n, whole);
    }

    private static double Add(double sum, ArrayView<float> vector, Float4 factors, long n, bool whole)
    {
        Float4 v = FourNeighbours.Read(vector, n, whole);
        sum += (double)v.X * factors.X;
        sum += (double)v.Y * factors.Y;
        sum += (double)v.Z * factors.Z;
        return sum + (double)v.W * factors.W;
    }
}
