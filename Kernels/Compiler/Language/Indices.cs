namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>A coordinate or an extent in some number of dimensions.</summary>
public interface IIndex;

/// <summary>One coordinate, or an extent in one dimension.</summary>
public readonly struct Index1D(int x) : IIndex
{
    /// <summary>The coordinate.</summary>
    public int X { get; } = x;

    /// <summary>The coordinate as a number.</summary>
    public static implicit operator int(Index1D index) => index.X;

    /// <summary>A number as a coordinate.</summary>
    public static implicit operator Index1D(int x) => new(x);

    /// <inheritdoc/>
    public override string ToString() => $"{X}";
}

/// <summary>Two coordinates, or an extent in two dimensions.</summary>
public readonly struct Index2D(int x, int y) : IIndex
{
    /// <summary>The first coordinate, the one that runs fastest over threads.</summary>
    public int X { get; } = x;

    /// <summary>The second coordinate.</summary>
    public int Y { get; } = y;

    /// <inheritdoc/>
    public override string ToString() => $"({X}, {Y})";
}

/// <summary>Three coordinates, or an extent in three dimensions.</summary>
public readonly struct Index3D(int x, int y, int z) : IIndex
{
    /// <summary>The first coordinate, the one that runs fastest over threads.</summary>
    public int X { get; } = x;

    /// <summary>The second coordinate.</summary>
    public int Y { get; } = y;

    /// <summary>The third coordinate.</summary>
    public int Z { get; } = z;

    /// <summary>Product of the three as 64 bits.</summary>
    public long LongSize => (long)X * Y * Z;

    /// <inheritdoc/>
    public override string ToString() => $"({X}, {Y}, {Z})";
}
