namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>The groups of a launch. Only inside a kernel.</summary>
public static class Grid
{
    /// <summary>This group's place along x, from 0.</summary>
    public static int IdxX => KernelOnly.Throw<int>("Grid.IdxX");

    /// <summary>This group's place along y, from 0.</summary>
    public static int IdxY => KernelOnly.Throw<int>("Grid.IdxY");

    /// <summary>This group's place along z, from 0.</summary>
    public static int IdxZ => KernelOnly.Throw<int>("Grid.IdxZ");

    /// <summary>Number of groups along x.</summary>
    public static int DimX => KernelOnly.Throw<int>("Grid.DimX");

    /// <summary>Number of groups along y.</summary>
    public static int DimY => KernelOnly.Throw<int>("Grid.DimY");

    /// <summary>Number of groups along z.</summary>
    public static int DimZ => KernelOnly.Throw<int>("Grid.DimZ");
}
