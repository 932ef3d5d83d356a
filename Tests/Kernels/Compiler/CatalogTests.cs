using System.Diagnostics;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Every kernel of the project compiles, keeps SSA form in every pass, and is the same each time.</summary>
internal sealed class CatalogTests
{
    private static IEnumerable<TestCaseData> Kernels => KernelCatalog.All.SelectMany(k => Enumerable.Range(0, k.Variants.Count)
        .Select(v => new TestCaseData(k, v) { TestName = $"Kernel_{k.Name}_{v}_CompilesToTheSameValidKernelTwice" }));

    [TestCaseSource(nameof(Kernels))]
    public void Kernel(CatalogKernel kernel, int variant)
    {
        Kernel verified = VerifiedCompilation.Compile(kernel.Method, kernel.Variants[variant]);
        long start = Stopwatch.GetTimestamp();
        Kernel again = kernel.Compile(variant);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        int instructions = again.Blocks.Sum(b => b.Instructions.Count);
        TestContext.Out.WriteLine($"{kernel.Name} {variant}: {instructions} instructions, {milliseconds:F1} ms");
        Assert.That(IrPrinter.Print(again), Is.EqualTo(IrPrinter.Print(verified)));
        if (kernel.Name.Contains("Naive", StringComparison.Ordinal)) return;
        Assert.That(again.Arrays.Where(a => !a.Shared).Select(a => a.Name), Is.Empty, "local arrays are in registers");
    }
}
