using System.Diagnostics;
using System.Reflection;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Large kernels compile rightly, to the same text each time, and fast enough.</summary>
[NonParallelizable]
internal sealed class CompileTimeTests
{
    // The aim is 50 ms on a quiet machine; a machine that runs other things may take several times that.
    private const int MostMilliseconds = 1000;

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
        double best = double.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Kernel again = KernelCompiler.Compile(method);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.That(IrPrinter.Print(again), Is.EqualTo(text), "the same each time");
        }
        TestContext.Out.WriteLine($"{name}: {kernel.Blocks.Sum(b => b.Instructions.Count)} instructions, {best:F1} ms");
        Assert.That(best, Is.LessThan(MostMilliseconds));
    }
}
