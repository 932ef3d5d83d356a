using System.Reflection;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Frontend;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Passes;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>A static function of numbers as a kernel that writes its result to memory, to be compared with the function
/// itself.</summary>
internal sealed class CompiledFunction
{
    private readonly MethodInfo function;
    private readonly Kernel plain;

    public CompiledFunction(MethodInfo function)
    {
        this.function = function;
        plain = Translate(function);
        ControlFlow.RemoveUnreachable(plain);
        Optimised = Translate(function);
        VerifiedCompilation.Optimise(Optimised);
    }

    /// <summary>What the passes made of it.</summary>
    public Kernel Optimised { get; }

    /// <summary>The result of the kernel as translated.</summary>
    public object RunPlain(object[] arguments) => Run(plain, arguments);

    /// <summary>The result of the optimised kernel, fused multiplications and additions rounded twice.</summary>
    public object RunOptimised(object[] arguments) => Run(Optimised, arguments);

    private object Run(Kernel kernel, object[] arguments)
    {
        byte[] memory = new byte[64];
        IrEvaluator evaluator = new(kernel) { RoundTwice = true };
        long result = evaluator.Add(memory);
        try
        {
            evaluator.Run([result, .. arguments.Select(Bits)]);
        }
        catch (InvalidOperationException e)
        {
            string call = $"{function.Name}({string.Join(", ", arguments)})";
            throw new InvalidOperationException($"{call}: {e.Message}\n{IrPrinter.Print(kernel)}", e);
        }
        return Value(function.ReturnType, memory);
    }

    private static Kernel Translate(MethodInfo function)
    {
        Kernel kernel = new(function.Name);
        CodeBuilder code = new(kernel);
        code.Continue(code.NewBlock());
        ScalarOperand result = new(new Parameter(IrType.GlobalPointer, 0, "result"));
        kernel.Parameters.Add((Parameter)result.Value);
        Operand[] arguments = [.. function.GetParameters().Select(p => KernelCompiler.Declare(kernel, p.ParameterType, p.Name!))];
        Operand value = IlTranslator.Translate(code, function, arguments, null)!;
        new StorageAccess(code).Store(function.ReturnType, result.Value, value);
        code.Emit(Opcode.Return, null);
        return kernel;
    }

    private static long Bits(object value) => value switch
    {
        float number => BitConverter.SingleToInt32Bits(number),
        double number => BitConverter.DoubleToInt64Bits(number),
        bool truth => truth ? 1 : 0,
        ulong number => (long)number,
        uint number => (int)number,
        char letter => letter,
        _ => Convert.ToInt64(value, null),
    };

    private static object Value(Type type, byte[] memory) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => memory[0] != 0,
        TypeCode.Byte => memory[0],
        TypeCode.SByte => (sbyte)memory[0],
        TypeCode.Int16 => BitConverter.ToInt16(memory),
        TypeCode.UInt16 => BitConverter.ToUInt16(memory),
        TypeCode.Char => BitConverter.ToChar(memory),
        TypeCode.Int32 => BitConverter.ToInt32(memory),
        TypeCode.UInt32 => BitConverter.ToUInt32(memory),
        TypeCode.Int64 => BitConverter.ToInt64(memory),
        TypeCode.UInt64 => BitConverter.ToUInt64(memory),
        TypeCode.Single => BitConverter.ToSingle(memory),
        TypeCode.Double => BitConverter.ToDouble(memory),
        _ => throw new NotSupportedException(type.Name),
    };
}
