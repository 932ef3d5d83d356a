using System.Reflection;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Large kernels compile rightly, to the same text each time, and fast enough.</summary>
[NonParallelizable]
internal sealed class CompileTimeTests
{
    // For kernels of up to four times the instructions of the project's largest, which have half as much (CatalogTests).
    private const int MostMilliseconds = 100;

    [TestCase(nameof(LargeKernels.RegisterTile), 512)]
    [TestCase(nameof(LargeKernels.NineTaps), 4608)]
    public void LargeKernel_IsValid_FullyUnrolled_AndCompiledFast(string name, int multiplications)
    {
        MethodInfo method = typeof(LargeKernels).GetMethod(name)!;
        Kernel kernel = VerifiedCompilation.Compile(method);
        Assert.That(kernel.Blocks.Sum(b => b.Instructions.Count(i => i.Opcode == Opcode.FusedMultiplyAdd)),
            Is.EqualTo(multiplications));
        Assert.That(kernel.Arrays.Count(a => !a.Shared), Is.Zero, "local arrays are in registers");
        string text = IrPrinter.Print(kernel);
        Kernel again = kernel;
        double best = ThreadTime.Best(MostMilliseconds, 8, () => again = KernelCompiler.Compile(method));
        Assert.That(IrPrinter.Print(again), Is.EqualTo(text), "the same each time");
        TestContext.Out.WriteLine($"{name}: {kernel.Blocks.Sum(b => b.Instructions.Count)} instructions, {best:F1} ms");
        Assert.That(best, Is.LessThan(MostMilliseconds));
    }
}
