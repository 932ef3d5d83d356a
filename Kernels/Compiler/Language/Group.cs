namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>The threads of one group (CUDA: thread block). Only inside a kernel.</summary>
public static class Group
{
    /// <summary>This thread's place along x, from 0.</summary>
    public static int IdxX => KernelOnly.Throw<int>("Group.IdxX");

    /// <summary>This thread's place along y, from 0.</summary>
    public static int IdxY => KernelOnly.Throw<int>("Group.IdxY");

    /// <summary>This thread's place along z, from 0.</summary>
    public static int IdxZ => KernelOnly.Throw<int>("Group.IdxZ");

    /// <summary>Number of threads along x.</summary>
    public static int DimX => KernelOnly.Throw<int>("Group.DimX");

    /// <summary>Number of threads along y.</summary>
    public static int DimY => KernelOnly.Throw<int>("Group.DimY");

    /// <summary>Number of threads along z.</summary>
    public static int DimZ => KernelOnly.Throw<int>("Group.DimZ");

    /// <summary>Waits until every thread of the group is here; what they wrote to shared and global memory is then seen by all.</summary>
    public static void Barrier() => KernelOnly.Throw("Group.Barrier");

    /// <summary>A barrier that tells every thread in how many of them <paramref name="predicate"/> holds.</summary>
    public static int BarrierPopCount(bool predicate) => KernelOnly.Throw<int>("Group.BarrierPopCount");

    /// <summary>A barrier that tells every thread whether <paramref name="predicate"/> holds in all.</summary>
    public static bool BarrierAnd(bool predicate) => KernelOnly.Throw<bool>("Group.BarrierAnd");

    /// <summary>A barrier that tells every thread whether <paramref name="predicate"/> holds in any.</summary>
    public static bool BarrierOr(bool predicate) => KernelOnly.Throw<bool>("Group.BarrierOr");
}
