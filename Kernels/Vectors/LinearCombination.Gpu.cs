using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Vectors;

/// <summary>Linear combination of up to 64 vectors in one pass over memory. Defined by
/// <see cref="VectorReference.LinearCombination"/>.</summary>
/// <remarks>Launched with <see cref="ElementLaunch.ForFours"/>: a thread has four neighbours, reads them of every vector, then
/// writes them; so the result may be one of the vectors.</remarks>
public static class LinearCombinationGpu
{
    /// <summary>Most vectors.</summary>
    public const int MostVectors = 64;

    /// <summary>The smallest number of vectors for which a kernel is compiled, and which is enough: 1, 2, 4, … 64.</summary>
    /// <param name="count">1 to 64.</param>
    public static int Padded(int count) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count);

    /// <summary>result = Σᵥ factorᵥ · vectorᵥ.</summary>
    /// <param name="terms">Vectors of the result's length and their factors; of those beyond <paramref name="count"/> nothing is
    /// read.</param>
    /// <param name="result">Overwritten.</param>
    /// <param name="count">A power of two, 1 to 64.</param>
    public static void Combine(WeightedVectors64 terms, ArrayView<float> result, SpecializedValue<int> count)
    {
        long n = ElementLaunch.Index;
        if (FourNeighbours.Whole(result, n)) Combine(terms, result, count.Value, n, true);
        else if (FourNeighbours.Part(result, n)) Combine(terms, result, count.Value, n, false);
    }

    private static void Combine(WeightedVectors64 terms, ArrayView<float> result, int count, long n, bool whole)
    {
        Float4 sum = AddSixteen(terms.V0, terms.F0, count, n, whole, new Float4(0, 0, 0, 0));
        if (count > 16) sum = AddSixteen(terms.V16, terms.F16, count - 16, n, whole, sum);
        if (count > 32) sum = AddSixteen(terms.V32, terms.F32, count - 32, n, whole, sum);
        if (count > 48) sum = AddSixteen(terms.V48, terms.F48, count - 48, n, whole, sum);
        FourNeighbours.Write(result, n, whole, sum);
    }

    private static Float4 AddSixteen(Vectors16 v, Factors16 f, int count, long n, bool whole, Float4 sum)
    {
        sum = Add(sum, f.F0, v.V0, n, whole);
        if (count > 1) sum = Add(sum, f.F1, v.V1, n, whole);
        if (count > 2) sum = Add(sum, f.F2, v.V2, n, whole);
        if (count > 3) sum = Add(sum, f.F3, v.V3, n, whole);
        if (count > 4) sum = Add(sum, f.F4, v.V4, n, whole);
        if (count > 5) sum = Add(sum, f.F5, v.V5, n, whole);
        if (count > 6) sum = Add(sum, f.F6, v.V6, n, whole);
        if (count > 7) sum = Add(sum, f.F7, v.V7, n, whole);
        if (count > 8) sum = Add(sum, f.F8, v.V8, n, whole);
        if (count > 9) sum = Add(sum, f.F9, v.V9, n, whole);
        if (count > 10) sum = Add(sum, f.F10, v.V10, n, whole);
        if (count > 11) sum = Add(sum, f.F11, v.V11, n, whole);
        if (count > 12) sum = Add(sum, f.F12, v.V12, n, whole);
        if (count > 13) sum = Add(sum, f.F13, v.V13, n, whole);
        if (count > 14) sum = Add(sum, f.F14, v.V14, n, whole);
        if (count > 15) sum = Add(sum, f.F15, v.V15, n, whole);
        return sum;
    }

    private static Float4 Add(Float4 sum, float factor, ArrayView<float> vector, long n, bool whole)
    {
        Float4 v = FourNeighbours.Read(vector, n, whole);
        return new Float4(sum.X + factor * v.X, sum.Y + factor * v.Y, sum.Z + factor * v.Z, sum.W + factor * v.W);
    }
}
