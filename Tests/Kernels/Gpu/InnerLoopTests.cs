using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ptx;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Gram;

namespace GatysGpu.Tests.Kernels.Gpu;

/// <summary>The machine code of the production kernels, where <c>ptxas</c> is at hand: their inner loops multiply.</summary>
internal sealed class InnerLoopTests
{
    private static IEnumerable<TestCaseData> RegisterTiles()
    {
        // The share of multiply-adds in the loop. The Gram kernels stage in theirs, in one of two ways, of which both count.
        yield return Case(Conv3x3RegisterTile.Forward, 0.9, "Conv3x3 forward");
        yield return Case(Conv3x3RegisterTile.BackwardInput, 0.9, "Conv3x3 backward");
        yield return Case(ImageConv3x3.Forward, 0.9, "image forward");
        yield return Case(ImageConv3x3.Backward, 0.75, "image backward");
        yield return Case(GramRegisterTile.Forward, 0.7, "Gram forward");
        yield return Case(GramBackwardRegisterTile.Backward, 0.7, "Gram backward");

        static TestCaseData Case(Delegate kernel, double share, string name) => new TestCaseData(kernel, share).SetArgDisplayNames(name);
    }

    private static IEnumerable<TestCaseData> TensorCores()
    {
        // Products of one turn of the loop, and their share of it: 3 steps of 48, in the Gram kernels one of 4 × 8. A
        // multiprocessor of an A100 makes half a product a cycle (156 TFLOP/s in TF32) and issues four instructions: a share of an
        // eighth keeps it busy. The Gram kernels have 128 sums a lane; two of their groups of 128 threads share a multiprocessor.
        yield return Case(Conv3x3TensorCore.Forward, 144, 0.25, 128, "Conv3x3 forward");
        yield return Case(Conv3x3TensorCore.BackwardInput, 144, 0.25, 128, "Conv3x3 backward");
        yield return Case(GramTensorCore.Forward, 32, 0.17, 255, "Gram forward");
        yield return Case(GramBackwardTensorCore.Backward, 32, 0.19, 255, "Gram backward");

        static TestCaseData Case(Delegate kernel, int products, double share, int registers, string name) =>
            new TestCaseData(kernel, products, share, registers).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(RegisterTiles))]
    public void RegisterTile_InnerLoop_IsMostlyMultiplyAdds(Delegate kernel, double share)
    {
        SassCount loop = Loop(kernel);
        Assert.That(loop.FloatMultiplyAdds, Is.GreaterThan(share * loop.Total), $"{loop}");
        Assert.That(loop.SharedLoads(16), Is.GreaterThan(0), $"{loop}");
        Assert.That(loop.LocalAccesses, Is.Zero, $"{loop}");
    }

    [TestCaseSource(nameof(TensorCores))]
    public void TensorCore_InnerLoop_MultipliesBesideItsCopies(Delegate kernel, int products, double share, int registers)
    {
        SassCount loop = Loop(kernel, registers);
        Assert.That(loop.TensorMultiplyAdds, Is.EqualTo(products), $"{loop}");
        Assert.That(loop.TensorMultiplyAdds, Is.GreaterThan(share * loop.Total), $"{loop}");
        Assert.That(loop.AsyncCopies, Is.GreaterThan(0), $"{loop}");
        Assert.That(loop.LocalAccesses, Is.Zero, $"{loop}");
    }

    /// <summary>The loop that multiplies, without spills.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="registers">Most that it may use; 128 let two groups of 256 threads share a multiprocessor, 255 two of
    /// 128.</param>
    private static SassCount Loop(Delegate kernel, int registers = 128)
    {
        PtxAssembler? assembler = PtxAssembler.Find();
        if (assembler is null) Assert.Ignore($"ptxas is not on this machine. {PtxAssembler.Remedy}");
        PtxTarget target = PtxTarget.Sm80;
        AssembledKernel assembled = assembler!.Assemble(PtxPrinter.Print(KernelCompiler.Compile(kernel.Method), target), target);
        Assert.That(assembled.Spills, Is.False);
        Assert.That(assembled.Registers, Is.LessThanOrEqualTo(registers));
        SassCount? loop = Sass.Parse(PtxAssembler.Disassemble(assembled)).InnerLoop();
        Assert.That(loop, Is.Not.Null);
        return loop!;
    }
}
