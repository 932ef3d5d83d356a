using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <content>PTX as text.</content>
internal unsafe partial class RefusedKernels
{
    [Refused("a string", "only CudaAsm takes one")]
    public static void AssemblyPassedOn()
    {
        Pass("bar.sync 0;");
    }

    [Refused("the static field", "const")]
    public static void AssemblyInAField()
    {
        CudaAsm.Emit(Text);
    }

    [Refused("a choice between two strings", "an if with a CudaAsm call in each")]
    public static void AssemblyChosen(ArrayView<int> x)
    {
        CudaAsm.Emit(x[0] > 0 ? "bar.sync 0;" : "membar.gl;");
    }

    [Refused("the place %2 but 2 arguments", "from %0", after: 4)]
    public static void AssemblyWithTooFewArguments(ArrayView<int> x)
    {
        if (!CudaAsm.IsSupported) return;
        CudaAsm.Emit("add.s32 %0, %1, %2;", out int sum, x[0]);
        x[0] = sum;
    }

    [Refused("the place %12 but 2 arguments", "from %0")]
    public static void AssemblyWithLargePlace(ArrayView<int> x)
    {
        CudaAsm.Emit("add.s32 %0, %1, %12;", out int sum, x[0]);
        x[0] = sum;
    }

    [Refused("an argument, %1, that the text does not name", "leave it away")]
    public static void AssemblyWithUnusedArgument(ArrayView<int> x)
    {
        CudaAsm.Emit("mov.u32 %0, %%laneid;", out int lane, x[0]);
        x[0] = lane;
    }

    [Refused("a '%' that is neither '%%' nor before a number", "'%%'")]
    public static void AssemblyWithLonePercent(ArrayView<int> x)
    {
        CudaAsm.Emit("mov.u32 %0, %laneid;", out int lane);
        x[0] = lane;
    }

    [Refused("a statement without its end", "';'")]
    public static void AssemblyWithoutSemicolon()
    {
        CudaAsm.Emit("bar.sync 0");
    }

    [Refused("the character U+00B2", "ASCII")]
    public static void AssemblyBeyondAscii()
    {
        CudaAsm.Emit("bar.sync 0; // n²\n bar.sync 0;");
    }

    [Refused("the character U+0000", "ASCII")]
    public static void AssemblyWithNul()
    {
        CudaAsm.Emit("bar.sync 0;\0 bar.sync 0;");
    }

    [Refused("a bool as the argument %1", "int, uint")]
    public static void AssemblyWithTruth(ArrayView<int> x)
    {
        CudaAsm.Emit("mov.s32 %0, %1;", out int y, x[0] > 0);
        x[0] = y;
    }

    [Refused("a short as the argument %0", "int, uint", after: 4)]
    public static void AssemblyWithShortVariable(ArrayView<int> x)
    {
        Input<short> y = (short)x[0];
        CudaAsm.EmitRef("{ .reg .b32 t; cvt.s32.s16 t, %0; }", ref y);
    }

    [Refused("a string", "only CudaAsm")]
    public static void StringElsewhere(ArrayView<int> x)
    {
        x[0] = Length("text");
    }

    private static void Pass(string text) => CudaAsm.Emit(text);

    private static int Length(string text) => text.Length;
}
