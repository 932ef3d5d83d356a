namespace GatysGpu.Kernels.Simd;

/// <summary>A vector width of the processor, as a type that kernels are written against: the same source becomes 512-bit, 256-bit
/// and 128-bit code, chosen when the just-in-time compiler sees the type arguments.</summary>
/// <typeparam name="TVector">The vector of float32, such as <c>Vector512&lt;float&gt;</c>.</typeparam>
/// <remarks>A lane is always one channel of a block of <see cref="Lanes"/> channels, except in flat vector operations, where
/// it is one element.</remarks>
internal unsafe interface ISimd<TVector> where TVector : unmanaged
{
    /// <summary>float32 values in a vector: 16, 8 or 4.</summary>
    static abstract int Lanes { get; }

    /// <summary>Whether the instruction set has 32 vector registers (else 16): how large a register tile may be.</summary>
    static abstract bool HasManyRegisters { get; }

    /// <summary>All lanes 0.</summary>
    static abstract TVector Zero { get; }

    /// <summary>All lanes <paramref name="value"/>.</summary>
    static abstract TVector Create(float value);

    /// <summary>Reads <see cref="Lanes"/> values, of any alignment.</summary>
    static abstract TVector Load(float* source);

    /// <summary>Writes <see cref="Lanes"/> values, of any alignment.</summary>
    static abstract void Store(TVector value, float* destination);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a · b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a · b + c, rounded once where the processor can (all but the oldest).</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The larger of each pair; b where either is NaN or both are zero.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>Bit i is set where lane i of <paramref name="value"/> is above 0.</summary>
    static abstract uint PositiveBits(TVector value);

    /// <summary>Bit i is set where lane i of <paramref name="a"/> is above that of <paramref name="b"/>.</summary>
    static abstract uint GreaterBits(TVector a, TVector b);

    /// <summary>Lane i where bit i is set, else 0.</summary>
    static abstract TVector Keep(TVector value, uint bits);

    /// <summary>Sum of all lanes, in a fixed order, in float64.</summary>
    static abstract double Sum(TVector value);
}
