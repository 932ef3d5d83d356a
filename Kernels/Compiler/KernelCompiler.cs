using System.Reflection;
using GatysGpu.Kernels.Compiler.Frontend;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Passes;

namespace GatysGpu.Kernels.Compiler;

/// <summary>A C# method becomes a kernel: IL → variables → SSA form → loops written out, local arrays in registers, common parts
/// once, what a loop does not change in front of it.</summary>
public static class KernelCompiler
{
    /// <summary>Compiles a static method.</summary>
    /// <param name="method">Static, returns void, not an open generic; its parameters are numbers, structs of numbers and
    /// views.</param>
    /// <param name="specialized">For each parameter of type <see cref="SpecializedValue{T}"/> its value, by index; it is no
    /// parameter of the kernel then.</param>
    /// <param name="autoGrouped">The first parameter is the <see cref="Index1D"/> of the thread in the whole launch; the kernel's
    /// first scalar is then the number of indices (Int32), and threads beyond it leave at once.</param>
    /// <exception cref="KernelCompileException">The method, or one that it calls, says something that is not
    /// supported.</exception>
    public static Kernel Compile(MethodInfo method, IReadOnlyDictionary<int, object>? specialized = null,
        bool autoGrouped = false)
    {
        Kernel kernel = Translate(method, specialized, autoGrouped);
        Optimise(kernel, null);
        return kernel;
    }

    /// <summary>The kernel as the method says it, with variables, and nothing done to it.</summary>
    internal static Kernel Translate(MethodInfo method, IReadOnlyDictionary<int, object>? specialized = null,
        bool autoGrouped = false)
    {
        SourceLocation location = new(TypeNames.Of(method), null, 0, null);
        if (method.ContainsGenericParameters)
            throw new KernelCompileException(location, "a kernel with open type parameters",
                "Make the method with its type arguments first.");
        if (method.GetMethodBody() is not null) location = MethodCode.Of(method, null).Location(0, null);
        if (!method.IsStatic)
            throw new KernelCompileException(location, "an instance method or lambda as a kernel",
            "Write the kernel as a static method.");
        if (method.ReturnType != typeof(void))
            throw new KernelCompileException(location, $"a kernel that returns a {TypeNames.Of(method.ReturnType)}",
                "Return void and write results to views.");
        Kernel kernel = new(Name(method, specialized));
        CodeBuilder code = new(kernel) { Location = location };
        code.Continue(code.NewBlock());
        ParameterInfo[] parameters = method.GetParameters();
        Operand[] arguments = new Operand[parameters.Length];
        Block? outside = autoGrouped ? code.NewBlock() : null;
        if (autoGrouped && (parameters.Length == 0 || parameters[0].ParameterType != typeof(Index1D)))
            throw new KernelCompileException(location, "an auto-grouped kernel whose first parameter is not an Index1D",
                "Let it take the index of the thread first.");
        for (int i = 0; i < parameters.Length; i++)
        {
            string name = parameters[i].Name ?? $"p{i}";
            Type type = parameters[i].ParameterType;
            if (type.IsByRef) throw new KernelCompileException(location, $"the parameter '{name}', a reference", "Pass a view.");
            if (TypeLayout.Refusal(type) is { } refusal)
                throw new KernelCompileException(location,
                    $"the parameter '{name}' of type {TypeNames.Of(type)}, {refusal.Reason}", refusal.Remedy);
            arguments[i] = autoGrouped && i == 0 ? GlobalIndex(code, outside!) : specialized is not null
                && specialized.TryGetValue(i, out object? known)
                ? Specialized(type, name, known) : Declare(kernel, type, name);
        }
        IlTranslator.Translate(code, method, arguments, null);
        code.Emit(Opcode.Return, null);
        if (outside is not null)
        {
            code.Continue(outside);
            code.Emit(Opcode.Return, null);
        }
        return kernel;
    }

    private static StructOperand Specialized(Type type, string name, object value)
    {
        Type? wanted = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(SpecializedValue<>)
            ? type.GetGenericArguments()[0] : null;
        if (wanted != value.GetType())
            throw new ArgumentException($"'{name}' is a {TypeNames.Of(type)}, its value a {TypeNames.Of(value.GetType())}. "
                + "Give the value of a SpecializedValue with its type.");
        return new StructOperand(type, [IlTranslator.ConstantOf(wanted, value)]);
    }

    /// <summary>Makes a kernel as translated into what back ends see.</summary>
    /// <param name="kernel">The kernel; changed in place.</param>
    /// <param name="passed">Told the name of each pass after it, where tests look on.</param>
    internal static void Optimise(Kernel kernel, Action<string>? passed)
    {
        Pass(nameof(ControlFlow), ControlFlow.RemoveUnreachable);
        Pass(nameof(SsaConstruction), SsaConstruction.Run);
        Pass(nameof(DeadCode), DeadCode.Run);
        Pass(nameof(Simplification), Simplification.Run);
        Choices();
        LoopUnrolling.Run(kernel, passed);
        Pass(nameof(CommonSubexpressions), CommonSubexpressions.Run);
        Pass(nameof(DeadCode), DeadCode.Run);
        while (LocalArrayPromotion.Run(kernel))
        {
            passed?.Invoke(nameof(LocalArrayPromotion));
            Pass(nameof(Simplification), Simplification.Run);
            // What lay in an array may have been the bound of a loop or the index of another array.
            LoopUnrolling.Run(kernel, passed);
            Pass(nameof(CommonSubexpressions), CommonSubexpressions.Run);
            Pass(nameof(DeadCode), DeadCode.Run);
        }
        if (Choices()) Pass(nameof(CommonSubexpressions), CommonSubexpressions.Run);
        Pass(nameof(Simplification), Simplification.Run);
        Pass(nameof(DeadCode), DeadCode.Run);
        bool negated = FusedMultiplyAdd.Run(kernel);
        passed?.Invoke(nameof(FusedMultiplyAdd));
        if (negated) Pass(nameof(CommonSubexpressions), CommonSubexpressions.Run);
        Pass(nameof(DeadCode), DeadCode.Run);
        Pass(nameof(LoopInvariants), LoopInvariants.Run);
        ReportUndefined(kernel);
        kernel.Renumber();

        bool Choices()
        {
            bool any = false;
            for (; IfConversion.Run(kernel); any = true)
            {
                passed?.Invoke(nameof(IfConversion));
                Pass(nameof(Simplification), Simplification.Run);
            }
            return any;
        }

        void Pass(string name, Action<Kernel> run)
        {
            run(kernel);
            passed?.Invoke(name);
        }
    }

    // A value that no way through the kernel gives is a mistake already here; where only some ways miss it, the checker sees.
    private static void ReportUndefined(Kernel kernel)
    {
        foreach (Instruction instruction in kernel.Blocks.SelectMany(b => b.Instructions))
            foreach (Value operand in instruction.Operands)
                if (operand is Undefined undefined)
                    throw new KernelCompileException(undefined.Location ?? instruction.Location,
                        $"a read of '{undefined.What.TrimStart('~')}', which is never written", "Store a value first.");
    }

    private static StructOperand GlobalIndex(CodeBuilder code, Block outside)
    {
        Parameter extent = new(IrType.Int32, 0, "extent");
        code.Kernel.Parameters.Add(extent);
        Value first =
            code.Emit(IrType.Int32, Opcode.Multiply, null, Special(SpecialRegister.GroupX), Special(SpecialRegister.GroupSizeX));
        Value index = code.Emit(IrType.Int32, Opcode.Add, null, first, Special(SpecialRegister.ThreadX));
        Block inside = code.NewBlock();
        code.Branch(code.Compare(Comparison.Less, index, extent), inside, outside);
        code.Continue(inside);
        return new StructOperand(typeof(Index1D), [new ScalarOperand(index)]);

        Value Special(SpecialRegister register) => code.Emit(IrType.Int32, Opcode.Special, register);
    }

    internal static Operand Declare(Kernel kernel, Type type, string name)
    {
        if (TypeLayout.IsView(type))
            return new ViewOperand(Scalar(IrType.GlobalPointer, name), Scalar(IrType.Int64, name + ".length"));
        if (TypeLayout.Register(type) is { } register) return new ScalarOperand(Scalar(register, name));
        return new StructOperand(type,
            [.. TypeLayout.Fields(type).Select(f => Declare(kernel, f.FieldType, $"{name}.{Storage.FieldName(f)}"))]);

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
        IEnumerable<string> parts =
            [method.DeclaringType?.Name ?? "", method.Name, .. method.GetGenericArguments().Select(t => t.Name),
            .. (specialized ?? new Dictionary<int, object>()).OrderBy(s =>
                s.Key).Select(s => FormattableString.Invariant($"{s.Value}"))];
        return string.Concat(string.Join('_', parts).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
    }
}
