using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Ptx;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>Every operation in the checker once more, with kernels as their PTX says them: what becomes of divisions, addresses
/// and edges on the way to the text is run by all threads of a group, though no GPU runs the text.</summary>
/// <remarks>Accesses are checked against whole allocations here: the views' lengths are gone.</remarks>
[TestFixture(GpuPrecision.Fp32, Category = "Long")]
[TestFixture(GpuPrecision.Tf32)]
public sealed class LoweredDeviceTests(GpuPrecision precision) : DeviceOperationTests
{
    private int lowered;

    /// <inheritdoc/>
    protected override double ConvolutionError => GpuTolerances.ConvolutionError(precision) ?? base.ConvolutionError;

    /// <inheritdoc/>
    protected override double ConvolutionL2Error => GpuTolerances.ConvolutionL2Error(precision) ?? base.ConvolutionL2Error;

    /// <inheritdoc/>
    protected override double ProductError => GpuTolerances.ProductError(precision) ?? base.ProductError;

    /// <inheritdoc/>
    protected override long MostProducts => 300_000;

    /// <inheritdoc/>
    protected override IDevice CreateDevice()
    {
        Context context = Context.Create(builder => builder.CPU());
        SimtAccelerator accelerator = context.CreateCPUAccelerator(0);
        accelerator.Loading = kernel =>
        {
            PtxPrinter.Lower(kernel);
            lowered++;
        };
        return new GpuDevice(accelerator, precision, context);
    }

    [OneTimeTearDown]
    public void KernelsWereLowered() => Assert.That(lowered, Is.Positive);
}
