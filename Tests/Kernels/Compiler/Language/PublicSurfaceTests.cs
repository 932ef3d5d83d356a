using System.Reflection;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Language;

// The part of ILGPU 1.5.3's surface that kernels and their launchers may use, member by member: what compiles here must compile
// there. Each line is "return type name(parameter types)", as C# writes them; a property has no parentheses.
public class PublicSurfaceTests
{
    private static readonly string[] Integers = ["int", "uint", "long", "ulong"];

    private static readonly (Type Type, string[] Members)[] Surface =
    [
        (typeof(ArrayView<>), ["long Length", "int IntLength", "ref T Item[int]", "ref T Item[long]", "ref T Item[Index1D]",
            "ArrayView<T> SubView(int, int)", "ArrayView<T> SubView(long, long)", "ArrayView<T> SubView(long)",
            "ArrayView<TOther> Cast<TOther>()", "ArrayView<T> op_Implicit(ArrayView1D<T, Stride1D.Dense>)"]),
        (typeof(ArrayView1D<,>), ["ArrayView<T> BaseView", "Index1D IntExtent", "long Length", "ref T Item[int]",
            "ref T Item[long]",
            "ref T Item[Index1D]", "ArrayView1D<T, TStride> SubView(Index1D, Index1D)"]),
        (typeof(Index1D), ["int X", "int op_Implicit(Index1D)", "Index1D op_Implicit(int)"]),
        (typeof(Index2D), ["int X", "int Y"]),
        (typeof(Index3D), ["int X", "int Y", "int Z"]),
        (typeof(Grid), ["int IdxX", "int IdxY", "int IdxZ", "int DimX", "int DimY", "int DimZ"]),
        (typeof(Group), ["int IdxX", "int IdxY", "int IdxZ", "int DimX", "int DimY", "int DimZ", "void Barrier()",
            "int BarrierPopCount(bool)", "bool BarrierAnd(bool)", "bool BarrierOr(bool)"]),
        (typeof(Warp), ["int WarpSize", "int LaneIdx", "int WarpIdx", "void Barrier()", "T Shuffle<T>(T, int)",
            "T ShuffleDown<T>(T, int)",
            "T ShuffleUp<T>(T, int)", "T ShuffleXor<T>(T, int)", "T Broadcast<T>(T, int)"]),
        (typeof(SharedMemory), ["ArrayView<T> Allocate<T>(int)", "ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D)",
            "ref T Allocate<T>()", "ArrayView<T> GetDynamic<T>()"]),
        (typeof(LocalMemory), ["ArrayView<T> Allocate<T>(int)"]),
        (typeof(Atomic), [
            .. from name in new[] { "Add", "Max", "Min", "And", "Or", "Xor", "Exchange" }
               from t in Integers select $"{t} {name}(ref {t}, {t})",
            .. from name in new[] { "Add", "Exchange" } from t in new[] { "float", "double" } select $"{t} {name}(ref {t}, {t})",
            .. from t in (string[])[.. Integers, "float", "double"] select $"{t} CompareExchange(ref {t}, {t}, {t})"]),
        (typeof(Interop), ["uint FloatAsInt(float)", "float IntAsFloat(uint)", "int SizeOf<T>()"]),
        (typeof(MemoryFence), ["void GroupLevel()", "void DeviceLevel()", "void SystemLevel()"]),
        (typeof(CudaAsm), ["bool IsSupported", "void Emit(string)", .. Enumerable.Range(1, 10).SelectMany(Emits),
            .. Enumerable.Range(1, 16).Select(n => $"void EmitRef<{Join(n, "T")}>(string, {Join(n, "ref T")})")]),
        (typeof(Input<>), ["T Value", "Input<T> op_Implicit(T)"]),
        (typeof(Output<>), ["T Value"]),
        (typeof(Ref<>), ["T Value", "Ref<T> op_Implicit(T)"]),
        (typeof(GatysGpu.Kernels.Compiler.Language.Half), ["float op_Implicit(Half)", "Half op_Explicit(float)"]),
        (typeof(Context), ["Context Create(Action<Context.Builder>)", "Context CreateDefault()",
            "ImmutableArray<Device> Devices", "void Dispose()"]),
        (typeof(CPUContextExtensions), ["Context.Builder CPU(Context.Builder)",
            "SimtAccelerator CreateCPUAccelerator(Context, int)"]),
        (typeof(CudaContextExtensions), ["Context.Builder Cuda(Context.Builder)",
            "CudaAccelerator CreateCudaAccelerator(Context, int)"]),
        (typeof(Device), ["string Name", "long MemorySize", "AcceleratorType AcceleratorType",
            "Accelerator CreateAccelerator(Context)"]),
        (typeof(Accelerator), ["string Name", "long MemorySize", "int WarpSize", "int NumMultiprocessors",
            "int MaxNumThreadsPerGroup",
            "int MaxSharedMemoryPerGroup", "MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(long)",
                "AcceleratorStream DefaultStream",
            "AcceleratorStream CreateStream()", "void Synchronize()", "void Dispose()"]),
        (typeof(AcceleratorStream), ["void Synchronize()", "void Dispose()"]),
        (typeof(MemoryBuffer1D<,>), ["ArrayView1D<T, TStride> View", "long Length", "void CopyFromCPU(T[])",
            "void CopyToCPU(T[])",
            "void MemSetToZero()"]),
        (typeof(MemoryBuffer), ["void Dispose()", "long LengthInBytes"]),
        (typeof(KernelConfig), ["new(Index1D, Index1D, SharedMemoryConfig)", "new(Index2D, Index2D, SharedMemoryConfig)",
            "new(Index3D, Index3D, SharedMemoryConfig)", "KernelConfig op_Implicit((Index1D, Index1D))",
            "KernelConfig op_Implicit((Index2D, Index2D))", "KernelConfig op_Implicit((Index3D, Index3D))"]),
        (typeof(SharedMemoryConfig), ["SharedMemoryConfig RequestDynamic<T>(int)"]),
        (typeof(SpecializedValue<>), ["new(T)", "T op_Implicit(SpecializedValue<T>)"]),
        (typeof(SpecializedValue), ["SpecializedValue<T> New<T>(T)"]),
        (typeof(KernelLoaders), [.. Enumerable.Range(1, 14).SelectMany(Loaders)]),
    ];

    [Test]
    public void Surface_HasEveryMemberWithItsTypes()
    {
        int compared = 0;
        foreach ((Type type, string[] members) in Surface)
        {
            HashSet<string?> found = [.. type.GetMembers(MemberText.Declared).Select(MemberText.Describe)];
            foreach (string member in members)
            {
                Assert.That(found, Does.Contain(member), type.Name);
                compared++;
            }
        }
        Assert.That(compared, Is.EqualTo(199 + 38 + 5));
    }

    [Test]
    public void Loaders_TakeStructsAsIlgpuDoes()
    {
        foreach (MethodInfo loader in typeof(KernelLoaders).GetMethods(MemberText.Declared))
            foreach (Type parameter in loader.GetGenericArguments())
                Assert.That(
                    parameter.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint),
                        $"{loader}");
    }

    [Test]
    public void TextArguments_AreStructsAsIlgpusAre()
    {
        MethodInfo[] methods = [.. typeof(CudaAsm).GetMethods(MemberText.Declared).Where(m => m.Name is "Emit" or "EmitRef")];
        Assert.That(methods, Has.Length.EqualTo(1 + 20 + 16));
        foreach (MethodInfo method in methods)
            foreach (Type parameter in method.GetGenericArguments())
            {
                Assert.That(
                    parameter.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint),
                        $"{method}");
                Assert.That(parameter.GetGenericParameterConstraints().Contains(typeof(ICudaAsmEmitParameter)),
                    Is.EqualTo(method.Name == "EmitRef"), $"{method}");
            }
        Assert.That(methods.Count(m => m.GetParameters() is [_, { IsOut: true }, ..]), Is.EqualTo(10));
    }

    private static IEnumerable<string> Emits(int count)
    {
        string t = Join(count, "T");
        yield return $"void Emit<{t}>(string, {t})";
        yield return $"void Emit<{t}>(string, ref {t})";
    }

    private static string Join(int count, string prefix) =>
        string.Join(", ", Enumerable.Range(0, count).Select(i => $"{prefix}{i}"));

    private static IEnumerable<string> Loaders(int count)
    {
        string t = string.Join(", ", Enumerable.Range(1, count).Select(i => $"T{i}"));
        yield return $"Action<AcceleratorStream, KernelConfig, {t}> LoadKernel<{t}>(Accelerator, Action<{t}>)";
        yield return $"Action<KernelConfig, {t}> LoadStreamKernel<{t}>(Accelerator, Action<{t}>)";
        yield return
            $"Action<AcceleratorStream, TIndex, {t}> LoadAutoGroupedKernel<TIndex, {t}>(Accelerator, Action<TIndex, {t}>)";
        yield return $"Action<TIndex, {t}> LoadAutoGroupedStreamKernel<TIndex, {t}>(Accelerator, Action<TIndex, {t}>)";
    }
}
