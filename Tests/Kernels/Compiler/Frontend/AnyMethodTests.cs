using System.Numerics;
using System.Reflection;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Frontend;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>Whatever method the compiler is given, it makes a valid kernel of it or refuses it with its own exception.</summary>
/// <remarks>The methods were not written as kernels: those of this assembly, of the program's, and of value types of the
/// framework.</remarks>
internal sealed class AnyMethodTests
{
    private const BindingFlags Every =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] FrameworkTypes =
    [
        typeof(Math), typeof(MathF), typeof(BitOperations), typeof(int), typeof(ulong), typeof(float), typeof(double),
            typeof(char), typeof(Half), typeof(decimal),
        typeof(Int128), typeof(TimeSpan), typeof(DateTime), typeof(Guid), typeof(Index), typeof(Range), typeof(Vector2),
            typeof(Vector3), typeof(Vector4),
        typeof(Matrix4x4), typeof(Quaternion), typeof(Complex), typeof(BigInteger), typeof(Random), typeof(HashCode),
            typeof(Convert), typeof(BitConverter),
        typeof(System.Text.Rune), typeof(string), typeof(Buffer), typeof(Interlocked),
    ];

    private static readonly Assembly[] Assemblies =
        [typeof(AnyMethodTests).Assembly, typeof(KernelCompiler).Assembly, typeof(GatysGpu.Kernels.Devices.IDevice).Assembly];

    private static IEnumerable<TestCaseData> Groups =>
        [new TestCaseData((object)FrameworkTypes) { TestName = "Methods_OfTheFramework_CompileOrAreRefused" },
         .. Assemblies.Select(a =>
             new TestCaseData((object)a.GetTypes()) { TestName =
             $"Methods_Of{a.GetName().Name!.Replace(".", "")}_CompileOrAreRefused" })];

    [TestCaseSource(nameof(Groups))]
    public void Methods(Type[] types)
    {
        int compiled = 0;
        int refused = 0;
        foreach (MethodBase method in types.SelectMany(t =>
            t.GetMethods(Every).Cast<MethodBase>().Concat(t.GetConstructors(Every))))
        {
            if (method.ContainsGenericParameters || method.DeclaringType!.ContainsGenericParameters
                || method.GetMethodBody() is null) continue;
            try
            {
                Kernel kernel = Translate(method);
                if (IrVerifier.Check(Optimised(kernel)) is { } wrong)
                    Assert.Fail($"{TypeNames.Of(method)}: {wrong}\n{IrPrinter.Print(kernel)}");
                compiled++;
            }
            catch (KernelCompileException refusal)
            {
                Assert.That(refusal.Location, Is.Not.Null, $"{TypeNames.Of(method)}: {refusal.Message}");
                refused++;
            }
            catch (Exception e) when (e is not AssertionException)
            {
                Assert.Fail($"{TypeNames.Of(method)}: {e}");
            }
        }
        TestContext.Out.WriteLine($"{compiled} compiled, {refused} refused");
        Assert.That(compiled, Is.GreaterThan(20));
        Assert.That(refused, Is.GreaterThan(20));
    }

    private static Kernel Optimised(Kernel kernel)
    {
        KernelCompiler.Optimise(kernel, null);
        return kernel;
    }

    // Arguments as a kernel has them; references are to local variables.
    private static Kernel Translate(MethodBase method)
    {
        Kernel kernel = new("any");
        CodeBuilder code = new(kernel) { Location = new SourceLocation(TypeNames.Of(method), null, 0, null) };
        code.Continue(code.NewBlock());
        List<Operand> arguments = [.. method.GetParameters().Select(p => Argument(kernel, code, p.ParameterType, p.Name ?? "p"))];
        if (!method.IsStatic) arguments.Insert(0, Argument(kernel, code, method.DeclaringType!.MakeByRefType(), "this"));
        IlTranslator.Translate(code, method, [.. arguments], null);
        code.Emit(Opcode.Return, null);
        return kernel;
    }

    private static Operand Argument(Kernel kernel, CodeBuilder code, Type type, string name)
    {
        if (type.IsByRef)
        {
            Storage storage = Storage.Create(type.GetElementType()!, name, code.Location);
            if (storage is not ReferenceStorage)
                new StorageAccess(code).Write(storage, Argument(kernel, code, type.GetElementType()!, name));
            return new StorageOperand(storage);
        }
        Storage.Create(type, name, code.Location);
        return KernelCompiler.Declare(kernel, type, name);
    }
}
