using GatysGpu.Kernels.Compiler.Ptx;
using GatysGpu.Kernels.Gpu;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GatysGpu.Tests.Kernels.Ilgpu;

/// <summary>Every kernel of the catalogue as ILGPU's own compiler makes PTX of it, and whether NVIDIA's assembler takes it. What
/// is a constant of a variant for the project's compiler is an ordinary parameter here.</summary>
public sealed class IlgpuPtxTests
{
    private Context? context;

    private static IEnumerable<TestCaseData> Kernels =>
        KernelCatalog.All.Select(k => new TestCaseData(k).SetArgDisplayNames(k.Name));

    [OneTimeSetUp]
    public void MakeContext() => context = Context.Create(builder => builder.Cuda());

    [OneTimeTearDown]
    public void DisposeContext() => context?.Dispose();

    [TestCaseSource(nameof(Kernels))]
    public void Kernel_IsCompiledToPtx_ThatIsAssembled(CatalogKernel kernel)
    {
        bool tensorCores = kernel.Name.Contains("TensorCore", StringComparison.Ordinal);
        string ptx = Compile(kernel, tensorCores ? CudaArchitecture.SM_80 : CudaArchitecture.SM_70);
        Assert.That(ptx, Does.Contain($".entry Kernel_{kernel.Method.Name}("));
        Assert.That(ptx.Contains(".tf32", StringComparison.Ordinal), Is.EqualTo(tensorCores), "uses TF32");
        if (PtxAssembler.Find() is not { } assembler)
        {
            Assert.Ignore($"compiled; no ptxas. {PtxAssembler.Remedy}");
            return;
        }
        AssembledKernel code = assembler.Assemble(ptx, tensorCores ? PtxTarget.Sm80 : PtxTarget.Sm70);
        TestContext.Out.WriteLine($"{kernel.Name,-40} {code.Target} {code.Registers,3} registers {code.StackBytes,4} B local "
            + $"{code.SharedBytes,6} B shared");
        Assert.That(code.Registers, Is.Positive);
    }

    private string Compile(CatalogKernel kernel, CudaArchitecture architecture)
    {
        // PTX 7.0 is the first with TF32. No library of device functions: no kernel needs one.
        using PTXBackend backend = new(context!, architecture, CudaInstructionSet.ISA_70, null!);
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method);
        return ((PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty)).PTXAssembly;
    }
}
