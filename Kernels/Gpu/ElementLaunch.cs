namespace GatysGpu.Kernels.Gpu;

/// <summary>Launches of kernels in which a thread has one element of a flat array, or four neighbours.</summary>
public static class ElementLaunch
{
    /// <summary>Threads of a group.</summary>
    public const int Threads = 256;

    /// <summary>Enough groups for every element.</summary>
    /// <param name="length">At least 1.</param>
    public static KernelConfig For(long length) =>
        new(new Index1D(checked((int)((length + Threads - 1) / Threads))), new Index1D(Threads));

    /// <summary>Enough groups for every four neighbours, the last of which may be fewer.</summary>
    /// <param name="length">At least 1.</param>
    public static KernelConfig ForFours(long length) => For((length + 3) / 4);

    /// <summary>The element or the four of this thread; may lie behind the end. Only inside a kernel.</summary>
    public static long Index => (long)Grid.IdxX * Threads + Group.IdxX;
}
