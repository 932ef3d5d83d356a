using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Ptx;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Tests.Kernels.Gpu;

/// <summary>Every kernel of the project: compiles, runs clean in the checker, is accepted by the assembler.</summary>
public class KernelCatalogTests
{
    // 48 KiB is what every architecture grants without being asked.
    private const int MostStaticSharedBytes = 48 * 1024;

    private static IEnumerable<TestCaseData> Kernels =>
        KernelCatalog.All.Select(k => new TestCaseData(k).SetArgDisplayNames(k.Name));

    [TestCaseSource(nameof(Kernels))]
    public void Kernel_EveryVariant_CompilesWithItsArraysInRegisters(CatalogKernel kernel)
    {
        for (int v = 0; v < kernel.Variants.Count; v++)
        {
            Kernel compiled = kernel.Compile(v);
            Assert.That(compiled.LocalBytes, Is.Zero, $"local memory of {kernel.Describe(v)}");
            Assert.That(compiled.StaticSharedBytes, Is.LessThanOrEqualTo(MostStaticSharedBytes), kernel.Describe(v));
        }
    }

    [TestCaseSource(nameof(Kernels))]
    public void Kernel_InTheChecker_RunsCleanAndIsTheOneThatRan(CatalogKernel kernel)
    {
        using Context context = Context.Create(builder => builder.CPU());
        using SimtAccelerator accelerator = context.CreateCPUAccelerator(0);
        kernel.Run(accelerator);
        string[] names = [.. Enumerable.Range(0, kernel.Variants.Count).Select(v => kernel.Compile(v).Name)];
        Assert.That(accelerator.Counters.Keys.Intersect(names), Is.Not.Empty,
            $"launched: {string.Join(", ", accelerator.Counters.Keys)}");
    }

    [TestCaseSource(nameof(Kernels))]
    public void Kernel_EveryArchitecture_IsAssembledWithoutSpills(CatalogKernel kernel)
    {
        if (PtxAssembler.Find() is not { } assembler)
        {
            Assert.Ignore($"no ptxas. {PtxAssembler.Remedy}");
            return;
        }
        int assembled = 0;
        foreach (PtxTarget target in PtxTarget.All)
            for (int v = 0; v < kernel.Variants.Count; v++)
            {
                Kernel compiled = kernel.Compile(v);
                if (compiled.NeedsAmpere && !target.IsAmpere) continue;
                AssembledKernel code = assembler.Assemble(PtxPrinter.Print(compiled, target), target);
                int shared = code.SharedBytes + kernel.DynamicSharedBytes;
                Occupancy occupancy = Occupancy.Of(target, code.Registers, shared, kernel.Threads);
                TestContext.Out.WriteLine($"{compiled.Name,-48} {target}  {code.Registers,3} registers  "
                    + $"{code.SpillStoreBytes + code.SpillLoadBytes,4} B spilled  "
                    + $"{shared,6} B shared  {100 * occupancy.Share,3:0} % of the warps, limit {occupancy.Limit}");
                if (kernel.IsProduction) Assert.That(code.Spills, Is.False, $"{compiled.Name} on {target}");
                Assert.That(occupancy.Groups, Is.GreaterThan(0), $"{compiled.Name} on {target}: a group does not fit");
                assembled++;
            }
        Assert.That(assembled, Is.GreaterThan(0));
    }

    [Test]
    public void Names_AreUniqueAndFindTheirKernel()
    {
        Assert.That(KernelCatalog.All.Select(k => k.Name), Is.Unique);
        foreach (CatalogKernel kernel in KernelCatalog.All)
            Assert.That(KernelCatalog.Find(kernel.Name.ToUpperInvariant()), Is.SameAs(kernel));
        Assert.That(KernelCatalog.Find("Conv3x3"), Is.Null);
    }

    [Test]
    public void TheCatalogue_HasEveryPublicKernel()
    {
        // A kernel is a public static void method of Kernels whose first parameter is a view, or a set of views.
        IEnumerable<MethodInfo> kernels = typeof(KernelCatalog).Assembly.GetExportedTypes().Where(t => t.IsAbstract && t.IsSealed)
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => m.ReturnType == typeof(void) && m.GetParameters() is [{ } first, ..] && !first.ParameterType.IsByRef
                && !m.ContainsGenericParameters && HoldsViews(first.ParameterType));
        Assert.That(KernelCatalog.All.Select(k => k.Method), Is.EquivalentTo(kernels));
    }

    private static bool HoldsViews(Type type) =>
        (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>))
        || (type.IsValueType && !type.IsPrimitive && !type.IsEnum
            && type.Namespace!.StartsWith("GatysGpu.Kernels", StringComparison.Ordinal)
            && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(f => f.FieldType != type && HoldsViews(f.FieldType)));
}
