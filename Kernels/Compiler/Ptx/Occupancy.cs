namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>How many groups of a kernel run at once on one multiprocessor, and what sets the limit.</summary>
/// <param name="Groups">Groups at once.</param>
/// <param name="Warps">Warps at once.</param>
/// <param name="MostWarps">Warps that the multiprocessor can hold.</param>
/// <param name="Limit">What sets the limit: "warps", "groups", "registers" or "shared memory".</param>
public readonly record struct Occupancy(int Groups, int Warps, int MostWarps, string Limit)
{
    private const int WarpSize = 32;
    private const int Registers = 65536;
    private const int Partitions = 4;
    private const int RegisterUnit = 256;
    private const int MostThreads = 1024;

    /// <summary>Warps per multiprocessor, groups per multiprocessor, bytes of shared memory per multiprocessor and per group
    /// (where the launch asks for it), and bytes of shared memory that the system takes of each group.</summary>
    /// <remarks>Source: NVIDIA, "CUDA C++ Programming Guide", table "Technical Specifications per Compute Capability", and the
    /// chapters on shared memory of the architectures' tuning guides. All have 65,536 registers in 4 partitions, given out to
    /// warps by 256.</remarks>
    private static (int Warps, int Groups, int Shared, int SharedOfGroup, int Reserved, int Unit) Limits(PtxTarget target) =>
        (target.Major, target.Minor) switch
        {
            (7, 0) => (64, 32, 96 << 10, 96 << 10, 0, 256),
            (7, 5) => (32, 16, 64 << 10, 64 << 10, 0, 256),
            (8, 0) => (64, 32, 164 << 10, 163 << 10, 1 << 10, 128),
            (8, 6) => (48, 16, 100 << 10, 99 << 10, 1 << 10, 128),
            (8, 9) => (48, 24, 100 << 10, 99 << 10, 1 << 10, 128),
            (9, 0) => (64, 32, 228 << 10, 227 << 10, 1 << 10, 128),
            _ => throw new ArgumentOutOfRangeException(nameof(target),
                $"the limits of {target} are not known, only of {string.Join(", ", PtxTarget.All)}"),
        };

    /// <summary>Share of the warps that the multiprocessor can hold.</summary>
    public double Share => (double)Warps / MostWarps;

    /// <summary>Largest shared memory of one group, static and dynamic together.</summary>
    public static int MostSharedBytes(PtxTarget target) => Limits(target).SharedOfGroup;

    /// <summary>Computes it.</summary>
    /// <param name="target">The architecture.</param>
    /// <param name="registers">Of a thread.</param>
    /// <param name="sharedBytes">Of a group, static and dynamic together.</param>
    /// <param name="threads">Of a group, 1 to 1024.</param>
    /// <returns>No groups where one alone does not fit.</returns>
    public static Occupancy Of(PtxTarget target, int registers, int sharedBytes, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MostThreads);
        var limits = Limits(target);
        int warps = (threads + WarpSize - 1) / WarpSize;

        // A warp's registers lie in one partition, and a group's warps are dealt to the partitions in turn.
        int registersOfWarp = RoundUp(Math.Max(registers, 1) * WarpSize, RegisterUnit);
        int byRegisters = Registers / Partitions / registersOfWarp * Partitions / RoundUp(warps, Partitions);
        int shared = RoundUp(sharedBytes + limits.Reserved, limits.Unit);
        int byShared = sharedBytes > limits.SharedOfGroup ? 0 : shared == 0 ? int.MaxValue : limits.Shared / shared;
        (int groups, string limit) = (limits.Warps / warps, "warps");
        if (limits.Groups < groups) (groups, limit) = (limits.Groups, "groups");
        if (byRegisters < groups) (groups, limit) = (byRegisters, "registers");
        if (byShared < groups) (groups, limit) = (byShared, "shared memory");
        return new Occupancy(groups, groups * warps, limits.Warps, limit);
    }

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;
}
