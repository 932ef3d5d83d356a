using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>PTX as text.</summary>
internal sealed partial class Intrinsics
{
    private bool Assembly(MethodInfo target, Operand[] operands, out Operand? result)
    {
        result = null;
        if (target.Name == "get_" + nameof(CudaAsm.IsSupported))
        {
            result = new ScalarOperand(FromTruth(code.Emit(IrType.Bool, Opcode.AssemblySupported, null)));
            return true;
        }
        // A string is a constant or was refused before it came here.
        string text = ((TextOperand)operands[0]).Text;
        (AssemblyArgument Kind, Type Type)[] arguments = [.. target.GetParameters().Skip(1).Select(ArgumentOf)];
        InlineAssembly assembly = new(text, [.. arguments.Select(a => a.Kind)]);
        if (assembly.Mistake() is { } mistake) throw Unsupported($"PTX text with {mistake.Construct}", mistake.Remedy);

        List<Value> inputs = [];
        for (int i = 0; i < arguments.Length; i++)
            if (arguments[i].Kind != AssemblyArgument.Output) inputs.Add(AssemblyInput(operands[i + 1], arguments[i].Type));
        IrType[] outputs = [.. arguments.Where(a => a.Kind != AssemblyArgument.Input)
            .Select(a => TypeLayout.Register(a.Type)!.Value)];
        Register[] set = code.EmitSeveral(outputs, Opcode.InlineAssembly, assembly, [.. inputs]);
        for (int i = 0, output = 0; i < arguments.Length; i++)
            if (arguments[i].Kind != AssemblyArgument.Input)
                WriteReference(Variable(operands[i + 1]), arguments[i].Type, set[output++]);
        return true;
    }

    // What the text does with an argument, and the type of its number: T, out T, or one of the three types of variables.
    private (AssemblyArgument Kind, Type Type) ArgumentOf(ParameterInfo parameter, int index)
    {
        Type type = parameter.ParameterType;
        AssemblyArgument kind = type.IsByRef ? AssemblyArgument.Output : AssemblyArgument.Input;
        if (type.IsByRef) type = type.GetElementType()!;
        if (type.IsGenericType && type.GetGenericTypeDefinition() is var variable
            && (variable == typeof(Input<>) || variable == typeof(Output<>) || variable == typeof(Ref<>)))
        {
            kind = variable == typeof(Input<>) ? AssemblyArgument.Input
                : variable == typeof(Output<>) ? AssemblyArgument.Output : AssemblyArgument.InputOutput;
            type = type.GetGenericArguments()[0];
        }
        if (type != typeof(bool) && TypeLayout.Memory(type) is { } memory && memory.Size() >= 4) return (kind, type);
        throw Unsupported($"a {TypeNames.Of(type)} as the argument %{index} of PTX text",
            "Pass an int, uint, float, long, ulong or double.");
    }

    private Value AssemblyInput(Operand operand, Type type) =>
        operand is ScalarOperand { Value: var value } && !value.Type.IsPointer() ? value : ReadReference(Variable(operand), type);

    // The number in a variable that EmitRef takes.
    private static Operand Variable(Operand reference) =>
        reference is StorageOperand { Storage: StructStorage { Fields: [var number] } } ? new StorageOperand(number) : reference;
}
