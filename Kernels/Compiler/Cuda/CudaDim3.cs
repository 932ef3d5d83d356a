using System.Globalization;

namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>Sizes of a grid, in blocks, or of a block, in threads.</summary>
/// <param name="X">Size of the dimension whose neighbours share a warp.</param>
/// <param name="Y">Size of the second dimension.</param>
/// <param name="Z">Size of the third dimension.</param>
public readonly record struct CudaDim3(int X, int Y = 1, int Z = 1)
{
    /// <summary>X·Y·Z.</summary>
    public long Count => (long)X * Y * Z;

    /// <summary>"X×Y×Z".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X}×{Y}×{Z}");
}

/// <summary>The shape of a kernel's launch.</summary>
/// <param name="Grid">Blocks.</param>
/// <param name="Block">Threads of a block.</param>
/// <param name="DynamicSharedBytes">Shared memory of a block beyond what the kernel itself declares, bytes.</param>
public readonly record struct CudaLaunchShape(CudaDim3 Grid, CudaDim3 Block, int DynamicSharedBytes = 0)
{
    /// <summary>For example "grid 10×1×1, block 256×1×1, 0 dynamic shared bytes".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"grid {Grid}, block {Block}, {DynamicSharedBytes} dynamic shared bytes");
}
