using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>The checker: runs optimised kernels in lockstep on the host, counts what a profiler would, and stops at the first
/// thing that would be undefined on a device.</summary>
/// <remarks>
/// Groups run one after the other in the order of the grid, x first; in a group, warps run one after the other up to the next
/// barrier; in a warp, lanes that part at a branch run one side after the other, that of the first successor first, and meet at
/// the branch's immediate post-dominator. So a launch gives the same results, faults and counts every time. Not safe for several
/// threads; machines on different memories are independent.
/// </remarks>
public sealed class SimtMachine(SimtMemory memory, SimtOptions options)
{
    private const int MaxThreads = 1024, MaxThreadsZ = 64, MaxGroupsYZ = 65535, MaxGroups = 1 << 30;

    private byte[] arena = [];

    /// <summary>The limits in force.</summary>
    public SimtOptions Options { get; } = options;

    /// <summary>Runs a kernel.</summary>
    /// <param name="kernel">Optimised; not changed from its first launch on.</param>
    /// <param name="arguments">The scalars at <see cref="Kernel.ArgumentOffsets"/>.</param>
    /// <param name="grid">Number of groups.</param>
    /// <param name="group">Threads of a group.</param>
    /// <param name="dynamicSharedBytes">Size of the dynamic shared array.</param>
    /// <returns>What a profiler would count.</returns>
    /// <exception cref="KernelFaultException">The kernel does something wrong, or the launch is impossible.</exception>
    public SimtCounters Launch(Kernel kernel, ReadOnlySpan<byte> arguments, Index3D grid, Index3D group, int dynamicSharedBytes)
    {
        CheckExtents(kernel, grid, group);
        SimtProgram program = SimtProgram.Of(kernel);
        CheckShared(program.Kernel, dynamicSharedBytes);
        CheckArguments(kernel, arguments.Length);
        SimtCounters counters = new GroupRun(program, memory, Options, arguments, grid, group, dynamicSharedBytes,
            ref arena).Run();
        // The run has only pointers into it.
        GC.KeepAlive(arena);
        return counters;
    }

    private static void CheckExtents(Kernel kernel, Index3D grid, Index3D group)
    {
        if (group.X < 1 || group.Y < 1 || group.Z < 1 || group.X > MaxThreads || group.Y > MaxThreads || group.Z > MaxThreadsZ
            || group.LongSize > MaxThreads)
        {
            throw new KernelFaultException(FaultKind.BadLaunch, kernel.Name,
                $"a group of {group} threads: each extent must be at least 1, z at most {MaxThreadsZ}, "
                + $"the product at most {MaxThreads}.");
        }
        if (grid.X < 1 || grid.Y < 1 || grid.Z < 1 || grid.Y > MaxGroupsYZ || grid.Z > MaxGroupsYZ || grid.LongSize > MaxGroups)
        {
            throw new KernelFaultException(FaultKind.BadLaunch, kernel.Name,
                $"a grid of {grid} groups: each extent must be at least 1, y and z at most {MaxGroupsYZ}, "
                + $"the product (checker only) at most {MaxGroups}.");
        }
    }

    private void CheckShared(Kernel kernel, int dynamicSharedBytes)
    {
        int fixedBytes = kernel.StaticSharedBytes;
        if (dynamicSharedBytes < 0)
            throw new KernelFaultException(FaultKind.BadLaunch, kernel.Name,
                $"{dynamicSharedBytes} bytes of dynamic shared memory.");
        if (fixedBytes > Options.StaticSharedBytes)
        {
            throw new KernelFaultException(FaultKind.SharedMemoryTooLarge, kernel.Name,
                $"its shared arrays take {fixedBytes} bytes, {Options.StaticSharedBytes} can be had. "
                + "Use SharedMemory.GetDynamic for more.");
        }
        long all = Math.Max(GroupRun.SharedBytes(kernel, dynamicSharedBytes), (long)fixedBytes + dynamicSharedBytes);
        if (all > Options.SharedBytes)
        {
            throw new KernelFaultException(FaultKind.SharedMemoryTooLarge, kernel.Name,
                $"{fixedBytes} bytes of shared arrays and {dynamicSharedBytes} of dynamic shared memory, "
                + $"{Options.SharedBytes} can be had. Use smaller tiles.");
        }
    }

    private static void CheckArguments(Kernel kernel, int bytes)
    {
        int needed = kernel.Parameters.Count == 0 ? 0
            : kernel.ArgumentOffsets[^1] + (kernel.Parameters[^1].Type.Is64Bit() ? 8 : 4);
        if (bytes < needed)
            throw new KernelFaultException(FaultKind.BadLaunch, kernel.Name,
                $"{bytes} bytes of arguments, its {kernel.Parameters.Count} scalars take {needed}.");
    }
}
