namespace GatysGpu.Kernels.Simd;

/// <summary>Vectors of a register tile's row, as a type, so that each count becomes its own straight-line code.</summary>
internal interface IVectors
{
    /// <summary>1 to 3.</summary>
    static abstract int Count { get; }
}

internal readonly struct Vectors3 : IVectors { public static int Count => 3; }

internal readonly struct Vectors2 : IVectors { public static int Count => 2; }

internal readonly struct Vectors1 : IVectors { public static int Count => 1; }
