namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>A kernel parameter that is a compile-time constant of that instance of the kernel: each value compiles one.</summary>
public readonly struct SpecializedValue<T>(T value) : IEquatable<SpecializedValue<T>>, ISpecializedValue
    where T : unmanaged, IEquatable<T>
{
    /// <summary>The constant.</summary>
    public T Value { get; } = value;

    /// <summary>The constant.</summary>
    public static implicit operator T(SpecializedValue<T> value) => value.Value;

    object ISpecializedValue.Boxed => Value;

    /// <inheritdoc/>
    public bool Equals(SpecializedValue<T> other) => Value.Equals(other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SpecializedValue<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();
}

/// <summary>A specialised value of any type.</summary>
internal interface ISpecializedValue
{
    /// <summary>The constant itself.</summary>
    object Boxed { get; }
}

/// <summary>Makes <see cref="SpecializedValue{T}"/>.</summary>
public static class SpecializedValue
{
    /// <summary>The value as a constant of the kernel.</summary>
    public static SpecializedValue<T> New<T>(T value)
        where T : unmanaged, IEquatable<T> => new(value);
}
