using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Tests.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Ilgpu;

/// <summary>Every operation as GPU kernels that ILGPU runs on the CPU, in float32, on shapes of middle size.</summary>
public sealed class IlgpuDeviceTests : DeviceOperationTests
{
    // Product of a case's sides. Smaller ones differ in edges, which are the kernels' own; larger ones, in many groups and
    // blocks, take seconds each. The checker runs all of them.
    private const double FewestElements = 60, MostElements = 1100;

    /// <inheritdoc/>
    protected override long MostProducts => 0;

    /// <inheritdoc/>
    protected override int MostDots => 2;

    /// <inheritdoc/>
    protected override IDevice CreateDevice() => IlgpuTestDevice.Create(GpuPrecision.Fp32);

    [SetUp]
    public void LeaveOutOtherSizes()
    {
        double[] sides = [.. TestContext.CurrentContext.Test.Arguments.Where(a => a is int or long).Select(Convert.ToDouble)];
        double elements = sides.Aggregate(1.0, (product, side) => product * side);
        if (sides.Length > 0 && elements is < FewestElements or > MostElements)
            Assert.Ignore($"{elements} elements: here the cases of {FewestElements} to {MostElements} run");
    }
}
