using System.Reflection;
using System.Reflection.Emit;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>Everything unsupported is refused with method, file, line, construct and way out.</summary>
internal sealed class RefusalTests
{
    private const BindingFlags Every =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;

    private static IEnumerable<TestCaseData> Kernels =>
        typeof(RefusedKernels).GetMethods(Every).Where(m => m.IsDefined(typeof(RefusedAttribute)))
        .Select(m => new TestCaseData(m) { TestName = $"Kernel_{m.Name}_IsRefusedAtItsLine" });

    [TestCaseSource(nameof(Kernels))]
    public void Refused(MethodInfo method)
    {
        RefusedAttribute expected = method.GetCustomAttribute<RefusedAttribute>()!;
        KernelCompileException refusal = Assert.Throws<KernelCompileException>(() => KernelCompiler.Compile(method))!;
        SourceLocation kernel = refusal.Location!;
        while (kernel.Caller is not null) kernel = kernel.Caller;
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Construct, Does.Contain(expected.Construct));
            Assert.That(refusal.Message,
                Does.Contain(expected.Remedy).And.Contains($"RefusedKernels.{method.Name} (RefusedKernels."));
            Assert.That(kernel.Line, Is.EqualTo(expected.Line), refusal.Message);
        });
    }

    [Test]
    public void OpenGenericKernel_IsRefused() =>
        Assert.That(
            () => KernelCompiler.Compile(typeof(RefusalTests).GetMethod(nameof(Open),
                BindingFlags.Static | BindingFlags.NonPublic)!),
            Throws.TypeOf<KernelCompileException>().With.Message.Contains("open type parameters")
                .And.Message.Contains("RefusalTests.Open"));

    [Test]
    public void Lambda_IsRefused()
    {
        Action<ArrayView<int>> kernel = x => x[0] = 1;
        Assert.That(() =>
            KernelCompiler.Compile(kernel.Method), Throws.TypeOf<KernelCompileException>().With.Message.Contains("lambda"));
    }

    [Test]
    public void MethodWithoutIl_IsRefusedAtItsCall()
    {
        KernelCompileException refusal =
            Assert.Throws<KernelCompileException>(() => KernelCompiler.Compile(((Action<int>)CallsNative).Method))!;
        Assert.That(refusal.Message, Does.Contain("has no body of IL").And.Contain(nameof(CallsNative)));
    }

    [Test]
    public void FloatAsCondition_IsRefused()
    {
        // C# has no such thing; IL made by hand has.
        PersistedAssemblyBuilder assembly = new(new AssemblyName("HandMade"), typeof(object).Assembly);
        TypeBuilder type = assembly.DefineDynamicModule("HandMade").DefineType("HandMade", TypeAttributes.Public);
        ILGenerator il =
            type.DefineMethod("Kernel", MethodAttributes.Public | MethodAttributes.Static, typeof(void),
            [typeof(float)]).GetILGenerator();
        Label end = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Brtrue, end);
        il.MarkLabel(end);
        il.Emit(OpCodes.Ret);
        type.CreateType();
        using MemoryStream image = new();
        assembly.Save(image);
        MethodInfo kernel = Assembly.Load(image.ToArray()).GetType("HandMade")!.GetMethod("Kernel")!;
        Assert.That(() =>
            KernelCompiler.Compile(kernel),
            Throws.TypeOf<KernelCompileException>().With.Message.Contains("Float32 as a condition"));
    }

    [Test]
    public void SpecializedValue_OfAnotherType_SaysBoth() =>
        Assert.That(() =>
            KernelCompiler.Compile(((Action<SpecializedValue<int>>)Special).Method, new Dictionary<int, object> { [0] = 1f }),
            Throws.ArgumentException.With.Message.Contains("SpecializedValue<int>").And.Message.Contains("float"));

    private static void Special(SpecializedValue<int> value)
    {
    }

    private static void Open<T>(T value)
    {
    }

    private static void CallsNative(int a) => Native(a);

    [System.Runtime.InteropServices.DllImport("nowhere")]
    private static extern int Native(int a);
}
