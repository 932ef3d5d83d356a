using GatysGpu.Kernels.Compiler.Ptx;
using GatysGpu.Kernels.Gpu;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GatysGpu.Tests.Kernels.Ilgpu;

/// <summary>Every kernel of the catalogue as ILGPU's own compiler makes PTX of it, and whether NVIDIA's assembler takes it. What is
/// a constant of a variant for the project's compiler is an ordinary parameter here.</summary>
public sealed class IlgpuPtxTests
{
    private Context? context;

    private static IEnumerable<TestCaseData> Kernels => KernelCatalog.All.Select(k => new TestCaseData(k).SetArgDisplayNames(k.Name));

    [OneTimeSetUp]
    public void MakeContext() => context = Context.Create(builder => builder.Cuda());

    [OneTimeTearDown]
    public void DisposeContext() => context?.Dispose();

    [TestCaseSource(nameof(Kernels))]
    public void Kernel_IsCompiledToPtx_ThatIsAssembled(CatalogKernel kernel)
    {
        string[] texts = [.. new[] { CudaArchitecture.SM_70, CudaArchitecture.SM_80 }.Select(a => Compile(kernel, a))];
        bool tensorCores = texts[0].Contains(".tf32", StringComparison.Ordinal);
        Assert.That(tensorCores, Is.EqualTo(kernel.Name.Contains("TensorCore", StringComparison.Ordinal)), "uses TF32");
        Assert.That(texts[1], Does.Contain($".entry Kernel_{kernel.Method.Name}("));
        if (PtxAssembler.Find() is not { } assembler)
        {
            Assert.Ignore($"compiled; no ptxas. {PtxAssembler.Remedy}");
            return;
        }
        if (!tensorCores) assembler.Assemble(texts[0], PtxTarget.Sm70);
        AssembledKernel code = assembler.Assemble(texts[1], PtxTarget.Sm80);
        TestContext.Out.WriteLine($"{kernel.Name,-40} {code.Registers,3} registers {code.StackBytes,4} B local {code.SharedBytes,6} B shared");
        Assert.That(code.Registers, Is.Positive);
    }

    private string Compile(CatalogKernel kernel, CudaArchitecture architecture)
    {
        // PTX 7.0 is the first with TF32; no library of device functions: no kernel uses one.
        using PTXBackend backend = new(context!, architecture, CudaInstructionSet.ISA_70, null!);
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method);
        return ((PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty)).PTXAssembly;
    }
}
