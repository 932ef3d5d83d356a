using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Vectors;

/// <summary>Inner products of up to 16 vectors with one, in float64 (a product of two float32 is exact there): the other vector
/// is read once for all of them. Defined by <see cref="VectorReference.Dot"/>.</summary>
/// <remarks>Launched with <see cref="GroupSum.For"/>; <see cref="GroupSum.Finish"/> adds the partial sums. The thread map and the
/// order of additions are those of <see cref="GroupSum"/>, for every vector on its own.</remarks>
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
        for (long i = GroupSum.First; i < b.Length; i += GroupSum.Stride)
        {
            double factor = b[i];
            sums[0] += a.V0[i] * factor;
            if (count.Value > 1) sums[1] += a.V1[i] * factor;
            if (count.Value > 2) sums[2] += a.V2[i] * factor;
            if (count.Value > 3) sums[3] += a.V3[i] * factor;
            if (count.Value > 4) sums[4] += a.V4[i] * factor;
            if (count.Value > 5) sums[5] += a.V5[i] * factor;
            if (count.Value > 6) sums[6] += a.V6[i] * factor;
            if (count.Value > 7) sums[7] += a.V7[i] * factor;
            if (count.Value > 8) sums[8] += a.V8[i] * factor;
            if (count.Value > 9) sums[9] += a.V9[i] * factor;
            if (count.Value > 10) sums[10] += a.V10[i] * factor;
            if (count.Value > 11) sums[11] += a.V11[i] * factor;
            if (count.Value > 12) sums[12] += a.V12[i] * factor;
            if (count.Value > 13) sums[13] += a.V13[i] * factor;
            if (count.Value > 14) sums[14] += a.V14[i] * factor;
            if (count.Value > 15) sums[15] += a.V15[i] * factor;
        }
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
}
