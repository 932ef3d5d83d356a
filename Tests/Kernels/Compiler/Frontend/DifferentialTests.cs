using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>Functions run as C# on the host and as IR, before and after the passes, on the same numbers: equal bit for
/// bit.</summary>
internal sealed class DifferentialTests
{
    private const int Seed = 20240511;
    private const int Samples = 300;

    private static readonly Type[] Collections =
    [
        typeof(IntegerFunctions), typeof(ConversionFunctions), typeof(FloatFunctions), typeof(ControlFunctions),
            typeof(LoopFunctions), typeof(StructFunctions),
    ];

    private static IEnumerable<TestCaseData> Functions =>
        Collections.SelectMany(c => c.GetMethods(BindingFlags.Static | BindingFlags.Public))
        .Select(m => new TestCaseData(m) { TestName = $"Function_{m.DeclaringType!.Name}_{m.Name}_IsTheSameAsOnTheHost" });

    [TestCaseSource(nameof(Functions))]
    public void Function(MethodInfo function)
    {
        CompiledFunction compiled = new(function);
        Random random = new(Seed);
        ParameterInfo[] parameters = function.GetParameters();
        int compared = 0;
        for (int sample = 0; sample < Samples; sample++)
        {
            object[] arguments = [.. parameters.Select(p => RandomArguments.Next(p.ParameterType, random))];
            object expected = function.Invoke(null, arguments)!;
            string what = $"{function.Name}({string.Join(", ", arguments)}), seed {Seed}";
            Assert.That(Same(compiled.RunPlain(arguments), expected), Is.True, () =>
                $"{what} as translated is {compiled.RunPlain(arguments)}, on the host {expected}");
            Assert.That(Same(compiled.RunOptimised(arguments), expected), Is.True,
                () => $"{what} optimised is {compiled.RunOptimised(arguments)}, on the host {expected}\n"
                    + IrPrinter.Print(compiled.Optimised));
            compared++;
        }
        Assert.That(compared, Is.EqualTo(Samples));
    }

    // Every NaN is the same; −0 is not 0.
    private static bool Same(object a, object b) => (a, b) switch
    {
        (float x, float y) =>
            float.IsNaN(x) && float.IsNaN(y) || BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
        (double x, double y) =>
            double.IsNaN(x) && double.IsNaN(y) || BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
        _ => a.Equals(b),
    };
}
