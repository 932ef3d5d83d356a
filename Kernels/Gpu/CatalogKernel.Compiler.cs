using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Gpu;

// By the project's own compiler.
public sealed partial class CatalogKernel
{
    /// <summary>Compiles one of the variants.</summary>
    /// <param name="variant">Index in <see cref="Variants"/>.</param>
    public Kernel Compile(int variant = 0) => KernelCompiler.Compile(Method, Variants[variant]);
}
