using System.Reflection;
using GatysGpu.Kernels.Compiler.Frontend;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Passes;

namespace GatysGpu.Kernels.Compiler;

/// <summary>A C# method becomes a kernel: IL → variables → SSA form → loops written out, local arrays in registers, common parts once.</summary>
public static class KernelCompiler
{
    /// <summary>Compiles a static method.</summary>
    /// <param name="method">Static, returns void, not an open generic; its parameters are numbers, structs of numbers and views.</param>
    /// <param name="specialized">For each parameter of type <see cref="SpecializedValue{T}"/> its value, by index; it is no parameter of the
    /// kernel then.</param>
    /// <param name="autoGrouped">The first parameter is the <see cref="Index1D"/> of the thread in the whole launch; the kernel's first scalar
    /// is then the number of indices (Int32), and threads beyond it leave at once.</param>
    /// <exception cref="KernelCompileException">The method, or one that it calls, says something that is not supported.</exception>
    public static Kernel Compile(MethodInfo method, IReadOnlyDictionary<int, object>? specialized = null, bool autoGrouped = false)
    {
        if (!method.IsStatic || method.ReturnType != typeof(void) || method.ContainsGenericParameters)
            throw new KernelCompileException(null, $"{method.DeclaringType?.Name}.{method.Name} is not a static void method without open type parameters",
                "Write the kernel as a static method (not a lambda) that writes its results to views.");
        Kernel kernel = new(Name(method, specialized));
        CodeBuilder code = new(kernel);
        code.Continue(code.NewBlock());
        ParameterInfo[] parameters = method.GetParameters();
        Storage[] arguments = new Storage[parameters.Length];
        StorageAccess access = new(code);
        Block? outside = autoGrouped ? code.NewBlock() : null;
        for (int i = 0; i < parameters.Length; i++)
        {
            string name = parameters[i].Name ?? $"p{i}";
            if (parameters[i].ParameterType.IsByRef)
                throw new KernelCompileException(null, $"{kernel.Name}: the parameter '{name}' is a reference", "Pass a view.");
            arguments[i] = Storage.Create(parameters[i].ParameterType, name, null);
            Operand value = autoGrouped && i == 0 ? GlobalIndex(code, outside!) : specialized is not null && specialized.TryGetValue(i, out object? known)
                ? new StructOperand(parameters[i].ParameterType, [new ScalarOperand(IlTranslator.ConstantOf(known))])
                : Declare(kernel, parameters[i].ParameterType, name);
            access.Write(arguments[i], value);
        }
        IlTranslator.Translate(code, method, arguments, null);
        code.Emit(Opcode.Return, null);
        if (outside is not null)
        {
            code.Continue(outside);
            code.Emit(Opcode.Return, null);
        }
        Optimise(kernel);
        return kernel;
    }

    private static void Optimise(Kernel kernel)
    {
        ControlFlow.RemoveUnreachable(kernel);
        SsaConstruction.Run(kernel);
        DeadCode.Run(kernel);
        Simplification.Run(kernel);
        do
        {
            LoopUnrolling.Run(kernel);
            CommonSubexpressions.Run(kernel);
            DeadCode.Run(kernel);
        }
        while (LocalArrayPromotion.Run(kernel));
        Simplification.Run(kernel);
        CommonSubexpressions.Run(kernel);
        Simplification.Run(kernel);
        DeadCode.Run(kernel);
        FusedMultiplyAdd.Run(kernel);
        CommonSubexpressions.Run(kernel);
        DeadCode.Run(kernel);
        ReportUndefined(kernel);
        kernel.Renumber();
    }

    // A value that no way through the kernel gives is a mistake already here; where only some ways miss it, the checker sees.
    private static void ReportUndefined(Kernel kernel)
    {
        foreach (Instruction instruction in kernel.Blocks.SelectMany(b => b.Instructions))
            foreach (Value operand in instruction.Operands)
                if (operand is Undefined undefined)
                    throw new KernelCompileException(undefined.Location ?? instruction.Location, $"'{undefined.What}' is read but never written", "Store a value first.");
    }

    private static StructOperand GlobalIndex(CodeBuilder code, Block outside)
    {
        Parameter extent = new(IrType.Int32, 0, "extent");
        code.Kernel.Parameters.Add(extent);
        Value first = code.Emit(IrType.Int32, Opcode.Multiply, null, Special(SpecialRegister.GroupX), Special(SpecialRegister.GroupSizeX));
        Value index = code.Emit(IrType.Int32, Opcode.Add, null, first, Special(SpecialRegister.ThreadX));
        Block inside = code.NewBlock();
        code.Branch(code.Compare(Comparison.Less, index, extent), inside, outside);
        code.Continue(inside);
        return new StructOperand(typeof(Index1D), [new ScalarOperand(index)]);

        Value Special(SpecialRegister register) => code.Emit(IrType.Int32, Opcode.Special, register);
    }

    private static Operand Declare(Kernel kernel, Type type, string name)
    {
        if (TypeLayout.IsView(type)) return new ViewOperand(Scalar(IrType.GlobalPointer, name), Scalar(IrType.Int64, name + ".length"));
        if (TypeLayout.Register(type) is { } register) return new ScalarOperand(Scalar(register, name));
        return new StructOperand(type, [.. TypeLayout.Fields(type).Select(f => Declare(kernel, f.FieldType, $"{name}.{Storage.FieldName(f)}"))]);

        Parameter Scalar(IrType scalar, string scalarName)
        {
            Parameter parameter = new(scalar, kernel.Parameters.Count, scalarName);
            kernel.Parameters.Add(parameter);
            return parameter;
        }
    }

    // Type_Method, with type arguments and specialised values, in the letters that PTX allows.
    private static string Name(MethodInfo method, IReadOnlyDictionary<int, object>? specialized)
    {
        IEnumerable<string> parts = [method.DeclaringType?.Name ?? "", method.Name, .. method.GetGenericArguments().Select(t => t.Name),
            .. (specialized ?? new Dictionary<int, object>()).OrderBy(s => s.Key).Select(s => FormattableString.Invariant($"{s.Value}"))];
        return string.Concat(string.Join('_', parts).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
    }
}
