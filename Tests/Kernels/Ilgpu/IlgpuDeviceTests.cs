using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Tests.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Ilgpu;

/// <summary>Every operation as GPU kernels that ILGPU runs on the CPU, in float32, on the smaller shapes.</summary>
public sealed class IlgpuDeviceTests : DeviceOperationTests
{
    // Product of a case's sides. Larger ones take seconds each; what they are for, many groups and blocks, the checker runs.
    private const double MostElements = 1100;

    /// <inheritdoc/>
    protected override long MostProducts => 0;

    /// <inheritdoc/>
    protected override int MostDots => 2;

    /// <inheritdoc/>
    protected override IDevice CreateDevice() => IlgpuTestDevice.Create(GpuPrecision.Fp32);

    [SetUp]
    public void LeaveOutLargeCases()
    {
        double elements = 1;
        foreach (object? argument in TestContext.CurrentContext.Test.Arguments)
            if (argument is int or long) elements *= Convert.ToDouble(argument);
        if (elements > MostElements) Assert.Ignore($"{elements} elements take seconds on ILGPU's CPU accelerator");
    }
}
