using System.Reflection;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>From C# to machine code: accepted for each architecture, with the lines, and as tight as the kernel was
/// written.</summary>
public sealed class CompiledKernelTests
{
    private static IEnumerable<TestCaseData> Everywhere() =>
        from name in new[] { nameof(ExampleKernels.Scale), nameof(ExampleKernels.Sum), nameof(ExampleKernels.RegisterTile),
            nameof(ExampleKernels.TensorTile) }
        from target in PtxTarget.All
        where target.IsAmpere || name != nameof(ExampleKernels.TensorTile)
        select new TestCaseData(name, target);

    [TestCaseSource(nameof(Everywhere))]
    public void Ptxas_ExampleKernel_IsAcceptedWithoutSpillsAndLocalMemory(string name, PtxTarget target)
    {
        AssembledKernel code = PtxAcceptedTests.Assembler().Assemble(PtxPrinter.Print(Compile(name), target), target);
        TestContext.Out.WriteLine($"{name} {target}: {code.Registers} registers, {code.SharedBytes} bytes of shared memory");
        Assert.That((code.Spills, code.StackBytes), Is.EqualTo((false, 0)));
        Assert.That(code.SharedBytes, Is.EqualTo(Compile(name).StaticSharedBytes));
    }

    /// <summary>A thread multiplies 8 times 4·4 numbers a step, and reads 2 vectors for 16 products.</summary>
    [Test]
    public void Sass_RegisterTile_InnerLoopIsMultiplyAddsAndVectorLoads()
    {
        SassCount loop = InnerLoop(nameof(ExampleKernels.RegisterTile), PtxTarget.Sm80);
        Assert.That(loop.FloatMultiplyAdds, Is.EqualTo(128), loop.ToString());
        Assert.That(loop.SharedLoads(16), Is.EqualTo(16), loop.ToString());
        Assert.That(loop.SharedLoads(), Is.EqualTo(16), loop.ToString());
        Assert.That(loop.GlobalLoads(16), Is.EqualTo(loop.GlobalLoads()).And.GreaterThan(0), loop.ToString());
        Assert.That(loop.LocalAccesses, Is.Zero, loop.ToString());
        Assert.That(loop.Total, Is.LessThan(128 * 3 / 2), $"multiply-adds are the bulk: {loop}");
    }

    [Test]
    public void Sass_TensorTile_HasTensorInstructionsAndAsynchronousCopies()
    {
        SassCount loop = InnerLoop(nameof(ExampleKernels.TensorTile), PtxTarget.Sm80);
        Assert.That(loop.TensorMultiplyAdds, Is.GreaterThan(0), loop.ToString());
        Assert.That(loop.AsyncCopies, Is.GreaterThan(0), loop.ToString());
    }

    [Test]
    public void Sass_Lines_PointIntoTheCSharpFile()
    {
        AssembledKernel code = PtxAcceptedTests.Assembler().Assemble(PtxPrinter.Print(Compile(nameof(ExampleKernels.Scale)),
            PtxTarget.Sm80), PtxTarget.Sm80);
        SassInstruction multiply = Read(code).Instructions.First(i => i.Operation == "FMUL");
        Assert.That(Path.GetFileName(multiply.File), Is.EqualTo("ExampleKernels.cs"));
        Assert.That(multiply.Line, Is.GreaterThan(1));
    }

    [Test]
    public void Ptx_ExampleKernel_HasNamesAndLines()
    {
        string text = PtxPrinter.Print(Compile(nameof(ExampleKernels.Scale)), PtxTarget.Sm70);
        Assert.That(text, Does.Contain("ExampleKernels.cs:").And.Contain("\t.loc 1 ").And.Contain(".file 1 "), text);
        Assert.That(text, Does.Match(@"%i_\d+"), text);
    }

    /// <summary>The text runs: x[i]·s is a float, so only the address is looked at.</summary>
    [TestCase(5UL, 2), TestCase(10UL, 0)]
    public void Ptx_Scale_TouchesItsElementAlone(ulong thread, int accesses)
    {
        Kernel kernel = Compile(nameof(ExampleKernels.Scale));
        foreach (Instruction instruction in kernel.Blocks.SelectMany(b => b.Instructions))
            Assert.That(instruction.Opcode, Is.Not.EqualTo(Opcode.LoadVariable));
        string text = PtxPrinter.Print(kernel, PtxTarget.Sm70).Replace("mul.rn.f32", "mul.lo.b32", StringComparison.Ordinal)
            .Replace("%ctaid.x", "0", StringComparison.Ordinal).Replace("%ntid.x", "256", StringComparison.Ordinal);
        PtxMachine machine = new PtxMachine(text) { ThreadX = thread }.Run(4096, 10, 1);
        Assert.That(machine.Accesses, Has.Count.EqualTo(accesses), text);
        Assert.That(machine.Accesses, Has.All.EqualTo(("global", 4096 + 4 * thread)), text);
    }

    private static Kernel Compile(string name) =>
        KernelCompiler.Compile(typeof(ExampleKernels).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!);

    private static SassCount InnerLoop(string name, PtxTarget target)
    {
        AssembledKernel code = PtxAcceptedTests.Assembler().Assemble(PtxPrinter.Print(Compile(name), target), target);
        SassCount? loop = Read(code).InnerLoop();
        Assert.That(loop, Is.Not.Null, "a loop with multiply-adds");
        TestContext.Out.WriteLine(loop);
        return loop!;
    }

    private static Sass Read(AssembledKernel code)
    {
        if (CudaTools.Find("nvdisasm") is null) Assert.Ignore($"nvdisasm is not on this machine. {PtxAssembler.Remedy}");
        return Sass.Parse(PtxAssembler.Disassemble(code));
    }
}
