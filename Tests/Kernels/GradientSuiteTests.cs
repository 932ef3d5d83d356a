using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Kernels.GradientChecks;
using GatysGpu.Tests.Kernels.Devices;

namespace GatysGpu.Tests.Kernels;

/// <summary>Every backward operation of a device against central differences and the float64 definition.</summary>
[TestFixture]
public abstract class GradientSuiteTests
{
    private IDevice? device;

    /// <summary>Makes the device.</summary>
    protected abstract IDevice CreateDevice();

    /// <summary>What the device's arithmetic allows.</summary>
    protected virtual double Tolerance => GradientSuite.Float32Tolerance;

    [OneTimeSetUp]
    public void MakeDevice() => device = CreateDevice();

    [OneTimeTearDown]
    public void DisposeDevice() => device?.Dispose();

    /// <summary>Those of <see cref="GradientSuite.FusedOperations"/> that the device offers.</summary>
    protected virtual string[] Fused => [];

    private static IEnumerable<string> Operations => GradientSuite.Operations.Concat(GradientSuite.FusedOperations);

    [Test]
    public void OfferedBy_NamesWhatEveryDeviceOffers_AndWhatThisOneFuses() =>
        Assert.That(GradientSuite.OfferedBy(device!), Is.EqualTo(GradientSuite.Operations.Concat(Fused)));

    [TestCaseSource(nameof(Operations))]
    public void Backward_MatchesCentralDifferencesAndTheReference(string operation)
    {
        if (!GradientSuite.Operations.Contains(operation) && !Fused.Contains(operation))
        {
            Assert.That(() => GradientSuite.Run(device!, operation), Throws.ArgumentException.With.Message.Contains(operation));
            return;
        }
        GradientCheckResult[] results = [.. GradientSuite.Run(device!, operation, Tolerance)];
        TestContext.Out.WriteLine($"{operation}: worst share of what is allowed {results.Max(r => r.Worst / r.Allowed):F3}");
        Assert.That(results, Has.Length.GreaterThan(1));
        foreach (GradientCheckResult result in results) Assert.That(result.Passed, result.ToString());
        Assert.That(results.Sum(r => r.Compared), Is.EqualTo(Expected(operation)), "elements compared");
    }

    // What the shapes of GradientCases add up to, counted by hand: all elements against the reference, at most 64 against
    // differences.
    private static int Expected(string operation) => operation switch
    {
        "Conv3x3BackwardInput" => 2 * (21 + 63 + 385 + 510 + 45 + 4620 + 21 + 63 + 64 + 64 + 45 + 64),
        "ImageConv3x3Backward" => 27 + 18 + 231 + 45 + 27 + 18 + 64 + 45,
        "PoolBackward" => 2 * (105 + 90 + 33 + 546 + 120 + 54 + 64 + 64 + 33 + 64 + 64 + 54),
        "ReluBackward" => 315 + 96 + 64 + 64,
        "GramBackward" => 105 + 91 + 765 + 2145 + 64 + 64 + 64 + 64,
        "ContentLoss" => 105 + 66 + 585 + 64 + 64 + 64,
        "TotalVariation" => 21 + 27 + 105 + 429 + 180 + 21 + 27 + 64 + 64 + 64,
        "Conv3x3GramBackwardInput" => 2 * (189 + 510 + 3000 + 64 + 64 + 64),
        "PoolConv3x3BackwardInput" => 2 * (1728 + 3250 + 64 + 64),
        "ImageGramBackward" => 2 * (90 + 27 + 108 + 64 + 27 + 64),
        _ => -1,
    };
}

public class HostGradientSuiteTests : GradientSuiteTests
{
    protected override string[] Fused => ["PoolConv3x3BackwardInput", "ImageGramBackward"];

    protected override IDevice CreateDevice() => HostDevice.Create(2);
}

/// <summary>The CPU made to convolve directly: it fuses no pooling.</summary>
public class HostDirectGradientSuiteTests : GradientSuiteTests
{
    protected override string[] Fused => ["ImageGramBackward"];

    protected override IDevice CreateDevice() => HostDevice.Create(2, convolution: ConvolutionAlgorithm.Direct);
}

public class ReferenceGradientSuiteTests : GradientSuiteTests
{
    protected override IDevice CreateDevice() => new ReferenceDevice();
}

/// <summary>The GPU's kernels in the checker.</summary>
[TestFixture(GpuPrecision.Fp32)]
[TestFixture(GpuPrecision.Tf32)]
public class SimtGradientSuiteTests(GpuPrecision precision) : GradientSuiteTests
{
    protected override double Tolerance =>
        precision == GpuPrecision.Fp32 ? GradientSuite.Float32Tolerance : GradientSuite.Tf32Tolerance;

    protected override IDevice CreateDevice() => GpuDevice.CreateSimt(precision);
}

/// <summary>The GPU's kernels on an NVIDIA GPU.</summary>
[CudaFixture]
[NonParallelizable]
public class CudaGradientSuiteTests(GpuPrecision precision) : GradientSuiteTests
{
    protected override double Tolerance =>
        precision == GpuPrecision.Fp32 ? GradientSuite.Float32Tolerance : GradientSuite.Tf32Tolerance;

    protected override IDevice CreateDevice() => GpuDevice.CreateCuda(0, precision);
}
