using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>An NVIDIA GPU.</summary>
public sealed class CudaDevice : Device
{
    private readonly CudaDriver driver;

    internal CudaDevice(CudaDriver driver, CudaDeviceInfo info)
    {
        this.driver = driver;
        Info = info;
    }

    /// <summary>All that the driver says of it.</summary>
    public CudaDeviceInfo Info { get; }

    /// <inheritdoc/>
    public override string Name => Info.Name;

    /// <inheritdoc/>
    public override long MemorySize => Info.TotalMemoryBytes;

    /// <inheritdoc/>
    public override AcceleratorType AcceleratorType => AcceleratorType.Cuda;

    /// <inheritdoc/>
    public override int WarpSize => Info.WarpSize;

    /// <inheritdoc/>
    public override int NumMultiprocessors => Info.Multiprocessors;

    /// <inheritdoc/>
    public override int MaxNumThreadsPerGroup => Info.MaxThreadsPerBlock;

    /// <inheritdoc/>
    public override int MaxSharedMemoryPerGroup => Info.SharedBytesPerBlockOptIn;

    /// <inheritdoc/>
    public override Index3D MaxGridSize => new(Info.MaxGrid.X, Info.MaxGrid.Y, Info.MaxGrid.Z);

    /// <inheritdoc/>
    public override Index3D MaxGroupSize => new(Info.MaxBlock.X, Info.MaxBlock.Y, Info.MaxBlock.Z);

    /// <inheritdoc/>
    /// <exception cref="CudaException">The driver does not give the device.</exception>
    public override Accelerator CreateAccelerator(Context context) =>
        new CudaAccelerator(context, this, driver.CreateContext(Info.Ordinal));
}
