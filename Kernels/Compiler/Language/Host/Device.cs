namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>What runs the kernels.</summary>
public enum AcceleratorType
{
    /// <summary>The processor: the checker.</summary>
    CPU,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>A device that a context knows; nothing is held on it until an accelerator is made.</summary>
public abstract class Device
{
    /// <summary>What the device calls itself.</summary>
    public abstract string Name { get; }

    /// <summary>Memory for buffers, bytes.</summary>
    public abstract long MemorySize { get; }

    /// <summary>What it is.</summary>
    public abstract AcceleratorType AcceleratorType { get; }

    /// <summary>Threads that run in step.</summary>
    public abstract int WarpSize { get; }

    /// <summary>Processors that each run groups of their own.</summary>
    public abstract int NumMultiprocessors { get; }

    /// <summary>Threads that a group may have.</summary>
    public abstract int MaxNumThreadsPerGroup { get; }

    /// <summary>Shared memory that a group may have, static and dynamic together, bytes.</summary>
    public abstract int MaxSharedMemoryPerGroup { get; }

    /// <summary>Most groups of a grid along each axis.</summary>
    public abstract Index3D MaxGridSize { get; }

    /// <summary>Most threads of a group along each axis.</summary>
    public abstract Index3D MaxGroupSize { get; }

    /// <summary>Makes the accelerator that holds memory and runs kernels on this device.</summary>
    public abstract Accelerator CreateAccelerator(Context context);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({AcceleratorType})";
}
