using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>The same kernels on a GPU, where there is one.</summary>
[CudaFixture]
[NonParallelizable]
public sealed class CudaDeviceTests(GpuPrecision precision) : DeviceOperationTests
{
    /// <inheritdoc/>
    protected override double ConvolutionError => GpuTolerances.ConvolutionError(precision) ?? base.ConvolutionError;

    /// <inheritdoc/>
    protected override double ConvolutionL2Error => GpuTolerances.ConvolutionL2Error(precision) ?? base.ConvolutionL2Error;

    /// <inheritdoc/>
    protected override double ProductError => GpuTolerances.ProductError(precision) ?? base.ProductError;

    /// <inheritdoc/>
    protected override IDevice CreateDevice() => GpuDevice.CreateCuda(0, precision);
}
