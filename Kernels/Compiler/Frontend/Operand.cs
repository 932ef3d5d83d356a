using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>An entry of IL's evaluation stack.</summary>
internal abstract record Operand
{
    /// <summary>Gives registers without a name that of the variable that they are kept in.</summary>
    public static void Name(Operand operand, string name)
    {
        switch (operand)
        {
            case ScalarOperand { Value: Register { Name: null } register }:
                register.Name = name;
                break;
            case ViewOperand view:
                Name(new ScalarOperand(view.Pointer), name);
                Name(new ScalarOperand(view.Length), name + "_length");
                break;
            case StructOperand structure:
                for (int i = 0; i < structure.Fields.Length; i++)
                    Name(structure.Fields[i], $"{name}_{Storage.FieldName(TypeLayout.Fields(structure.Type)[i])}");
                break;
        }
    }
}

/// <summary>A number, or the address of something in memory.</summary>
internal sealed record ScalarOperand(Value Value) : Operand;

/// <summary>A struct as the values of its fields, in the order of <see cref="TypeLayout.Fields"/>.</summary>
internal sealed record StructOperand(Type Type, Operand[] Fields) : Operand;

/// <summary>A view as pointer and length in elements.</summary>
internal sealed record ViewOperand(Value Pointer, Value Length) : Operand;

/// <summary>A string of the source, for the one call that takes one.</summary>
internal sealed record TextOperand(string Text) : Operand;

/// <summary>The address of a local variable or of a field of one.</summary>
/// <param name="Storage">The variable.</param>
/// <param name="Merged">Whether, in a meeting point, it is where a value of the stack is kept rather than an address on the
/// stack.</param>
internal sealed record StorageOperand(Storage Storage, bool Merged = false) : Operand;

/// <summary>Where a local variable or argument is kept until SSA construction.</summary>
internal abstract class Storage(string name)
{
    /// <summary>For people.</summary>
    public string Name { get; } = name;

    /// <summary>Whether a ref variable stands for it, or for a part of it.</summary>
    public bool IsReferredTo { get => field || Parts.Any(p => p.IsReferredTo); set; }

    /// <summary>The fields of a struct.</summary>
    protected virtual Storage[] Parts => [];

    /// <summary>Whether a storage is this one or a part of it.</summary>
    public bool Holds(Storage storage) => storage == this || Parts.Any(p => p.Holds(storage));

    /// <summary>Storage for a value of a C# type.</summary>
    /// <exception cref="KernelCompileException">A class, a pointer, a string, …</exception>
    public static Storage Create(Type type, string name, SourceLocation? location)
    {
        if (type.IsByRef) return new ReferenceStorage(name);
        if (TypeLayout.IsView(type)) return new ViewStorage(name);
        if (TypeLayout.Register(type) is { } register) return new ScalarStorage(name, register);
        if (TypeLayout.Refusal(type) is { } refusal)
            throw new KernelCompileException(location, $"'{name}' is of type {TypeNames.Of(type)}, {refusal.Reason}",
            refusal.Remedy);
        return new StructStorage(type, name,
            [.. TypeLayout.Fields(type).Select(f => Create(f.FieldType, $"{name}_{FieldName(f)}", location))]);
    }

    /// <summary>A field's name, that of the property or parameter for one that the C# compiler made.</summary>
    public static string FieldName(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>') is > 1 and var end ? field.Name[1..end] : field.Name;
}

/// <summary>An argument that is never assigned to: the value itself.</summary>
internal sealed class FixedStorage(string name, Operand value) : Storage(name)
{
    /// <summary>What was passed.</summary>
    public Operand Value { get; } = value;
}

/// <summary>One variable; that of a pointer gets its type with the first value, since the memory it points to is not known
/// before.</summary>
internal sealed class ScalarStorage(string name, IrType? type) : Storage(name)
{
    /// <summary>The variable once its type is known.</summary>
    public Variable? Variable { get; private set; } = type is { } known ? new Variable(known, name) : null;

    /// <summary>The variable for values of a type.</summary>
    public Variable For(IrType type, SourceLocation? location)
    {
        Variable ??= new Variable(type, Name);
        return Variable.Type == type ? Variable : throw new KernelCompileException(location,
            $"'{Name}', which holds {Describe(Variable.Type)} at one place and {Describe(type)} at another",
                "Let a view or reference stay in one kind of memory.");
    }

    private static string Describe(IrType type) => type switch
    {
        IrType.GlobalPointer => "an address in global memory",
        IrType.SharedPointer => "an address in shared memory",
        IrType.LocalPointer => "an address in local memory",
        _ => $"a number ({type})",
    };
}

/// <summary>A struct as storages of its fields.</summary>
internal sealed class StructStorage(Type type, string name, Storage[] fields) : Storage(name)
{
    /// <summary>The struct.</summary>
    public Type Type { get; } = type;

    /// <summary>In the order of <see cref="TypeLayout.Fields"/>.</summary>
    public Storage[] Fields { get; } = fields;

    /// <inheritdoc/>
    protected override Storage[] Parts => Fields;
}

/// <summary>A view.</summary>
internal sealed class ViewStorage(string name) : Storage(name)
{
    /// <summary>Its pointer.</summary>
    public ScalarStorage Pointer { get; } = new(name, null);

    /// <summary>Its length in elements.</summary>
    public ScalarStorage Length { get; } = new(name + "_length", IrType.Int64);
}

/// <summary>A ref: the address of one local variable, always the same, or an address in memory.</summary>
internal sealed class ReferenceStorage(string name) : Storage(name)
{
    /// <summary>The local variable that it stands for.</summary>
    public Storage? Bound { get; set; }

    /// <summary>The address.</summary>
    public ScalarStorage Pointer { get; } = new(name, null);
}
