using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>Every operation of the CPU device at each vector width; narrower widths than the processor's widest run in hardware
/// too, wider ones than it has are computed lane by lane by the runtime, slowly but with the same meaning.</summary>
[TestFixture(SimdWidth.Bits512, 2, ConvolutionAlgorithm.Auto)]
[TestFixture(SimdWidth.Bits256, 3, ConvolutionAlgorithm.Auto)]
[TestFixture(SimdWidth.Bits128, 1, ConvolutionAlgorithm.Auto)]
[TestFixture(SimdWidth.Bits256, 2, ConvolutionAlgorithm.Direct)]
[TestFixture(SimdWidth.Bits512, 3, ConvolutionAlgorithm.Winograd2x2)]
[TestFixture(SimdWidth.Bits256, 2, ConvolutionAlgorithm.Winograd4x4)]
public sealed class HostDeviceTests(SimdWidth width, int threads, ConvolutionAlgorithm algorithm) : DeviceOperationTests
{
    /// <inheritdoc />
    protected override IDevice CreateDevice() => HostDevice.Create(threads, width, algorithm);

    // Several slices of the positions and several groups of rows, at every width.
    [Test]
    public void Gram_OfSeveralSlicesAndGroups_MatchesReference() => Gram_MatchesReferenceAndIsSymmetric(33, 64, 96);
}
