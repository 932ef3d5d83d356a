using System.Reflection;
using System.Runtime.CompilerServices;
using GatysGpu.Tests.Kernels.Compiler.Language;
using ILGPU;

namespace GatysGpu.Tests.Kernels.Ilgpu;

/// <summary>The project's own language against the package: each public member of it is a member of the type of the same name in
/// ILGPU, or stands in a table below. What compiles with the one then compiles with the other.</summary>
public sealed class IlgpuSurfaceTests
{
    private const string OwnNamespace = "GatysGpu.Kernels.Compiler.Language";

    private static readonly string[] IlgpuNamespaces = ["ILGPU", "ILGPU.Runtime", "ILGPU.Runtime.CPU", "ILGPU.Runtime.Cuda"];

    // With the package, *.Ilgpu.cs has the first two; what uses the others is not built with it.
    private static readonly string[] OwnTypes = ["TensorCore", "AsyncCopy", "SimtAccelerator", "CapturedGraph"];

    // What only the project's runtime has: nothing that is built with the package as well uses it.
    private static readonly string[] OwnMembers =
    [
        "Accelerator: long AllocatedBytes", "Accelerator: long PeakAllocatedBytes",
        "CPUContextExtensions: Context.Builder CPU(Context.Builder, SimtOptions)", "CPUDevice: SimtOptions Options",
        "CudaAccelerator: CudaContext Cuda", "CudaAccelerator: CudaStream StreamOf(AcceleratorStream)",
        "Accelerator: CapturedGraph Capture(Action)", "CudaAccelerator: CapturedGraph Capture(Action)",
        "CudaDevice: CudaDeviceInfo Info", "SharedMemoryConfig: int Bytes",
    ];

    // Ours, and what the same C# means in ILGPU: more general, found through a conversion, or an extension method.
    private static readonly Dictionary<string, string> OtherwiseThere = new()
    {
        ["ArrayView1D: ref T Item[int]"] = "ArrayView1D: ref T Item[Index1D]",
        ["ArrayView1D: ref T Item[long]"] = "ArrayView1D: ref T Item[LongIndex1D]",
        ["Accelerator: MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(T[])"] =
            "ArrayViewExtensions: MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(Accelerator, T[])",
        ["ArrayViewExtensions: void CopyFromCPU<T>(ArrayView<T>, ReadOnlySpan<T>)"] =
            "ArrayViewExtensions: void CopyFromCPU<T, TView>(TView, ref ReadOnlySpan<T>)",
        ["ArrayViewExtensions: void CopyToCPU<T>(ArrayView<T>, Span<T>)"] =
            "ArrayViewExtensions: void CopyToCPU<T, TView>(TView, ref Span<T>)",
        ["ArrayViewExtensions: void CopyTo<T>(ArrayView<T>, ArrayView<T>)"] =
            "ArrayViewExtensions: void CopyTo<TView>(TView, ref TView)",
        ["ArrayViewExtensions: void CopyTo<T>(ArrayView<T>, AcceleratorStream, ArrayView<T>)"] =
            "ArrayViewExtensions: void CopyTo<TView>(TView, AcceleratorStream, ref TView)",
        ["ArrayViewExtensions: void MemSetToZero<T>(ArrayView<T>)"] =
            "ArrayViewExtensions: void MemSetToZero<TView>(TView)",
        ["ArrayViewExtensions: void MemSetToZero<T>(ArrayView<T>, AcceleratorStream)"] =
            "ArrayViewExtensions: void MemSetToZero<TView>(TView, AcceleratorStream)",
        ["CPUContextExtensions: SimtAccelerator CreateCPUAccelerator(Context, int)"] =
            "CPUContextExtensions: CPUAccelerator CreateCPUAccelerator(Context, int)",
        ["MemoryBuffer1D: ArrayView1D<T, TStride> op_Implicit(MemoryBuffer1D<T, TStride>)"] =
            "MemoryBuffer: TView op_Implicit(MemoryBuffer<TView>)",
        ["MemoryBuffer1D: void CopyFromCPU(T[])"] =
            "ArrayViewExtensions: void CopyFromCPU<T>(MemoryBuffer<ArrayView1D<T, Stride1D.Dense>>, T[])",
        ["MemoryBuffer1D: void CopyToCPU(T[])"] =
            "ArrayViewExtensions: void CopyToCPU<T>(MemoryBuffer<ArrayView1D<T, Stride1D.Dense>>, T[])",
        ["MemoryBuffer1D: T[] GetAsArray1D()"] =
            "ArrayViewExtensions: T[] GetAsArray1D<T>(MemoryBuffer<ArrayView1D<T, Stride1D.Dense>>)",
        ["MemoryBuffer1D: void MemSetToZero()"] = "ArrayViewExtensions: void MemSetToZero<TView>(TView)",
        ["MemoryBuffer1D: void MemSetToZero(AcceleratorStream)"] =
            "ArrayViewExtensions: void MemSetToZero<TView>(TView, AcceleratorStream)",
    };

    private static readonly Type[] Own =
        [.. typeof(GatysGpu.Kernels.Compiler.KernelCompiler).Assembly.GetExportedTypes().Where(t => t.Namespace == OwnNamespace)];

    private static readonly HashSet<string> Ilgpu =
        [.. typeof(Context).Assembly.GetExportedTypes().Where(t => IlgpuNamespaces.Contains(t.Namespace)).SelectMany(Members)];

    private static IEnumerable<TestCaseData> Types =>
        Own.Where(t => !OwnTypes.Contains(MemberText.Name(t)))
            .Select(t => new TestCaseData(t).SetArgDisplayNames(MemberText.Name(t)));

    [TestCaseSource(nameof(Types))]
    public void EveryPublicMember_IsInIlgpuWithTheSameTypes(Type own)
    {
        Type[] theirs = [.. typeof(Context).Assembly.GetExportedTypes()
            .Where(t => IlgpuNamespaces.Contains(t.Namespace) && MemberText.Name(t) == MemberText.Name(own)
                && t.GetGenericArguments().Length == own.GetGenericArguments().Length)];
        Assert.That(theirs, Has.Length.EqualTo(1), "types of this name in ILGPU");
        Assert.That(theirs[0].IsValueType, Is.EqualTo(own.IsValueType), "a struct");
        Assert.That(theirs[0].IsInterface, Is.EqualTo(own.IsInterface), "an interface");
        // What a base class has, this one has.
        HashSet<string> found = [.. Ancestors(theirs[0]).SelectMany(t => Members(t).Select(m => m[m.IndexOf(':')..]))];
        string[] missing = [.. Members(own).Where(m => !found.Contains(m[m.IndexOf(':')..])
            && !OwnMembers.Contains(m) && !OtherwiseThere.ContainsKey(m))];
        Assert.That(missing, Is.Empty, "not in ILGPU");
    }

    [Test]
    public void WhatIsOtherwiseThere_IsThereOnBothSides()
    {
        HashSet<string> own = [.. Own.SelectMany(Members)];
        Assert.That(OwnMembers.Concat(OtherwiseThere.Keys).Where(m => !own.Contains(m)), Is.Empty,
            "not in the project's language");
        Assert.That(OtherwiseThere.Values.Where(m => !Ilgpu.Contains(m)), Is.Empty, "not in ILGPU");
        Assert.That(OwnTypes.Except(Own.Select(MemberText.Name)), Is.Empty, "no type of the project's language");
    }

    [Test]
    public void TheComparison_HasSeenTheWholeLanguage()
    {
        // Types and members that kernels use, of each kind.
        Assert.That(Own, Has.Length.GreaterThan(35));
        Assert.That(Own.SelectMany(Members).ToArray(), Has.Length.GreaterThan(250)
            .And.Contains("Group: int BarrierPopCount(bool)").And.Contains("Atomic: float Add(ref float, float)")
            .And.Contains("ArrayView: ref T Item[long]").And.Contains("SpecializedValue: T Value")
            .And.Contains("Index3D: int Z"));
    }

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (Type? t = type; t is not null && t != typeof(object); t = t.BaseType) yield return t;
    }

    // "type: return type name(parameter types)"; a property has no parentheses.
    private static IEnumerable<string> Members(Type type)
    {
        foreach (MemberInfo member in type.GetMembers(MemberText.Declared))
        {
            if (member is MethodInfo { IsSpecialName: true } accessor
                && !accessor.Name.StartsWith("op_", StringComparison.Ordinal)) continue;
            if (member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is MethodInfo) continue;
            if (MemberText.Describe(member) is { } text) yield return $"{MemberText.Name(type).Split('<')[0]}: {text}";
        }
    }
}
