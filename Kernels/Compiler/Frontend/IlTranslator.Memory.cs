using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Arguments, local variables, fields, and memory behind references.</summary>
internal sealed partial class IlTranslator
{
    private bool Access(IlInstruction il)
    {
        string name = il.OpCode.Name!;
        int slot = il.OpCode.OperandType is System.Reflection.Emit.OperandType.InlineNone ? name[^1] - '0' : (int)il.Number;
        int web = source.Locals.At(current);
        if (name.StartsWith("ldarga", StringComparison.Ordinal)) Push(AddressOf(arguments[slot]));
        else if (name.StartsWith("ldarg", StringComparison.Ordinal)) Push(access.Read(arguments[slot]));
        else if (name.StartsWith("starg", StringComparison.Ordinal)) access.Write(arguments[slot], Pop());
        else if (name.StartsWith("ldloca", StringComparison.Ordinal)) Push(AddressOf(Local(web)));
        else if (name.StartsWith("ldloc", StringComparison.Ordinal)) Push(access.Read(Local(web)));
        else if (name.StartsWith("stloc", StringComparison.Ordinal))
        {
            Operand value = Pop();
            RefuseStoreUnderAddress(web);
            if (source.HasName(web)) NameArrays(value, source.LocalNames[web]);
            access.Write(Local(web), value);
        }
        else if (name.StartsWith("ldind.", StringComparison.Ordinal)) LoadIndirect(Primitive(name[6..]));
        else if (name.StartsWith("stind.", StringComparison.Ordinal)) StoreIndirect(Primitive(name[6..]));
        else return AccessTyped(il, name);
        return true;
    }

    // An array has the name of the first variable that it is kept in; a second one of that name gets a number.
    private void NameArrays(Operand value, string variable)
    {
        if (value is StructOperand structure)
            foreach (Operand field in structure.Fields) NameArrays(field, variable);
        if (value is not ViewOperand { Pointer: Register { Definition: { Opcode: Opcode.ArrayAddress, Payload: MemoryArray array } } }
            || array.IsNamed || array.Dynamic) return;
        string name = variable;
        for (int number = 2; code.Kernel.Arrays.Any(a => a.Name == name); number++) name = variable + number;
        array.NameAfter(name);
    }

    private bool AccessTyped(IlInstruction il, string name)
    {
        switch (name)
        {
            case "ldobj":
                LoadIndirect(ResolveType(il));
                return true;
            case "stobj":
                StoreIndirect(ResolveType(il));
                return true;
            case "cpobj":
                LoadIndirect(ResolveType(il));
                StoreIndirect(ResolveType(il));
                return true;
            case "initobj":
                Initialise(ResolveType(il));
                return true;
            case "sizeof":
                Push(Constant.Of(TypeLayout.Size(ResolveType(il))));
                return true;
            case "ldfld":
                LoadField(ResolveField(il));
                return true;
            case "ldflda":
                Push(FieldAddress(Pop(), ResolveField(il)));
                return true;
            case "stfld":
                Operand value = Pop();
                StoreAt(FieldAddress(Pop(), ResolveField(il)), ResolveField(il).FieldType, value);
                return true;
            case "ldsfld":
                Push(StaticValue(ResolveField(il)));
                return true;
            case "ldsflda":
                FieldInfo field = ResolveField(il);
                Storage copy = Storage.Create(field.FieldType, field.Name, code.Location);
                access.Write(copy, StaticValue(field));
                Push(new StorageOperand(copy));
                return true;
            default:
                return false;
        }
    }

    private Type ResolveType(IlInstruction il) => source.ResolveType((int)il.Number);

    private FieldInfo ResolveField(IlInstruction il) => source.ResolveField((int)il.Number);

    private static Type Primitive(string name) => name switch
    {
        "i1" => typeof(sbyte),
        "u1" => typeof(byte),
        "i2" => typeof(short),
        "u2" => typeof(ushort),
        "i4" => typeof(int),
        "u4" => typeof(uint),
        "i8" or "i" => typeof(long),
        "r4" => typeof(float),
        "r8" => typeof(double),
        _ => typeof(object),
    };

    private static Operand AddressOf(Storage storage) =>
        new StorageOperand(storage is ReferenceStorage { Bound: { } bound } ? bound : storage);

    private void LoadIndirect(Type type)
    {
        Operand address = Pop();
        Push(address is StorageOperand local ? access.Read(local.Storage) : access.Load(type, Pointer(address)));
    }

    private void StoreIndirect(Type type)
    {
        Operand value = Pop();
        StoreAt(Pop(), type, value);
    }

    private void StoreAt(Operand address, Type type, Operand value)
    {
        if (address is StorageOperand local) access.Write(local.Storage, value);
        else access.Store(type, Pointer(address), value);
    }

    private void Initialise(Type type)
    {
        Operand address = Pop();
        if (address is StorageOperand local) access.Clear(local.Storage);
        else access.Store(type, Pointer(address), access.Zeros(type));
    }

    private Value Pointer(Operand address) => address is ScalarOperand { Value: var value } && value.Type.IsPointer() ? value
        : throw Unsupported("a number used as an address", "Index a view instead; unsafe pointers are not part of the language.");

    private void LoadField(FieldInfo field)
    {
        Operand target = Pop();
        if (target is StructOperand structure) Push(structure.Fields[FieldIndex(structure.Type, field)]);
        else
        {
            Push(FieldAddress(target, field));
            LoadIndirect(field.FieldType);
        }
    }

    private Operand FieldAddress(Operand target, FieldInfo field) => target switch
    {
        // A number's own field, inside the framework's methods of numbers, is the number.
        StorageOperand { Storage: ScalarStorage } number when field.DeclaringType!.IsPrimitive => number,
        StorageOperand { Storage: StructStorage structure } =>
            new StorageOperand(structure.Fields[FieldIndex(structure.Type, field)]),
        ScalarOperand { Value: var pointer } when pointer.Type.IsPointer() => new ScalarOperand(access.Field(pointer, field)),
        _ => throw Unsupported($"the field '{TypeNames.Of(field.DeclaringType!)}.{field.Name}'", "Use fields of structs only."),
    };

    private int FieldIndex(Type type, FieldInfo field)
    {
        int index =
            Array.FindIndex(TypeLayout.Fields(type), f => f.MetadataToken == field.MetadataToken && f.Module == field.Module);
        return index >= 0 ? index
            : throw Unsupported($"the field '{field.Name}' of a {TypeNames.Of(type)}", "Use fields of the struct itself.");
    }

    private Operand StaticValue(FieldInfo field)
    {
        if (!field.IsInitOnly || TypeLayout.Refusal(field.FieldType) is not null || !field.FieldType.IsValueType
            || TypeLayout.HoldsView(field.FieldType)
            || StaticField(field, false) is ("a table of constants", _))
        {
            (string construct, string remedy) = StaticField(field, changed: false);
            throw Unsupported(construct, remedy);
        }
        object? value;
        try
        {
            value = field.GetValue(null);
        }
        catch (TargetInvocationException e)
        {
            throw Unsupported($"the static field '{field.Name}', whose initialiser fails ({e.InnerException?.Message})",
                "Write a const.");
        }
        catch (TypeInitializationException e)
        {
            throw Unsupported($"the static field '{field.Name}', whose initialiser fails ({e.InnerException?.Message})",
                "Write a const.");
        }
        return ConstantOf(field.FieldType, value!);
    }

    /// <summary>A boxed number, or struct of numbers, as constants.</summary>
    /// <param name="type">The type as which it is used.</param>
    /// <param name="value">An object of that type.</param>
    internal static Operand ConstantOf(Type type, object value) => TypeLayout.Register(type) is null
        ? new StructOperand(type, [.. TypeLayout.Fields(type).Select(f => ConstantOf(f.FieldType, f.GetValue(value)!))])
        : new ScalarOperand(ConstantOf(value));

    private static Constant ConstantOf(object value) => value switch
    {
        float number => Constant.Of(number),
        double number => Constant.Of(number),
        bool truth => Constant.Of(truth ? 1 : 0),
        long number => Constant.Of(number),
        ulong number => Constant.Of(unchecked((long)number)),
        uint number => Constant.Of(unchecked((int)number)),
        nint number => Constant.Of((long)number),
        nuint number => Constant.Of(unchecked((long)number)),
        Enum number => ConstantOf(System.Convert.ChangeType(number, Enum.GetUnderlyingType(number.GetType()), null)),
        char letter => Constant.Of((int)letter),
        _ => Constant.Of(System.Convert.ToInt32(value, null)),
    };
}
