using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>The fixture on the definitions themselves: it can be passed.</summary>
public class ReferenceDeviceTests : DeviceOperationTests
{
    protected override IDevice CreateDevice() => new ReferenceDevice();

    // float32 storage of float64 results.
    protected override double ConvolutionError => 2e-7;

    protected override double ConvolutionL2Error => 1e-7;

    protected override double ProductError => 2e-7;
}
