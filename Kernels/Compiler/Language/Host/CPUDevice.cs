using GatysGpu.Kernels.Compiler.Simt;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>The checker as a device: runs kernels on the processor, step by step, and stops at the first fault.</summary>
/// <remarks>Its limits are those that every GPU since sm_70 keeps, so that what runs here fits there.</remarks>
public sealed class CPUDevice : Device
{
    internal CPUDevice(SimtOptions options) => Options = options;

    /// <summary>The limits that the checker keeps.</summary>
    public SimtOptions Options { get; }

    /// <inheritdoc/>
    public override string Name => "checker";

    /// <inheritdoc/>
    public override long MemorySize => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <inheritdoc/>
    public override AcceleratorType AcceleratorType => AcceleratorType.CPU;

    /// <inheritdoc/>
    public override int WarpSize => 32;

    /// <inheritdoc/>
    public override int NumMultiprocessors => 1;

    /// <inheritdoc/>
    public override int MaxNumThreadsPerGroup => 1024;

    /// <inheritdoc/>
    public override int MaxSharedMemoryPerGroup => Options.SharedBytes;

    /// <inheritdoc/>
    public override Index3D MaxGridSize => new(int.MaxValue, ushort.MaxValue, ushort.MaxValue);

    /// <inheritdoc/>
    public override Index3D MaxGroupSize => new(1024, 1024, 64);

    /// <inheritdoc/>
    public override Accelerator CreateAccelerator(Context context) => new SimtAccelerator(context, this);
}
