using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Ptx;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Tests.Kernels.Gpu;

/// <summary>The kernels that measure what a GPU can do at most: right results, and exactly the work that is counted for
/// them.</summary>
public class RooflineKernelTests
{
    private const int Groups = 2, Rounds = 3;
    private const int All = Groups * RooflineKernels.Threads;
    private static readonly KernelConfig Config = new(new Index1D(Groups), new Index1D(RooflineKernels.Threads));

    private static IEnumerable<Delegate> Kernels =>
        [RooflineKernels.MultiplyAdd, RooflineKernels.TensorCoreProduct, RooflineKernels.Copy, RooflineKernels.Fill,
            RooflineKernels.FillBits];

    [Test]
    public void MultiplyAdd_DoesWhatItSays_InAsManyOperations()
    {
        using KernelBench bench = new();
        Output<float> result = bench.Output(All);
        bench.Run(() => bench.Accelerator.LoadStreamKernel<ArrayView<float>, float, float, int>(RooflineKernels.MultiplyAdd)(
            Config, result.View, 0.75f, 0.5f, Rounds));
        float sum = 0;
        for (int i = 0; i < RooflineKernels.Sums; i++)
        {
            float x = i;
            for (int n = 0; n < Rounds * RooflineKernels.AddsOfARound; n++) x = MathF.FusedMultiplyAdd(0.75f, x, 0.5f);
            sum += x;
        }
        Assert.That(result.Read(), Is.All.EqualTo(sum));
        Assert.That(2.0 * bench.Counted().FusedMultiplyAdds, Is.EqualTo(RooflinePeaks.FmaFlops(Groups, Rounds)));
    }

    [Test]
    public void TensorCoreProduct_DoesWhatItSays_InAsManyOperations()
    {
        using KernelBench bench = new();
        Output<float> result = bench.Output(All);
        bench.Run(() => bench.Accelerator.LoadStreamKernel<ArrayView<float>, float, float, int>(
            RooflineKernels.TensorCoreProduct)(Config, result.View, 0.75f, 0.5f, Rounds));
        // Each product adds 8 · 0.75 · 0.5 to each of 32 values that began with 0 … 31; all of it is exact.
        float sum = 32 * 31 / 2 + 32 * Rounds * RooflineKernels.ProductsOfARound * 8 * 0.375f;
        Assert.That(result.Read(), Is.All.EqualTo(sum));
        double flops = 2.0 * 16 * 8 * 8 * bench.Counted().WarpInstructions(InstructionKind.TensorCore);
        Assert.That(flops, Is.EqualTo(RooflinePeaks.TensorCoreFlops(Groups, Rounds)));
    }

    [Test]
    public void Copy_CopiesAll_InWholeLines()
    {
        using KernelBench bench = new();
        float[] values = [.. Enumerable.Range(0, Groups * RooflineKernels.PiecesOfAGroup * 4).Select(i => (float)i)];
        ArrayView<float> from = bench.Input(values);
        Output<float> to = bench.Output(values.Length);
        bench.Run(() => bench.Accelerator.LoadStreamKernel<ArrayView<Float4>, ArrayView<Float4>>(RooflineKernels.Copy)(
            Config, from.Cast<Float4>(), to.View.Cast<Float4>()));
        Assert.That(to.Read(), Is.EqualTo(values));
        SimtCounters counted = bench.Counted();
        Assert.That(counted.GlobalLoads.Bytes + counted.GlobalStores.Bytes, Is.EqualTo(2L * 4 * values.Length));
        long sectors = 4L * values.Length / 32;
        Assert.That((counted.GlobalLoads.Sectors, counted.GlobalStores.Sectors), Is.EqualTo((sectors, sectors)));
    }

    [Test]
    public void Fill_IsSpreadEvenlyFromMinusOneToOne()
    {
        using Context context = Context.Create(builder => builder.CPU());
        using RooflineMemory memory = new(context.CreateCPUAccelerator(0));
        float[] values = new float[5000];
        memory.Floats(values.Length).CopyToCPU(values);
        Assert.That(values, Is.All.InRange(-1f, 1f));
        Assert.That(values.Average(), Is.EqualTo(0).Within(0.03));
        Assert.That(values.Average(v => v * v), Is.EqualTo(1 / 3.0).Within(0.02));
        byte[] bits = new byte[5001];
        memory.Bits(bits.Length).CopyToCPU(bits);
        Assert.That(bits.Average(b => System.Numerics.BitOperations.PopCount(b)), Is.EqualTo(4).Within(0.1));
    }

    [TestCaseSource(nameof(Kernels))]
    public void Kernel_IsAccepted_KeepsItsValuesInRegisters(Delegate kernel)
    {
        Kernel compiled = KernelCompiler.Compile(kernel.Method);
        Assert.That(compiled.LocalBytes, Is.Zero);
        if (PtxAssembler.Find() is not { } assembler)
        {
            Assert.Ignore($"no ptxas. {PtxAssembler.Remedy}");
            return;
        }
        foreach (PtxTarget target in PtxTarget.All.Where(t => t.IsAmpere || !compiled.NeedsAmpere))
            Assert.That(assembler.Assemble(PtxPrinter.Print(compiled, target), target).Spills, Is.False,
                $"{compiled.Name} on {target}");
    }
}
