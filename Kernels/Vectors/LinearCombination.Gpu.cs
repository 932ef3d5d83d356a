using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Vectors;

/// <summary>Linear combination of up to 64 vectors in one pass over memory. Defined by
/// <see cref="VectorReference.LinearCombination"/>.</summary>
/// <remarks>Launched with <see cref="ElementLaunch.For"/>: a thread has one element, reads it of every vector (64 loads under way
/// at once), then writes it; so the result may be one of the vectors.</remarks>
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
        long i = ElementLaunch.Index;
        if (i >= result.Length) return;
        float sum = Add(terms.V0, terms.F0, count.Value, i, 0);
        if (count.Value > 16) sum = Add(terms.V16, terms.F16, count.Value - 16, i, sum);
        if (count.Value > 32) sum = Add(terms.V32, terms.F32, count.Value - 32, i, sum);
        if (count.Value > 48) sum = Add(terms.V48, terms.F48, count.Value - 48, i, sum);
        result[i] = sum;
    }

    private static float Add(Vectors16 v, Factors16 f, int count, long i, float sum)
    {
        sum += f.F0 * v.V0[i];
        if (count > 1) sum += f.F1 * v.V1[i];
        if (count > 2) sum += f.F2 * v.V2[i];
        if (count > 3) sum += f.F3 * v.V3[i];
        if (count > 4) sum += f.F4 * v.V4[i];
        if (count > 5) sum += f.F5 * v.V5[i];
        if (count > 6) sum += f.F6 * v.V6[i];
        if (count > 7) sum += f.F7 * v.V7[i];
        if (count > 8) sum += f.F8 * v.V8[i];
        if (count > 9) sum += f.F9 * v.V9[i];
        if (count > 10) sum += f.F10 * v.V10[i];
        if (count > 11) sum += f.F11 * v.V11[i];
        if (count > 12) sum += f.F12 * v.V12[i];
        if (count > 13) sum += f.F13 * v.V13[i];
        if (count > 14) sum += f.F14 * v.V14[i];
        if (count > 15) sum += f.F15 * v.V15[i];
        return sum;
    }
}
