namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>A 16-bit float (IEEE 754 binary16) that is stored as such and computed with as <see cref="float"/>.</summary>
public readonly struct Half : IEquatable<Half>
{
    private readonly ushort bits;

    private Half(ushort bits) => this.bits = bits;

    /// <summary>The same number as 32 bits; exact.</summary>
    public static implicit operator float(Half value) => HalfBits.ToSingle(value.bits);

    /// <summary>The nearest 16-bit number, ties to even.</summary>
    public static explicit operator Half(float value) => new(HalfBits.FromSingle(value));

    /// <inheritdoc/>
    public bool Equals(Half other) => (float)this == other;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Half other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => bits;
}

/// <summary>The two conversions that the compiler knows.</summary>
internal static class HalfBits
{
    internal static float ToSingle(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);

    internal static ushort FromSingle(float value) => BitConverter.HalfToUInt16Bits((System.Half)value);
}
