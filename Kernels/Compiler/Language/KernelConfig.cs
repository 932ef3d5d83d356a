namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Dynamic shared memory of a launch (<see cref="SharedMemory.GetDynamic"/>).</summary>
public readonly struct SharedMemoryConfig
{
    private SharedMemoryConfig(int bytes) => Bytes = bytes;

    /// <summary>Size.</summary>
    public int Bytes { get; }

    /// <summary>Room for a number of elements.</summary>
    /// <param name="numElements">At least 0.</param>
    public static SharedMemoryConfig RequestDynamic<T>(int numElements)
        where T : unmanaged => new(checked(numElements * Interop.SizeOf<T>()));
}

/// <summary>How many groups of how many threads a kernel is launched with.</summary>
public readonly struct KernelConfig(Index3D gridDim, Index3D groupDim, SharedMemoryConfig sharedMemoryConfig = default)
{
    /// <summary>One dimension.</summary>
    public KernelConfig(Index1D gridDim, Index1D groupDim, SharedMemoryConfig sharedMemoryConfig = default)
        : this(new Index3D(gridDim.X, 1, 1), new Index3D(groupDim.X, 1, 1), sharedMemoryConfig)
    {
    }

    /// <summary>Two dimensions.</summary>
    public KernelConfig(Index2D gridDim, Index2D groupDim, SharedMemoryConfig sharedMemoryConfig = default)
        : this(new Index3D(gridDim.X, gridDim.Y, 1), new Index3D(groupDim.X, groupDim.Y, 1), sharedMemoryConfig)
    {
    }

    /// <summary>Groups.</summary>
    public Index3D GridDim { get; } = gridDim;

    /// <summary>Threads of a group.</summary>
    public Index3D GroupDim { get; } = groupDim;

    /// <summary>Dynamic shared memory.</summary>
    public SharedMemoryConfig SharedMemoryConfig { get; } = sharedMemoryConfig;

    /// <summary>One dimension, as a pair.</summary>
    public static implicit operator KernelConfig((Index1D Grid, Index1D Group) dimensions) => new(dimensions.Grid, dimensions.Group);

    /// <summary>Two dimensions, as a pair.</summary>
    public static implicit operator KernelConfig((Index2D Grid, Index2D Group) dimensions) => new(dimensions.Grid, dimensions.Group);

    /// <summary>Three dimensions, as a pair.</summary>
    public static implicit operator KernelConfig((Index3D Grid, Index3D Group) dimensions) => new(dimensions.Grid, dimensions.Group);
}
