namespace GatysGpu.Kernels.Simd;

/// <summary>Rows or vectors of a register tile, as a type, so that each number becomes its own straight-line code.</summary>
internal interface ICount
{
    /// <summary>1 to 12.</summary>
    static abstract int Value { get; }
}

internal readonly struct Count1 : ICount { public static int Value => 1; }

internal readonly struct Count2 : ICount { public static int Value => 2; }

internal readonly struct Count3 : ICount { public static int Value => 3; }

internal readonly struct Count4 : ICount { public static int Value => 4; }

internal readonly struct Count6 : ICount { public static int Value => 6; }

internal readonly struct Count8 : ICount { public static int Value => 8; }

internal readonly struct Count12 : ICount { public static int Value => 12; }
