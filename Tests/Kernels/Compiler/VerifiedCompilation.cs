using System.Reflection;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Compiles a kernel and checks after every pass that it is still one.</summary>
internal static class VerifiedCompilation
{
    /// <summary>The kernel of a method.</summary>
    public static Kernel Compile(MethodInfo method, IReadOnlyDictionary<int, object>? specialized = null,
        bool autoGrouped = false)
    {
        Kernel kernel = KernelCompiler.Translate(method, specialized, autoGrouped);
        Optimise(kernel);
        return kernel;
    }

    /// <summary>The kernel of a delegate's method; a kernel without captured variables only.</summary>
    public static Kernel Compile(Delegate kernel) => Compile(kernel.Method);

    /// <summary>Runs the passes.</summary>
    public static void Optimise(Kernel kernel)
    {
        string before = "(none)";
        KernelCompiler.Optimise(kernel, pass =>
        {
            // Until SSA construction there are variables.
            if (pass != nameof(GatysGpu.Kernels.Compiler.Passes.ControlFlow) && IrVerifier.Check(kernel) is { } wrong)
                Assert.Fail($"{kernel.Name}: after {pass} (before it {before}) {wrong}\n{IrPrinter.Print(kernel)}");
            before = pass;
        });
        Assert.That(IrVerifier.Check(kernel), Is.Null, kernel.Name);
    }
}
