using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>Every operation as GPU kernels in the checker, which stops at the first access that is not right.</summary>
[TestFixture(GpuPrecision.Fp32)]
[TestFixture(GpuPrecision.Tf32)]
public sealed class SimtDeviceTests(GpuPrecision precision) : DeviceOperationTests
{
    /// <inheritdoc/>
    protected override double ConvolutionError => GpuTolerances.ConvolutionError(precision) ?? base.ConvolutionError;

    /// <inheritdoc/>
    protected override double ConvolutionL2Error => GpuTolerances.ConvolutionL2Error(precision) ?? base.ConvolutionL2Error;

    /// <inheritdoc/>
    protected override double ProductError => GpuTolerances.ProductError(precision) ?? base.ProductError;

    /// <inheritdoc/>
    protected override long MostProducts => 2_000_000;

    /// <inheritdoc/>
    protected override IDevice CreateDevice() => GpuDevice.CreateSimt(precision);
}
