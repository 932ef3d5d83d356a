using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>The text that the printer makes: header, names, lines, exact instructions, order of blocks, what it
/// refuses.</summary>
public sealed class PtxPrinterTests
{
    [Test]
    public void Print_AnyKernel_HasHeaderEntryAndParametersInOrder()
    {
        KernelBuilder k = new("Gram_Forward");
        (Parameter x, _) = k.View("max");
        k.Parameter(IrType.Bool, "flag");
        k.Parameter(IrType.Float32, "scale");
        k.Keep(x, Constant.Of(1));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm86);
        Assert.That(text, Does.StartWith(".version 7.8\n.target sm_86\n.address_size 64\n"));
        Assert.That(text, Does.Contain(
            ".visible .entry Gram_Forward(\n\t.param .u64 max_0,\n\t.param .u64 max_length_1,"
            + "\n\t.param .u32 flag_2,\n\t.param .f32 scale_3)"));
        Assert.That(text.Split('\n').Count(l => l.Contains("ld.param", StringComparison.Ordinal)), Is.EqualTo(1),
            "only what is used is loaded");
    }

    [Test]
    public void Print_NamedRegisters_KeepTheirNamesAndDiffer()
    {
        KernelBuilder k = new();
        Parameter p = k.Parameter(IrType.GlobalPointer, "p");
        Parameter a = k.Parameter(IrType.Float32, "a");
        Register first = k.Name("sum", Opcode.Add, null, IrType.Float32, a, a);
        Register second = k.Name("sum", Opcode.Multiply, null, IrType.Float32, first, a);
        Register odd = k.Name("<x>5__2.größe", Opcode.Add, null, IrType.Float32, second, first);
        k.Keep(p, odd);
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        Assert.That(text, Does.Match(@"add\.rn\.f32 %sum_\d+, %a_arg1, %a_arg1;"));
        Assert.That(text, Does.Match(@"mul\.rn\.f32 (%sum_\d+), (?!\1)%sum_\d+, %a_arg1;"));
        Assert.That(text, Does.Match(@"add\.rn\.f32 %_x_5__2_gr__e_\d+"));
    }

    [Test]
    public void Print_BoolParameter_ComesAs32Bits()
    {
        KernelBuilder k = new();
        Parameter p = k.Parameter(IrType.GlobalPointer, "p");
        k.Keep(p, k.Parameter(IrType.Bool, "flag"));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        foreach (ulong flag in new[] { 0UL, 1UL })
            Assert.That(new PtxMachine(text).Run(64, flag).Memory[("global", 64)], Is.EqualTo(flag), text);
    }

    // One case an opcode whose mnemonic carries a promise: rounding, signedness, NaN.
    [TestCase(Opcode.Add, IrType.Float32, "add.rn.f32"), TestCase(Opcode.Subtract, IrType.Float32, "sub.rn.f32")]
    [TestCase(Opcode.Multiply, IrType.Float32, "mul.rn.f32"), TestCase(Opcode.Multiply, IrType.Float64, "mul.rn.f64")]
    [TestCase(Opcode.Divide, IrType.Float32, "div.rn.f32"), TestCase(Opcode.Divide, IrType.Int32, "div.s32")]
    [TestCase(Opcode.DivideUnsigned, IrType.Int32, "div.u32"), TestCase(Opcode.Remainder, IrType.Int64, "rem.s64")]
    [TestCase(Opcode.Min, IrType.Float32, "min.f32"), TestCase(Opcode.Max, IrType.Int32, "max.s32")]
    [TestCase(Opcode.MaxUnsigned, IrType.Int64, "max.u64"), TestCase(Opcode.Multiply, IrType.Int32, "mul.lo.s32")]
    [TestCase(Opcode.Xor, IrType.Bool, "xor.pred"), TestCase(Opcode.And, IrType.Int64, "and.b64")]
    public void Print_TwoOperands_HasTheMnemonic(Opcode opcode, IrType type, string mnemonic)
    {
        KernelBuilder k = new();
        Parameter p = k.Parameter(IrType.GlobalPointer, "p");
        k.Keep(p, k.Do(opcode, null, type, k.Parameter(type, "a"), k.Parameter(type, "b")));
        Assert.That(PtxPrinter.Print(k.Return(), PtxTarget.Sm70), Does.Contain($"\t{mnemonic} "));
    }

    [TestCase(Comparison.NotEqual, IrType.Float32, "setp.neu.f32"), TestCase(Comparison.Less, IrType.Float32, "setp.lt.f32")]
    [TestCase(Comparison.GreaterOrEqualOrUnordered, IrType.Float64, "setp.geu.f64")]
    [TestCase(Comparison.NotEqual, IrType.Int32, "setp.ne.s32")]
    [TestCase(Comparison.LessUnsigned, IrType.Int32, "setp.lt.u32"), TestCase(Comparison.Less, IrType.Int64, "setp.lt.s64")]
    public void Print_Comparison_TreatsSignAndNaNAsAsked(Comparison comparison, IrType type, string mnemonic)
    {
        KernelBuilder k = new();
        Parameter p = k.Parameter(IrType.GlobalPointer, "p");
        k.Keep(p, k.Do(Opcode.Compare, comparison, IrType.Bool, k.Parameter(type, "a"), k.Parameter(type, "b")));
        Assert.That(PtxPrinter.Print(k.Return(), PtxTarget.Sm70), Does.Contain($"\t{mnemonic} "));
    }

    [Test]
    public void Print_Shift_MasksTheAmountUnlessKnown()
    {
        KernelBuilder k = new();
        Parameter p = k.Parameter(IrType.GlobalPointer, "p");
        (Parameter a, Parameter by) = (k.Parameter(IrType.Int32, "a"), k.Parameter(IrType.Int32, "by"));
        k.Keep(p, k.Do(Opcode.ShiftLeft, null, IrType.Int32, a, by));
        k.Keep(p, k.Do(Opcode.ShiftLeft, null, IrType.Int32, a, Constant.Of(35)));
        k.Keep(p, k.Do(Opcode.ShiftLeft, null, IrType.Int32, a, k.Do(Opcode.And, null, IrType.Int32, by, Constant.Of(7))));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        Assert.That(text, Does.Match(@"and\.b32 (%amount_\d+), %by_arg2, 31;\n\tshl\.b32 %t_\d+, %a_arg1, \1;"));
        Assert.That(text, Does.Match(@"shl\.b32 %t_\d+, %a_arg1, 3;"), "35 mod 32");
        Assert.That(text, Does.Match(@"and\.b32 (%t_\d+), %by_arg2, 7;\n\tshl\.b32 %t_\d+, %a_arg1, \1;"));
    }

    [Test]
    public void Print_FloatToInteger_GivesZeroForNaNWherePtxDoesNot()
    {
        KernelBuilder k = new();
        Parameter p = k.Parameter(IrType.GlobalPointer, "p");
        Parameter f = k.Parameter(IrType.Float32, "f");
        k.Keep(p, k.Do(Opcode.Convert, Conversion.FloatToSigned, IrType.Int32, f));
        k.Keep(p, k.Do(Opcode.Convert, Conversion.FloatToSigned, IrType.Int64, f));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        Assert.That(text, Does.Match(@"cvt\.rzi\.s32\.f32 (%t_\d+), %f_arg1;\n\tst\.global\.b32 \[%p_arg0\], \1;"));
        Assert.That(text, Does.Match(
            @"cvt\.rzi\.s64\.f32 (%\w+), %f_arg1;\n\tsetp\.num\.f32 (%\w+), %f_arg1, %f_arg1;\n\tselp\.b64 %t_\d+, \1, 0, \2;"));
    }

    [Test]
    public void Print_Lines_AreThereOnceEachWithTheirText()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "first\n    y = a · x;  \nthird\n");
            KernelBuilder k = new();
            Parameter p = k.Parameter(IrType.GlobalPointer, "p");
            SourceLocation caller = new("K.Run", "Caller.cs", 90, null);
            k.Location = new SourceLocation("K.Inner", file, 2, caller);
            k.Keep(p, Constant.Of(1));
            k.Keep(p, Constant.Of(2));
            k.Location = caller;
            k.Keep(p, Constant.Of(3));
            string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
            Assert.That(text, Does.Contain($".file 1 \"{file}\"\n.file 2 \"Caller.cs\"\n"));
            Assert.That(text, Does.Contain($"\t// {Path.GetFileName(file)}:2 < Caller.cs:90: y = a ? x;\n\t.loc 1 2 0"
                + "\n\tst.global.b32 [%p_arg0], 1;\n\tst.global"));
            Assert.That(text, Does.Contain("\t// Caller.cs:90\n\t.loc 2 90 0\n\tst.global.b32 [%p_arg0], 3;"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void Print_FallThrough_NeedsNoBranch()
    {
        KernelBuilder k = new();
        Parameter p = k.Parameter(IrType.GlobalPointer, "p");
        Parameter flag = k.Parameter(IrType.Bool, "flag");
        Block then = k.NewBlock(), end = k.NewBlock();
        k.Branch(flag, then, end);
        k.Current = then;
        k.Keep(p, Constant.Of(1));
        k.Branch(end);
        k.Current = end;
        k.Return();
        string text = PtxPrinter.Print(k.Kernel, PtxTarget.Sm70);
        Assert.That(text, Does.Contain("\t@!%flag_arg1 bra $B2;\n$B1:\n\tst.global.b32 [%p_arg0], 1;\n$B2:\n\tret;"));
        Assert.That(new PtxMachine(text).Run(64, 0).Memory, Is.Empty);
        Assert.That(new PtxMachine(text).Run(64, 1).Memory, Has.Count.EqualTo(1));
    }

    [Test]
    public void Print_AmpereKernelForVolta_SaysWhatIsMissing()
    {
        Assert.That(() => PtxPrinter.Print(EveryOpcode.Ampere(), PtxTarget.Sm70), Throws.TypeOf<KernelCompileException>()
            .With.Message.Contains("ampere").And.Message.Contains("asynchronous copy").And.Message.Contains("sm_80")
                .And.Message.Contains("sm_70"));
        Assert.That(PtxPrinter.Print(EveryOpcode.Ampere(), PtxTarget.Sm80),
            Does.Contain("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32"));
    }

    [Test]
    public void Print_AsyncCopy_ZerosThroughTheSizeThatIsRead()
    {
        string text = PtxPrinter.Print(EveryOpcode.Ampere(), PtxTarget.Sm80);
        Assert.That(text, Does.Match(@"selp\.b32 (%bytes_\d+), 16, 0, %inside_arg1;"
            + @"\n\tcp\.async\.cg\.shared\.global \[%t_\d+\], \[%x_arg0 \+ 32\], 16, \1;"));
        Assert.That(text, Does.Match(@"cp\.async\.ca\.shared\.global \[%t_\d+\], \[%x_arg0 \+ 32\], 4;"));
    }

    [Test]
    public void Print_ShuffleOfBool_IsRefused()
    {
        KernelBuilder k = new();
        Parameter p = k.Parameter(IrType.GlobalPointer, "p");
        k.Keep(p, k.Do(Opcode.Shuffle, ShuffleKind.Xor, IrType.Bool, k.Parameter(IrType.Bool, "flag"), Constant.Of(1)));
        Assert.That(() => PtxPrinter.Print(k.Return(), PtxTarget.Sm70), Throws.TypeOf<KernelCompileException>()
            .With.Message.Contains("truth value"));
    }

    [Test]
    public void Print_LeavesTheKernelAsItWas()
    {
        Kernel kernel = EveryOpcode.Memory();
        string before = IrPrinter.Print(kernel);
        _ = PtxPrinter.Print(kernel, PtxTarget.Sm70);
        Assert.That(IrPrinter.Print(kernel), Is.EqualTo(before));
    }

    [TestCase(7, 0, "sm_70"), TestCase(7, 2, "sm_70"), TestCase(8, 7, "sm_86"), TestCase(9, 0, "sm_90"), TestCase(12, 0, "sm_90")]
    public void ForDevice_AnyDevice_TakesTheNewestItKnows(int major, int minor, string expected) =>
        Assert.That(PtxTarget.ForDevice(major, minor).ToString(), Is.EqualTo(expected));

    [Test]
    public void ForDevice_TooOld_IsNone() => Assert.That(PtxTarget.ForDevice(6, 1), Is.Null);
}
