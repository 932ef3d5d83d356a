using System.Text.RegularExpressions;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Ptx;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Tests.Kernels.Compiler.Ptx;
using GatysGpu.Tests.Kernels.Compiler.Simt;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>PTX as text: a device executes it, the checker what the kernel says instead.</summary>
internal sealed class AssemblyTests
{
    private static Kernel Compile(string name) =>
        VerifiedCompilation.Compile(typeof(AssemblyKernels).GetMethod(name)!);

    private static string Ptx(string name) => PtxPrinter.Print(Compile(name), PtxTarget.Sm80);

    [TestCase(nameof(AssemblyKernels.Round), "sm_80"), TestCase(nameof(AssemblyKernels.MultiplyAdd), "sm_80")]
    [TestCase(nameof(AssemblyKernels.MultiplyAddInto), "sm_90"), TestCase(nameof(AssemblyKernels.EveryType), "sm_70")]
    [TestCase(nameof(AssemblyKernels.Effects), "sm_70"), TestCase(nameof(AssemblyKernels.TextOrTensorCore), "sm_70")]
    public void Ptxas_KernelWithText_IsAccepted(string name, string target)
    {
        PtxTarget architecture = PtxTarget.Parse(target)!.Value;
        AssembledKernel code = PtxAcceptedTests.Assembler().Assemble(PtxPrinter.Print(Compile(name), architecture), architecture);
        Assert.That(code.StackBytes, Is.Zero);
        Assert.That(code.Cubin, Is.Not.Empty);
    }

    [Test]
    public void Ptx_Rounding_HasTheTextWithItsRegisters_AndNotTheOtherWay()
    {
        string text = Ptx(nameof(AssemblyKernels.Round));
        Assert.That(text, Does.Match(@"\tcvt\.rna\.tf32\.f32 %bits_\d+, %\w+_\d+;\n"));
        Assert.That(text, Does.Not.Contain("and.b32").And.Not.Contain("bra").And.Not.Contain("4096"));
    }

    [Test]
    public void Ptx_TensorCore_ReadsAndSetsTheSameRegisters()
    {
        string text = Ptx(nameof(AssemblyKernels.MultiplyAdd));
        Match multiply = Regex.Match(text, @"\tmma\.sync\.\S+ (\{[^}]+\}), \{[^}]+\}, \{[^}]+\}, (\{[^}]+\});");
        Assert.That(multiply.Success, text);
        Assert.That(multiply.Groups[1].Value, Is.EqualTo(multiply.Groups[2].Value));
        string first = multiply.Groups[1].Value[1..].Split(',')[0];
        Assert.That(text[..multiply.Index], Does.Match($@"\tmov\.f32 {Regex.Escape(first)}, %\w+;"), "it has the addend first");
        Assert.That(Regex.Count(text, "mma"), Is.EqualTo(1), "the operation of the other way is gone");
    }

    [Test]
    public void Ptx_PercentTwice_IsOne() =>
        Assert.That(Ptx(nameof(AssemblyKernels.EveryType)), Does.Match(@"mov\.u32 %lane_\d+, %laneid;"));

    [Test]
    public void Ptx_TextWithoutUse_StaysInItsPlace()
    {
        string text = Ptx(nameof(AssemblyKernels.Effects));
        string[] order = [.. Regex.Matches(text, @"\t(st\.global|membar\.sys|ld\.global|nanosleep|@%|@!%|mov\.u32 %unused)")
            .Select(m => m.Groups[1].Value.Replace("!", "", StringComparison.Ordinal))];
        Assert.That(order, Is.EqualTo(new[]
        {
            "st.global", "membar.sys", "ld.global", "nanosleep", "nanosleep", "nanosleep", "@%", "mov.u32 %unused", "st.global",
        }), text);
    }

    [Test]
    public void Ptx_OlderDevice_IsRefusedOnlyForWhatItWouldExecute()
    {
        Assert.That(() => PtxPrinter.Print(Compile(nameof(AssemblyKernels.TextOrTensorCore)), PtxTarget.Sm70), Throws.Nothing);
        Assert.That(Ptx(nameof(AssemblyKernels.TextOrTensorCore)), Does.Not.Contain("cvt.rna"));
    }

    [Test]
    public void Checker_Rounding_RunsWhatTheTextMeans_WithoutABranch()
    {
        using SimtRig rig = new();
        float[] x = [.. Enumerable.Range(0, 32).Select(i => 1f + i * 0.0001f)];
        (long, long) y = rig.Buffer<float>("y", new float[32]);
        Kernel kernel = Compile(nameof(AssemblyKernels.Round));
        string before = IrPrinter.Print(kernel);
        SimtCounters counters = rig.Launch(kernel, new Index3D(1, 1, 1), new Index3D(32, 1, 1), y, rig.Buffer<float>("x", x));
        Assert.That(rig.Read<float>(y), Is.EqualTo(x.Select(v => BitConverter.Int32BitsToSingle(
            BitConverter.SingleToInt32Bits(v) + 0x1000 & ~0x1fff))));
        Assert.That(counters.WarpInstructions(InstructionKind.Control), Is.EqualTo(1), "the return alone");
        Assert.That(IrPrinter.Print(kernel), Is.EqualTo(before).And.Contains("cvt.rna.tf32.f32"), "the kernel is for both");
    }

    [Test]
    public void Checker_TensorCore_MultipliesMatrices()
    {
        using SimtRig rig = new();
        float[] a = new float[128], b = new float[64];
        // Lane 0 has A[0, 0] and B[0, 0], and D[0, 0] is its first sum.
        (a[0], b[0]) = (3f, 0.5f);
        (long, long) d = rig.Buffer<float>("d", [.. Enumerable.Repeat(2f, 128)]);
        rig.Launch(Compile(nameof(AssemblyKernels.MultiplyAdd)), new Index3D(1, 1, 1), new Index3D(32, 1, 1), d,
            rig.Buffer<float>("a", a), rig.Buffer<float>("b", b));
        Assert.That(rig.Read<float>(d), Is.EqualTo((float[])[3.5f, .. Enumerable.Repeat(2f, 127)]));
    }

    [Test]
    public void Checker_TextThatIsReached_StopsAtItsLine()
    {
        using SimtRig rig = new();
        (long, long) x = rig.Buffer<int>("x", new int[2]);
        Kernel kernel = Compile(nameof(AssemblyKernels.WithoutQuestion));
        rig.Launch(kernel, new Index3D(1, 1, 1), new Index3D(7, 1, 1), x);
        KernelFaultException fault = rig.Fault(kernel, new Index3D(1, 1, 1), new Index3D(32, 1, 1), x);
        Assert.That(fault.Kind, Is.EqualTo(FaultKind.InlineAssembly));
        Assert.That(fault.Thread.ToString(), Is.EqualTo("(7, 0, 0)"));
        Assert.That(fault.Message, Does.Contain("AssemblyKernels_WithoutQuestion").And.Match(@"AssemblyKernels\.cs:\d+")
            .And.Contains("\"add.s32 %0, %1,  1;\"").And.Contains("Branch on CudaAsm.IsSupported"));
        Assert.That(File.ReadLines(fault.Location!.File!).ElementAt(fault.Location.Line - 1), Does.Contain("add.s32"));
    }

    [Test]
    public void Host_Members_SayThatTheyAreForKernels()
    {
        Assert.That(CudaAsm.IsSupported, Is.False);
        Assert.That(() => CudaAsm.Emit("bar.sync 0;"), Throws.InvalidOperationException.With.Message.Contains("CudaAsm.Emit"));
        Ref<int> x = 3;
        Assert.That(() => CudaAsm.EmitRef("add.s32 %0, %0, 1;", ref x),
            Throws.InvalidOperationException.With.Message.Contains("CudaAsm.EmitRef"));
        Assert.That(x.Value, Is.EqualTo(3));
    }
}
