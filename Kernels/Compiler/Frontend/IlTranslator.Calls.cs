using System.Reflection;
using System.Reflection.Emit;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Calls: members of the kernel language become instructions, every other method is translated in place.</summary>
internal sealed partial class IlTranslator
{
    private Type? constraint;

    private void Call(IlInstruction il)
    {
        if (il.OpCode == OpCodes.Calli || il.OpCode == OpCodes.Jmp)
            throw Unsupported("a call through a function pointer or delegate", "Call the method by name, or through a generic struct parameter.");
        MethodBase target = method.Module.ResolveMethod((int)il.Number, TypeArguments, MethodArguments)!;
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
        if (!target.IsStatic && !target.DeclaringType!.IsValueType)
            throw Unsupported($"a call of {target.DeclaringType.Name}.{target.Name}, a method of a class or interface",
                "There are no objects in a kernel: use static methods, structs, or a generic parameter with a struct constraint.");

        ParameterInfo[] parameters = target.GetParameters();
        Operand[] operands = new Operand[parameters.Length + (target.IsStatic ? 0 : 1)];
        for (int i = operands.Length - 1; i >= 0; i--) operands[i] = Pop();
        if (new Intrinsics(code, access).TryTranslate(target, operands, out Operand? result))
        {
            if (result is not null) Push(result);
            return;
        }
        if (TypeLayout.IsView(target.DeclaringType!) || target.Module == typeof(object).Module)
            throw Unsupported($"{target.DeclaringType!.Name}.{target.Name}", "The kernel language has no such member; Kernels/README.md lists those it has.");
        if (Inline(target, operands) is { } value) Push(value);
    }

    private void Construct(ConstructorInfo constructor)
    {
        Type type = constructor.DeclaringType!;
        if (!type.IsValueType || TypeLayout.IsView(type))
            throw Unsupported($"new {type.Name}", type.IsValueType ? "Take a part of another view." : "There are no objects in a kernel.");
        Operand[] operands = new Operand[constructor.GetParameters().Length + 1];
        for (int i = operands.Length - 1; i > 0; i--) operands[i] = Pop();
        Storage storage = Storage.Create(type, "new" + type.Name, code.Location);
        access.Clear(storage);
        operands[0] = new StorageOperand(storage);
        Inline(constructor, operands);
        Push(access.Read(storage));
    }

    private Operand? Inline(MethodBase target, Operand[] operands)
    {
        ParameterInfo[] parameters = target.GetParameters();
        Storage[] storages = new Storage[operands.Length];
        int shift = target.IsStatic ? 0 : 1;
        for (int i = 0; i < operands.Length; i++)
        {
            Type type = i < shift ? target.DeclaringType!.MakeByRefType() : parameters[i - shift].ParameterType;
            string name = i < shift ? "this" : parameters[i - shift].Name ?? $"p{i}";
            if (i < shift && operands[i] is StructOperand or ViewOperand) type = target.DeclaringType!;
            storages[i] = Storage.Create(type, name, code.Location);
            access.Write(storages[i], operands[i]);
        }
        if (shift == 1 && storages[0] is not ReferenceStorage) storages[0] = Reference(storages[0]);
        SourceLocation? here = code.Location;
        Operand? result = Translate(code, target, storages, this);
        code.Location = here;
        return result;
    }

    private static ReferenceStorage Reference(Storage storage) => new("this") { Bound = storage };

    // The method of a struct that implements an interface's, also a static one.
    private MethodInfo Implementation(Type type, MethodInfo declared)
    {
        if (!type.IsValueType || !declared.DeclaringType!.IsInterface)
            throw Unsupported($"a call of {declared.DeclaringType!.Name}.{declared.Name} on {type.Name}", "Use a struct that implements an interface.");
        MethodInfo definition = declared.IsGenericMethod ? declared.GetGenericMethodDefinition() : declared;
        InterfaceMapping map = type.GetInterfaceMap(declared.DeclaringType);
        int index = Array.FindIndex(map.InterfaceMethods, m => m.MetadataToken == definition.MetadataToken && m.Module == definition.Module);
        MethodInfo found = index >= 0 ? map.TargetMethods[index] : throw Unsupported($"{type.Name} does not implement {declared.Name}", "Implement it in the struct.");
        return declared.IsGenericMethod ? found.MakeGenericMethod(declared.GetGenericArguments()) : found;
    }
}
