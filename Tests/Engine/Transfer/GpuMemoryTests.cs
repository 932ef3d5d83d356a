using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Engine.Transfer;
using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Tests.Engine.Network;
using GatysGpu.Tests.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Engine.Transfer;

/// <summary>Memory of a GPU, by the account that the host side keeps beside the driver's stub: estimates beside what is then
/// taken, and that what fails half-way leaves nothing behind.</summary>
[NonParallelizable]
public class GpuMemoryTests
{
    private const int OutOfMemory = 2;
    private static readonly Picture Content = SmallNetworks.Forms(200, 150, 1), Style = SmallNetworks.Noise(90, 120, 2);

    private static readonly ObjectiveSettings Deep =
        new(ObjectiveKind.Relative, [new("conv2_1", 1)], [new("conv1_1", 1), new("conv3_1", 1)], 0.1, 1, 0.01);

    private DriverStub stub = null!;
    private CudaAccelerator accelerator = null!;
    private GpuDevice device = null!;

    [TearDown]
    public void NothingIsLeft()
    {
        if (device is null) return;
        device.Dispose();
        Assert.That(stub.Alive, Is.Empty, "what the driver still holds");
        device = null!;
    }

    [TestCase(Padding.Zero, GpuPrecision.Tf32, OptimizerKind.Lbfgs)]
    [TestCase(Padding.Reflect, GpuPrecision.Tf32, OptimizerKind.Adam)]
    [TestCase(Padding.Reflect, GpuPrecision.Fp32, OptimizerKind.GradientDescent)]
    public void Estimate_OfATransfer_IsThePeak(Padding padding, GpuPrecision precision, OptimizerKind optimizer)
    {
        Open(precision);
        StyleTransfer transfer = new(device, Content, [new(Style, 1)], Settings(padding) with { Optimizer = optimizer });
        MemoryEstimate estimate = transfer.EstimateMemory();
        long before = accelerator.AllocatedBytes;
        transfer.Run();
        long peak = accelerator.PeakAllocatedBytes - before;
        TestContext.Out.WriteLine($"estimate {estimate.Bytes}, peak {peak}: {estimate.Phase}");
        Assert.That(estimate.OnDevice);
        Assert.That(estimate.Uses.Select(u => u.Purpose), Has.None.Contains("runtime").And.None.Contains("read"));
        Assert.That(estimate.Bytes, Is.EqualTo(peak).Within(peak / 100));
        Assert.That(accelerator.AllocatedBytes, Is.LessThanOrEqualTo(before + device.GramBytes(64, 1 << 20)),
            "only scratch memory stays");
    }

    // With a style picture of four times the pixels, its way through the network is what needs most.
    [TestCase(90, 120)]
    [TestCase(500, 300)]
    public void Estimate_OfOneEvaluation_IsThePeak(int styleWidth, int styleHeight)
    {
        Open(GpuPrecision.Tf32);
        TransferSettings settings = Settings(Padding.Zero);
        StylePicture[] styles = [new(SmallNetworks.Noise(styleWidth, styleHeight, 2), 1)];
        MemoryEstimate estimate = MemoryEstimate.OfEvaluation(device, Content, styles, settings);
        long before = accelerator.AllocatedBytes;
        using ConvNetwork network = new(device, settings.Weights.Published!);
        using StyleTransferObjective objective = new(network, Content, styles, Deep);
        using DeviceMemory memory = device.Allocate(2 * DeviceVector.BytesFor(objective.Length));
        long length = objective.Length;
        objective.Evaluate(new(memory, 0, length), new(memory, DeviceVector.BytesFor(length), length));
        long peak = accelerator.PeakAllocatedBytes - before;
        TestContext.Out.WriteLine($"estimate {estimate.Bytes}, peak {peak}: {estimate.Phase}");
        Assert.That(estimate.Bytes, Is.EqualTo(peak).Within(peak / 100));
        Assert.That(estimate.Phase, Does.Contain(styleWidth > Content.Width ? $"{styleWidth}×{styleHeight}" : "evaluated"));
    }

    [Test]
    public void Estimate_ThatDoesNotFit_IsRefused()
    {
        Open(GpuPrecision.Tf32, memory: 2 << 20);
        Assert.That(() => MemoryEstimate.OfEvaluation(device, Content, [new(Style, 1)], Settings(Padding.Zero)).Check(device),
            Throws.TypeOf<DeviceMemoryException>().With.Message.Contains("--size"));
    }

    [TestCase(GpuPrecision.Tf32, 1)]
    [TestCase(GpuPrecision.Tf32, 2)]
    [TestCase(GpuPrecision.Tf32, 3)]
    [TestCase(GpuPrecision.Tf32, 4)]
    [TestCase(GpuPrecision.Fp32, 3)]
    public void Weights_ThatDoNotFit_LeaveNothingBehind(GpuPrecision precision, int allocation)
    {
        Open(precision);
        long before = accelerator.AllocatedBytes;
        stub.Fail("cuMemAlloc_v2", allocation, OutOfMemory);
        Conv3x3Parameters p = new(70, 9, new float[9 * 70 * 9], new float[70], Padding.Reflect);
        Assert.That(() => device.PrepareConv3x3(p), Throws.TypeOf<DeviceMemoryException>());
        Assert.That(accelerator.AllocatedBytes, Is.EqualTo(before));
        device.PrepareConv3x3(p).Dispose();
    }

    [Test]
    public void FirstLayersWeights_ThatDoNotFit_LeaveNothingBehind()
    {
        Open(GpuPrecision.Tf32);
        long before = accelerator.AllocatedBytes;
        stub.Fail("cuMemAlloc_v2", 3, OutOfMemory);
        Conv3x3Parameters p = new(70, 3, new float[9 * 70 * 3], new float[70]);
        Assert.That(() => device.PrepareImageConv3x3(p, [1, 2, 3]), Throws.TypeOf<DeviceMemoryException>());
        Assert.That(accelerator.AllocatedBytes, Is.EqualTo(before));
    }

    [Test]
    public void ANetwork_WhoseLastLayerDoesNotFit_LeavesNothingBehind()
    {
        Open(GpuPrecision.Tf32);
        long before = accelerator.AllocatedBytes;
        stub.Fail("cuMemAlloc_v2", 8, OutOfMemory);
        Assert.That(() => new ConvNetwork(device, SmallNetworks.Random(3)), Throws.TypeOf<DeviceMemoryException>());
        Assert.That(accelerator.AllocatedBytes, Is.EqualTo(before));
    }

    // Freed memory waits in a pool for the next that asks: a new device each time. Scratch memory stays.
    [Test]
    public void AnObjective_ThatDoesNotFit_LeavesNothingBehind()
    {
        long clean = AfterAnObjective(failing: 0, out _);
        int failing = 1;
        for (; AfterAnObjective(failing, out bool failed) is var left && failed; failing++)
            Assert.That(left, Is.EqualTo(clean), $"after allocation {failing} failed");
        Assert.That(failing, Is.GreaterThan(4), "allocations of an objective");
    }

    /// <summary>Makes an objective that does not fit, where one is asked for, and then one that does.</summary>
    /// <returns>What is still allocated when both are gone.</returns>
    private long AfterAnObjective(int failing, out bool failed)
    {
        NothingIsLeft();
        Open(GpuPrecision.Tf32);
        failed = false;
        using ConvNetwork network = new(device, SmallNetworks.Random(5));
        if (failing > 0) stub.Fail("cuMemAlloc_v2", failing, OutOfMemory);
        try
        {
            new StyleTransferObjective(network, Content, [new(Style, 1)], Deep).Dispose();
        }
        catch (DeviceMemoryException)
        {
            failed = true;
            new StyleTransferObjective(network, Content, [new(Style, 1)], Deep).Dispose();
        }
        return accelerator.AllocatedBytes;
    }

    [Test]
    public void Memory_ThatCannotBeCleared_IsGivenBack()
    {
        Open(GpuPrecision.Tf32);
        long before = accelerator.AllocatedBytes;
        stub.Fail("cuMemsetD8Async", 1, 999);
        Assert.That(() => device.Allocate(1000), Throws.InstanceOf<CudaException>());
        Assert.That(accelerator.AllocatedBytes, Is.EqualTo(before));
    }

    private static TransferSettings Settings(Padding padding) => new()
    {
        Size = 200, FirstSize = 100, Iterations = 2, Objective = Deep, MatchColors = false,
        Weights = new WeightChoice(SmallNetworks.Random(5, padding), null),
    };

    private void Open(GpuPrecision precision, ulong memory = 1UL << 30)
    {
        stub = DriverStub.Fresh();
        stub.Memory(memory);
        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), reason);
        Context context = Context.Create(builder => builder.Cuda(driver!));
        accelerator = context.CreateCudaAccelerator(0);
        device = new GpuDevice(accelerator, precision, context);
    }
}
