using System.Reflection;
using System.Reflection.Emit;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Calls: members of the kernel language become instructions, every other method is translated in place.</summary>
internal sealed partial class IlTranslator
{
    private Type? constraint;

    private void Call(IlInstruction il)
    {
        if (il.OpCode == OpCodes.Calli || il.OpCode == OpCodes.Jmp)
            throw Unsupported("a call through a function pointer", DelegateRemedy);
        MethodBase target = source.ResolveMethod((int)il.Number);
        if (constraint is { } type)
        {
            constraint = null;
            target = Implementation(type, (MethodInfo)target);
        }
        if (il.OpCode == OpCodes.Newobj)
        {
            Construct((ConstructorInfo)target);
            return;
        }
        if (!target.IsStatic && target.DeclaringType is not { IsValueType: true })
        {
            if (LeadsToThrow()) throw Throw();
            if (target.DeclaringType == typeof(string)) throw Unsupported("a string", StringRemedy);
            throw Unsupported(target.DeclaringType is { BaseType: { } parent } && parent == typeof(MulticastDelegate)
                    ? "a call of a delegate" : $"a call of {TypeNames.Of(target)}, a method of a class or interface",
                "There are no objects in a kernel: use static methods, structs, or generics with a struct constraint.");
        }

        int count = MethodCode.ParametersOf(target).Length + (target.IsStatic ? 0 : 1);
        Operand[] operands = new Operand[count];
        bool takesText = target.DeclaringType == typeof(CudaAsm);
        for (int i = count - 1; i >= 0; i--) operands[i] = takesText ? PopArgument() : Pop();
        if (new Intrinsics(code, access).TryTranslate(target, operands, out Operand? result))
        {
            if (result is not null) Push(result);
            return;
        }
        if (TypeLayout.IsView(target.DeclaringType!) && !target.IsStatic) throw NoSuchMember(target);
        if ((IsFramework(target) ? InlineFramework(target, operands) : Inline(target, operands)) is { } value) Push(value);
    }

    private void Construct(ConstructorInfo constructor)
    {
        Type type = constructor.DeclaringType!;
        if (!type.IsValueType && LeadsToThrow()) throw Throw();
        if (!type.IsValueType || TypeLayout.IsView(type))
            throw Unsupported(type.BaseType == typeof(MulticastDelegate) ? "a delegate or lambda" : $"new {TypeNames.Of(type)}",
                type.IsValueType ? "Take a part of another view." : "There are no objects in a kernel.");
        Operand[] operands = new Operand[MethodCode.ParametersOf(constructor).Length + 1];
        for (int i = operands.Length - 1; i > 0; i--) operands[i] = Pop();
        Storage storage = Storage.Create(type, "new" + type.Name, code.Location);
        access.Clear(storage);
        operands[0] = new StorageOperand(storage);
        if (IsFramework(constructor)) InlineFramework(constructor, operands);
        else Inline(constructor, operands);
        Push(access.Read(storage));
    }

    private Operand? Inline(MethodBase target, Operand[] operands)
    {
        SourceLocation? here = code.Location;
        code.CountCall();
        Operand? result = Translate(code, target, operands, this);
        code.Location = here;
        return result;
    }

    private static bool IsFramework(MethodBase target) => target.DeclaringType?.Namespace is { } name
        && (name == nameof(System) || name.StartsWith("System.", StringComparison.Ordinal));

    // Small methods of numbers and tuples are C# like any other: operators of generic numbers, for instance.
    private Operand? InlineFramework(MethodBase target, Operand[] operands)
    {
        SourceLocation? here = code.Location;
        Type type = target.DeclaringType!;
        if (!type.IsPrimitive && type != typeof(Math) && type != typeof(MathF) && type != typeof(System.Numerics.BitOperations)
            && !type.Name.StartsWith(nameof(ValueTuple), StringComparison.Ordinal))
            throw NoSuchMember(target);
        try
        {
            return Inline(target, operands);
        }
        catch (KernelCompileException)
        {
            code.Location = here;
            throw NoSuchMember(target);
        }
    }

    private KernelCompileException NoSuchMember(MethodBase target) =>
        LeadsToThrow() ? Throw() : Unsupported(TypeNames.Of(target), Alternatives(target.DeclaringType!));

    // The method of a struct that implements an interface's, also a static one.
    private MethodInfo Implementation(Type type, MethodInfo declared)
    {
        if (!type.IsValueType || declared.DeclaringType is not { IsInterface: true })
            throw Unsupported($"a call of {TypeNames.Of(declared)} on {TypeNames.Of(type)}",
                "Use a struct that implements an interface.");
        MethodInfo definition = declared.IsGenericMethod ? declared.GetGenericMethodDefinition() : declared;
        InterfaceMapping map = type.GetInterfaceMap(declared.DeclaringType);
        int index =
            Array.FindIndex(map.InterfaceMethods, m => m.MetadataToken == definition.MetadataToken
            && m.Module == definition.Module);
        MethodInfo? found = index >= 0 ? map.TargetMethods[index] : null;
        if (found is null)
            throw Unsupported($"{TypeNames.Of(type)}, which does not implement {TypeNames.Of(declared)}",
            "Implement it in the struct.");
        return declared.IsGenericMethod ? found.MakeGenericMethod(declared.GetGenericArguments()) : found;
    }
}
