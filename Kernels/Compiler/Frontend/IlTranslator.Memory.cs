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
        if (name.StartsWith("ldarga", StringComparison.Ordinal)) Push(AddressOf(arguments[slot]));
        else if (name.StartsWith("ldarg", StringComparison.Ordinal)) Push(access.Read(arguments[slot]));
        else if (name.StartsWith("starg", StringComparison.Ordinal)) access.Write(arguments[slot], Pop());
        else if (name.StartsWith("ldloca", StringComparison.Ordinal)) Push(AddressOf(locals[slot]));
        else if (name.StartsWith("ldloc", StringComparison.Ordinal) && name != "localloc") Push(access.Read(locals[slot]));
        else if (name.StartsWith("stloc", StringComparison.Ordinal)) access.Write(locals[slot], Pop());
        else if (name.StartsWith("ldind.", StringComparison.Ordinal)) LoadIndirect(Primitive(name[6..]));
        else if (name.StartsWith("stind.", StringComparison.Ordinal)) StoreIndirect(Primitive(name[6..]));
        else return AccessTyped(il, name);
        return true;
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
                LoadStatic(ResolveField(il));
                return true;
            default:
                return false;
        }
    }

    private Type[]? TypeArguments => method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;

    private Type[]? MethodArguments => method.IsGenericMethod ? method.GetGenericArguments() : null;

    private Type ResolveType(IlInstruction il) => method.Module.ResolveType((int)il.Number, TypeArguments, MethodArguments);

    private FieldInfo ResolveField(IlInstruction il) => method.Module.ResolveField((int)il.Number, TypeArguments, MethodArguments)!;

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

    private static Operand AddressOf(Storage storage) => new StorageOperand(storage is ReferenceStorage { Bound: { } bound } ? bound : storage);

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
        : throw Unsupported("a number used as an address", "Index a view instead.");

    private void LoadField(FieldInfo field)
    {
        Operand target = Pop();
        if (target is StructOperand structure) Push(structure.Fields[FieldIndex(field)]);
        else
        {
            Push(FieldAddress(target, field));
            LoadIndirect(field.FieldType);
        }
    }

    private Operand FieldAddress(Operand target, FieldInfo field) => target switch
    {
        StorageOperand { Storage: StructStorage structure } => new StorageOperand(structure.Fields[FieldIndex(field)]),
        ScalarOperand { Value: var pointer } when pointer.Type.IsPointer() => new ScalarOperand(access.Field(pointer, field)),
        _ => throw Unsupported($"the field '{field.DeclaringType?.Name}.{field.Name}'", "Use fields of structs only."),
    };

    private static int FieldIndex(FieldInfo field) => Array.FindIndex(TypeLayout.Fields(field.DeclaringType!), f => f.MetadataToken == field.MetadataToken);

    private void LoadStatic(FieldInfo field)
    {
        if (!field.IsInitOnly || TypeLayout.Memory(field.FieldType) is null)
            throw Unsupported($"the static field '{field.DeclaringType?.Name}.{field.Name}'", "Only const and static readonly numbers are constants; pass others as parameters.");
        Push(ConstantOf(field.GetValue(null)!));
    }

    /// <summary>A boxed number as a constant.</summary>
    internal static Constant ConstantOf(object value) => value switch
    {
        float number => Constant.Of(number),
        double number => Constant.Of(number),
        bool truth => Constant.Of(truth ? 1 : 0),
        long number => Constant.Of(number),
        ulong number => Constant.Of(unchecked((long)number)),
        uint number => Constant.Of(unchecked((int)number)),
        Enum number => ConstantOf(System.Convert.ChangeType(number, Enum.GetUnderlyingType(number.GetType()), null)),
        char letter => Constant.Of((int)letter),
        _ => Constant.Of(System.Convert.ToInt32(value, null)),
    };
}
