using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Every kernel of the project compiles, fast enough, keeps SSA form in every pass, and is the same each time.</summary>
internal sealed class CatalogTests
{
    // The largest take some 20 ms, once the compiler itself is compiled.
    private const int MostMilliseconds = 50;

    private static IEnumerable<TestCaseData> Kernels => KernelCatalog.All.SelectMany(k => Enumerable.Range(0, k.Variants.Count)
        .Select(v => new TestCaseData(k, v) { TestName = $"Kernel_{k.Name}_{v}_CompilesToTheSameValidKernelTwice" }));

    [TestCaseSource(nameof(Kernels))]
    public void Kernel(CatalogKernel kernel, int variant)
    {
        Kernel verified = VerifiedCompilation.Compile(kernel.Method, kernel.Variants[variant]);
        Kernel again = verified;
        double milliseconds = ThreadTime.Best(MostMilliseconds, 10, () => again = kernel.Compile(variant));
        int instructions = again.Blocks.Sum(b => b.Instructions.Count);
        TestContext.Out.WriteLine($"{kernel.Name} {variant}: {instructions} instructions, {milliseconds:F1} ms");
        Assert.That(milliseconds, Is.LessThan(MostMilliseconds));
        Assert.That(IrPrinter.Print(again), Is.EqualTo(IrPrinter.Print(verified)));
        if (kernel.Name.Contains("Naive", StringComparison.Ordinal)) return;
        Assert.That(again.Arrays.Where(a => !a.Shared).Select(a => a.Name), Is.Empty, "local arrays are in registers");
    }
}
