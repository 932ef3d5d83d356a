namespace GatysGpu.Kernels.Vectors;

/// <summary>Sixteen vectors as one parameter of a kernel: a kernel cannot index its parameters, so each has a name.</summary>
/// <param name="vectors">1 to 16 of one length; the first one stands in for those that are missing.</param>
public readonly struct Vectors16(ReadOnlySpan<ArrayView<float>> vectors)
{
#pragma warning disable CS1591 // A vector is as good as another.
    public readonly ArrayView<float> V0 = vectors[0];
    public readonly ArrayView<float> V1 = At(vectors, 1);
    public readonly ArrayView<float> V2 = At(vectors, 2);
    public readonly ArrayView<float> V3 = At(vectors, 3);
    public readonly ArrayView<float> V4 = At(vectors, 4);
    public readonly ArrayView<float> V5 = At(vectors, 5);
    public readonly ArrayView<float> V6 = At(vectors, 6);
    public readonly ArrayView<float> V7 = At(vectors, 7);
    public readonly ArrayView<float> V8 = At(vectors, 8);
    public readonly ArrayView<float> V9 = At(vectors, 9);
    public readonly ArrayView<float> V10 = At(vectors, 10);
    public readonly ArrayView<float> V11 = At(vectors, 11);
    public readonly ArrayView<float> V12 = At(vectors, 12);
    public readonly ArrayView<float> V13 = At(vectors, 13);
    public readonly ArrayView<float> V14 = At(vectors, 14);
    public readonly ArrayView<float> V15 = At(vectors, 15);
#pragma warning restore CS1591

    private static ArrayView<float> At(ReadOnlySpan<ArrayView<float>> vectors, int k) => vectors[k < vectors.Length ? k : 0];
}

/// <summary>Sixteen factors as one parameter of a kernel.</summary>
/// <param name="factors">Up to 16; a missing one is 0.</param>
public readonly struct Factors16(ReadOnlySpan<float> factors)
{
#pragma warning disable CS1591 // A factor is as good as another.
    public readonly float F0 = At(factors, 0);
    public readonly float F1 = At(factors, 1);
    public readonly float F2 = At(factors, 2);
    public readonly float F3 = At(factors, 3);
    public readonly float F4 = At(factors, 4);
    public readonly float F5 = At(factors, 5);
    public readonly float F6 = At(factors, 6);
    public readonly float F7 = At(factors, 7);
    public readonly float F8 = At(factors, 8);
    public readonly float F9 = At(factors, 9);
    public readonly float F10 = At(factors, 10);
    public readonly float F11 = At(factors, 11);
    public readonly float F12 = At(factors, 12);
    public readonly float F13 = At(factors, 13);
    public readonly float F14 = At(factors, 14);
    public readonly float F15 = At(factors, 15);
#pragma warning restore CS1591

    private static float At(ReadOnlySpan<float> factors, int k) => k < factors.Length ? factors[k] : 0;
}

/// <summary>Sixty-four vectors and a factor for each.</summary>
/// <param name="vectors">1 to 64 of one length; the first one stands in for those that are missing.</param>
/// <param name="factors">As many; a missing one is 0.</param>
public readonly struct WeightedVectors64(ReadOnlySpan<ArrayView<float>> vectors, ReadOnlySpan<float> factors)
{
    /// <summary>Vectors 0 to 15.</summary>
    public readonly Vectors16 V0 = Vectors(vectors, 0);

    /// <summary>Vectors 16 to 31.</summary>
    public readonly Vectors16 V16 = Vectors(vectors, 16);

    /// <summary>Vectors 32 to 47.</summary>
    public readonly Vectors16 V32 = Vectors(vectors, 32);

    /// <summary>Vectors 48 to 63.</summary>
    public readonly Vectors16 V48 = Vectors(vectors, 48);

    /// <summary>Their factors.</summary>
    public readonly Factors16 F0 = Factors(factors, 0);

    /// <summary>Their factors.</summary>
    public readonly Factors16 F16 = Factors(factors, 16);

    /// <summary>Their factors.</summary>
    public readonly Factors16 F32 = Factors(factors, 32);

    /// <summary>Their factors.</summary>
    public readonly Factors16 F48 = Factors(factors, 48);

    private static Vectors16 Vectors(ReadOnlySpan<ArrayView<float>> all, int first) =>
        new(first < all.Length ? all.Slice(first, Math.Min(16, all.Length - first)) : all[..1]);

    private static Factors16 Factors(ReadOnlySpan<float> all, int first) =>
        new(first < all.Length ? all.Slice(first, Math.Min(16, all.Length - first)) : []);
}
