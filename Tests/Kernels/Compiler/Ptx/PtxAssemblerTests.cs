using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>What the assembler reports arrives; what it refuses is quoted.</summary>
public sealed class PtxAssemblerTests
{
    [Test]
    public void Assemble_SharedAndLocalArrays_AreCounted()
    {
        PtxAssembler assembler = PtxAcceptedTests.Assembler();
        AssembledKernel code = assembler.Assemble(PtxPrinter.Print(EveryOpcode.Memory(), PtxTarget.Sm80), PtxTarget.Sm80);
        Assert.That((code.SharedBytes, code.StackBytes, code.Spills), Is.EqualTo((4096, 256, false)));
        Assert.That(code.Cubin[..4], Is.EqualTo("\u007fELF"u8.ToArray()));
    }

    /// <summary>More sums at once than there are registers.</summary>
    [Test]
    public void Assemble_TooManyLiveValues_ReportsSpills()
    {
        PtxAssembler assembler = PtxAcceptedTests.Assembler();
        KernelBuilder k = new();
        (Parameter x, Parameter length) = k.View("x");
        Register t = k.ThreadX();
        Register[] loaded = [.. Enumerable.Range(0, 300).Select(i => k.Load(k.Element(x, k.Add(t, Constant.Of(i)), 4, length)))];
        k.Do(Opcode.Barrier, null);
        for (int i = 0; i < loaded.Length; i++) k.Keep(k.Element(x, k.Add(t, Constant.Of(299 - i)), 4, length), loaded[i]);
        AssembledKernel code = assembler.Assemble(PtxPrinter.Print(k.Return(), PtxTarget.Sm80), PtxTarget.Sm80);
        Assert.That(code.Registers, Is.EqualTo(255));
        Assert.That(code.Spills, Is.True);
        Assert.That(code.SpillStoreBytes, Is.GreaterThan(4 * 40));
        Assert.That(code.SpillLoadBytes, Is.GreaterThan(4 * 40));
    }

    [Test]
    public void Assemble_BadText_QuotesTheLine()
    {
        PtxAssembler assembler = PtxAcceptedTests.Assembler();
        string text = PtxPrinter.Print(EveryOpcode.Conversions(), PtxTarget.Sm70).Replace("\tret;", "\tfrobnicate %r1;",
            StringComparison.Ordinal);
        Assert.That(() => assembler.Assemble(text, PtxTarget.Sm70), Throws.TypeOf<PtxAssemblyException>()
            .With.Message.Contains("sm_70").And.Message.Contains("\n    frobnicate %r1;"));
    }
}
