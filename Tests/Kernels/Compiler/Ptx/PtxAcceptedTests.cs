using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>NVIDIA's assembler accepts what the printer prints, for every architecture.</summary>
public sealed class PtxAcceptedTests
{
    private static IEnumerable<string> Targets => PtxTarget.All.Select(t => t.ToString());

    [TestCaseSource(nameof(Targets))]
    public void Ptxas_EveryOpcode_IsAccepted(string name)
    {
        PtxAssembler assembler = Assembler();
        PtxTarget target = PtxTarget.Parse(name)!.Value;
        IEnumerable<Kernel> kernels = target.IsAmpere ? [.. EveryOpcode.Kernels(), EveryOpcode.Ampere()] : EveryOpcode.Kernels();
        foreach (Kernel kernel in kernels)
        {
            AssembledKernel code = assembler.Assemble(PtxPrinter.Print(kernel, target), target);
            Assert.That(code.Registers, Is.GreaterThan(0), kernel.Name);
            Assert.That(code.Cubin, Is.Not.Empty, kernel.Name);
        }
    }

    [Test]
    public void EveryOpcode_TheKernelsOfTheseTests_HaveThemAll()
    {
        HashSet<Opcode> seen =
            [.. EveryOpcode.Kernels().Append(EveryOpcode.Ampere()).SelectMany(k => k.Blocks).SelectMany(b => b.Instructions)
            .Select(i => i.Opcode)];
        IEnumerable<Opcode> missing = Enum.GetValues<Opcode>().Where(o => o >= Opcode.Add && !seen.Contains(o));
        Assert.That(missing, Is.EquivalentTo(new[] { Opcode.Branch, Opcode.ConditionalBranch }),
            "these two are in the tests of phis");
    }

    internal static PtxAssembler Assembler()
    {
        PtxAssembler? assembler = PtxAssembler.Find();
        if (assembler is null) Assert.Ignore($"ptxas is not on this machine. {PtxAssembler.Remedy}");
        return assembler!;
    }
}
