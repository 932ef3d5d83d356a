using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>What the checker stops at.</summary>
public enum FaultKind
{
    /// <summary>An index that is not in 0 … length − 1 of its view.</summary>
    IndexOutsideView,

    /// <summary>A part that does not lie inside its view.</summary>
    PartOutsideView,

    /// <summary>An access where there is no memory: outside the allocation, or the shared or local array space.</summary>
    AccessOutsideMemory,

    /// <summary>An access to memory that was freed.</summary>
    AccessToFreedMemory,

    /// <summary>A read of shared or local memory that nothing was written to.</summary>
    ReadOfUnwrittenMemory,

    /// <summary>A variable used before anything was stored in it.</summary>
    UndefinedValue,

    /// <summary>Two threads touch the same memory, no barrier orders them, and not both only read or both are atomic.</summary>
    Race,

    /// <summary>A barrier that not all threads of the group reach together.</summary>
    BarrierNotReachedByAll,

    /// <summary>A shuffle, warp barrier or tensor-core operation while lanes of the warp are elsewhere or do not exist.</summary>
    InactiveLanes,

    /// <summary>A shuffle from a lane, or by a distance, that is not in 0 … 31.</summary>
    LaneOutsideWarp,

    /// <summary>An integer division by zero.</summary>
    DivisionByZero,

    /// <summary>An address that is no multiple of the size of the access.</summary>
    MisalignedAccess,

    /// <summary>Shared memory touched while an asynchronous copy to it is under way, or its source written meanwhile.</summary>
    AsyncCopyHazard,

    /// <summary>A thread that ends without waiting for its asynchronous copies.</summary>
    AsyncCopyNotAwaited,

    /// <summary>PTX text, which only a device executes.</summary>
    InlineAssembly,

    /// <summary>More instructions than <see cref="SimtOptions.InstructionsPerWarp"/>.</summary>
    InstructionLimit,

    /// <summary>More shared memory than <see cref="SimtOptions"/> grants.</summary>
    SharedMemoryTooLarge,

    /// <summary>Extents of the grid or the group, or arguments, that no launch can have.</summary>
    BadLaunch,
}

/// <summary>A kernel does something wrong. The message names kernel, fault, C# line, group, thread and the values
/// concerned.</summary>
public sealed class KernelFaultException : Exception
{
    /// <summary>Composes the message.</summary>
    /// <param name="kind">What is wrong.</param>
    /// <param name="kernel">Name of the kernel.</param>
    /// <param name="location">Where in the source; none where there is no debug information or the launch as a whole is
    /// meant.</param>
    /// <param name="group">Group in the grid.</param>
    /// <param name="thread">Thread in the group.</param>
    /// <param name="details">The values concerned and the way out, as sentences.</param>
    public KernelFaultException(FaultKind kind, string kernel, SourceLocation? location, Index3D group, Index3D thread,
        string details)
        : base($"{kernel}: {Text(kind)} at {location?.ToString() ?? "an unknown line"}, "
            + $"group {group}, thread {thread}: {details}")
    {
        Kind = kind;
        Kernel = kernel;
        Location = location;
        Group = group;
        Thread = thread;
        Details = details;
    }

    /// <summary>A fault of the launch as a whole.</summary>
    internal KernelFaultException(FaultKind kind, string kernel, string details)
        : base($"{kernel}: {Text(kind)}: {details}")
    {
        Kind = kind;
        Kernel = kernel;
        Details = details;
    }

    /// <summary>What is wrong.</summary>
    public FaultKind Kind { get; }

    /// <summary>Name of the kernel.</summary>
    public string Kernel { get; }

    /// <summary>Where in the source.</summary>
    public SourceLocation? Location { get; }

    /// <summary>Group in the grid; (0, 0, 0) where the launch as a whole is meant.</summary>
    public Index3D Group { get; }

    /// <summary>Thread in the group; (0, 0, 0) where the launch as a whole is meant.</summary>
    public Index3D Thread { get; }

    /// <summary>The values concerned and the way out.</summary>
    public string Details { get; }

    private static string Text(FaultKind kind) => kind switch
    {
        FaultKind.IndexOutsideView => "index outside a view",
        FaultKind.PartOutsideView => "part outside a view",
        FaultKind.AccessOutsideMemory => "access outside memory",
        FaultKind.AccessToFreedMemory => "access to freed memory",
        FaultKind.ReadOfUnwrittenMemory => "read of memory that was never written",
        FaultKind.UndefinedValue => "use of an undefined value",
        FaultKind.Race => "race",
        FaultKind.BarrierNotReachedByAll => "barrier that not all threads reach",
        FaultKind.InactiveLanes => "warp operation with inactive lanes",
        FaultKind.LaneOutsideWarp => "shuffle outside the warp",
        FaultKind.DivisionByZero => "integer division by zero",
        FaultKind.MisalignedAccess => "misaligned access",
        FaultKind.AsyncCopyHazard => "memory of an asynchronous copy touched too early",
        FaultKind.AsyncCopyNotAwaited => "asynchronous copy never waited for",
        FaultKind.InlineAssembly => "PTX text, which has no meaning in the checker,",
        FaultKind.InstructionLimit => "too many instructions",
        FaultKind.SharedMemoryTooLarge => "too much shared memory",
        _ => "impossible launch",
    };
}
