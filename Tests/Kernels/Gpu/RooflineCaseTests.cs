using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Tests.Kernels.Gpu;

/// <summary>The benchmark's cases: all kernels are there, run clean in the checker, and the formulas of work and traffic hold
/// what the checker counts.</summary>
public class RooflineCaseTests
{
    // As small as the tiles of the kernels permit without waste: 64 outputs, 8 inputs, 8 rows of 32 columns, 64 channels of a
    // Gram matrix.
    // The pooled map is a warp wide.
    private static readonly RooflineLayer[] Small = [new("conv1_1", 3, 64, 8, 64), new("conv1_2", 64, 64, 8, 64)];

    // Kernels that touch nothing twice: what they ask for is the least, byte for byte.
    private static readonly string[] ExactTraffic =
    [
        "Pool2x2Gpu.MaxForward", "Pool2x2Gpu.AverageForward", "ContentLossGpu.Partials", "GramLossGpu.Partials",
        "GroupSum.Finish", "DotsGpu.Partials", "LinearCombinationGpu.Combine", "VectorsGpu.Clamp", "VectorsGpu.ProjectGradient",
        "VectorsGpu.AdamStep",
    ];

    // Kernels whose tiles fit the small layers: they multiply exactly as often as the operation needs.
    private static readonly string[] ExactWork =
    [
        "Conv3x3RegisterTile.Forward", "Conv3x3RegisterTile.BackwardInput", "Conv3x3TensorCore.Forward",
        "Conv3x3TensorCore.BackwardInput", "Conv3x3SharedTile.Forward", "Conv3x3SharedTile.BackwardInput", "ImageConv3x3.Forward",
        "GramBackwardRegisterTile.Backward", "GramBackwardTensorCore.Backward", "LinearCombinationGpu.Combine",
    ];

    private static IEnumerable<string> Kernels => RooflineCases.All(Small).Select(c => c.Kernel).Distinct();

    [Test]
    public void Cases_AreAllKernelsOfTheCatalogue()
    {
        Assert.That(RooflineCases.All(RooflineCases.Vgg19(512)).Select(c => c.Kernel).Distinct(),
            Is.EquivalentTo(KernelCatalog.All.Select(k => k.Name)));
        Assert.That(RooflineCases.All(Small).Select(c => c.Kernel).Distinct(),
            Is.EquivalentTo(KernelCatalog.All.Select(k => k.Name)));
        Assert.That(RooflineCases.All(RooflineCases.Vgg19(512)).Select(c => (c.Kernel, c.Shape)), Is.Unique);
        Assert.That(ExactTraffic.Union(ExactWork), Is.SubsetOf(KernelCatalog.All.Select(k => k.Name)));
    }

    [TestCaseSource(nameof(Kernels))]
    public void Case_RunsClean_AndCostsWhatTheFormulaSays(string kernel)
    {
        RooflineCase test = RooflineCases.All(Small).First(c => c.Kernel == kernel);
        using Context context = Context.Create(builder => builder.CPU());
        using SimtAccelerator accelerator = context.CreateCPUAccelerator(0);
        using RooflineMemory memory = new(accelerator);
        Action launch = test.Prepare(memory);
        accelerator.ResetCounters();
        launch();
        SimtCounters counted = accelerator.Counters.Values.Single();
        double bytes = counted.GlobalLoads.Bytes + counted.GlobalStores.Bytes;
        double flops = 2.0 * counted.FusedMultiplyAdds + 2.0 * 16 * 8 * 8 * counted.WarpInstructions(InstructionKind.TensorCore);
        TestContext.Out.WriteLine($"{test.Kernel}: {bytes / test.Work.Bytes:F3} of the least traffic, {flops / test.Work.Flops:F3} of the work");
        Assert.That(counted.WarpInstructions(InstructionKind.TensorCore) > 0, Is.EqualTo(test.TensorCores), "tensor cores");
        if (ExactTraffic.Contains(test.Kernel)) Assert.That(bytes, Is.EqualTo(test.Work.Bytes), "bytes");
        else Assert.That(bytes, Is.GreaterThanOrEqualTo(0.95 * test.Work.Bytes), "bytes");
        if (ExactWork.Contains(test.Kernel)) Assert.That(flops, Is.EqualTo(test.Work.Flops).Within(2e-2 * test.Work.Flops),
            "operations");
        // A naive kernel leaves out the taps beyond the border; a Gram tile makes both halves.
        else if (test.Work.Flops > 0) Assert.That(flops / test.Work.Flops, Is.InRange(0.9, 2.1), "operations");
    }

    [Test]
    public void Vgg19_At512_HasTheKnownWork()
    {
        // 16 convolutions of VGG-19 on 224×224 take 19.5 G multiply-adds; each shape is here once.
        double macs = RooflineCases.All(RooflineCases.Vgg19(512))
            .Where(c => c.Kernel is "Conv3x3RegisterTile.Forward" or "ImageConv3x3.Forward")
            .Sum(c => c.Work.Flops / 2 * (c.Shape.Split(' ')[0] switch { "conv3_2" or "conv4_2" => 3, "conv5_1" => 4, _ => 1 }));
        Assert.That(macs / 1e9 * 224 * 224 / (512 * 512), Is.EqualTo(19.5).Within(0.05));
    }
}
