using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Reads and writes local variables and memory by C# type.</summary>
internal sealed class StorageAccess(CodeBuilder code)
{
    /// <summary>The value of a local variable.</summary>
    public Operand Read(Storage storage) => storage switch
    {
        ScalarStorage scalar => new ScalarOperand(Load(scalar)),
        ViewStorage view => new ViewOperand(Load(view.Pointer), Load(view.Length)),
        StructStorage structure => new StructOperand(structure.Type, [.. structure.Fields.Select(Read)]),
        FixedStorage argument => argument.Value,
        ReferenceStorage { Bound: { } bound } => new StorageOperand(bound),
        ReferenceStorage reference => new ScalarOperand(Load(reference.Pointer)),
        _ => throw new InvalidOperationException(storage.GetType().Name),
    };

    /// <summary>Sets a local variable.</summary>
    public void Write(Storage storage, Operand value)
    {
        switch (storage, value)
        {
            case (ScalarStorage target, ScalarOperand source):
                Store(target, source.Value);
                break;
            case (ViewStorage target, ViewOperand source):
                Store(target.Pointer, source.Pointer);
                Store(target.Length, source.Length);
                break;
            case (StructStorage target, StructOperand source):
                for (int i = 0; i < target.Fields.Length; i++) Write(target.Fields[i], source.Fields[i]);
                break;
            case (ReferenceStorage target, StorageOperand source) when target.Pointer.Variable is null
                && (target.Bound ?? source.Storage) == source.Storage:
                target.Bound = source.Storage;
                source.Storage.IsReferredTo = true;
                break;
            case (ReferenceStorage { Bound: null } target, ScalarOperand source):
                Store(target.Pointer, source.Value);
                break;
            case (ReferenceStorage, _):
                throw new KernelCompileException(code.Location,
                    $"'{storage.Name}' refers to one variable at one place and to another elsewhere",
                    "Let a ref stand for one variable, or copy the value.");
            default:
                throw new KernelCompileException(code.Location, $"{Describe(value)} where '{storage.Name}' holds something else",
                    "Store a value of the variable's type.");
        }
    }

    private static string Describe(Operand operand) => operand switch
    {
        StorageOperand => "the address of a variable",
        ViewOperand => "a view",
        StructOperand structure => $"a {TypeNames.Of(structure.Type)}",
        _ => "a number or an address in memory",
    };

    /// <summary>Sets a local variable to zeros. The pointer of a view keeps its type open.</summary>
    public void Clear(Storage storage)
    {
        switch (storage)
        {
            case ScalarStorage { Variable: { } variable }:
                Store(variable, Zero(variable.Type));
                break;
            case ViewStorage view:
                Store(view.Length, Constant.Of(0L));
                break;
            case StructStorage structure:
                foreach (Storage field in structure.Fields) Clear(field);
                break;
        }
    }

    /// <summary>The value of a C# type in memory.</summary>
    public Operand Load(Type type, Value pointer)
    {
        if (TypeLayout.Memory(type) is { } memory)
            return new ScalarOperand(code.Emit(memory.RegisterType(), Opcode.Load, new MemoryAccess(memory, 1), pointer));
        RequireStruct(type);
        FieldInfo[] fields = TypeLayout.Fields(type);
        if (Vector(type, pointer) is { } vector)
        {
            Value[] values = code.EmitSeveral(vector.Count, vector.Type.RegisterType(), Opcode.Load, vector, pointer);
            return new StructOperand(type, [.. values.Select(v => new ScalarOperand(v))]);
        }
        return new StructOperand(type, [.. fields.Select(f => Load(f.FieldType, Field(pointer, f)))]);
    }

    /// <summary>Writes a value of a C# type to memory.</summary>
    public void Store(Type type, Value pointer, Operand value)
    {
        if (TypeLayout.Memory(type) is { } memory)
        {
            code.Emit(Opcode.Store, new MemoryAccess(memory, 1), pointer, value is ScalarOperand scalar ? scalar.Value
                : throw new KernelCompileException(code.Location, $"{Describe(value)} stored in memory",
                    "Keep only numbers and structs of numbers in memory."));
            return;
        }
        RequireStruct(type);
        if (value is not StructOperand structure)
            throw new KernelCompileException(code.Location, $"{Describe(value)} stored in memory",
                "Keep only numbers and structs of numbers in memory.");
        if (Vector(type, pointer) is { } vector)
        {
            code.Emit(Opcode.Store, vector, [pointer, .. structure.Fields.Select(f => ((ScalarOperand)f).Value)]);
            return;
        }
        FieldInfo[] fields = TypeLayout.Fields(type);
        for (int i = 0; i < fields.Length; i++) Store(fields[i].FieldType, Field(pointer, fields[i]), structure.Fields[i]);
    }

    /// <summary>Address of a field of a struct in memory.</summary>
    public Value Field(Value pointer, FieldInfo field)
    {
        int offset = TypeLayout.Offset(field, code.Location);
        return offset == 0 ? pointer : code.Emit(pointer.Type, Opcode.AddressOffset, offset, pointer);
    }

    /// <summary>A value of a C# type whose bits are all zero.</summary>
    public Operand Zeros(Type type)
    {
        if (TypeLayout.Register(type) is { } register) return new ScalarOperand(Zero(register));
        RequireStruct(type);
        return new StructOperand(type, [.. TypeLayout.Fields(type).Select(f => Zeros(f.FieldType))]);
    }

    /// <summary>A value for code that is never reached.</summary>
    public Operand Nothing(Type type)
    {
        if (type.IsByRef) return new ScalarOperand(Zero(IrType.GlobalPointer));
        if (TypeLayout.IsView(type)) return new ViewOperand(Zero(IrType.GlobalPointer), Constant.Of(0L));
        if (TypeLayout.Register(type) is { } register) return new ScalarOperand(Zero(register));
        return new StructOperand(type, [.. TypeLayout.Fields(type).Select(f => Nothing(f.FieldType))]);
    }

    // Two or four neighbours of one primitive type are moved at once where the address is known to be aligned to all of them.
    private static MemoryAccess? Vector(Type type, Value pointer)
    {
        FieldInfo[] fields = TypeLayout.Fields(type);
        if (fields.Length is not (2 or 4) || TypeLayout.Memory(fields[0].FieldType) is not { } memory) return null;
        MemoryAccess access = new(memory, fields.Length);
        return fields.All(f => f.FieldType == fields[0].FieldType) && access.Size <= 16 && Alignment(pointer) >= access.Size
            ? access : null;
    }

    // A view of structs begins at a multiple of the largest power of two in their size; a field may lie anywhere.
    private static int Alignment(Value pointer) =>
        pointer is not Register { Definition: { } definition } ? 1 : definition.Opcode switch
    {
        Opcode.ElementAddress => PowerOfTwo((int)definition.Payload!),
        Opcode.AddressOffset => Math.Min(Alignment(definition.Operands[0]), PowerOfTwo((int)definition.Payload!)),
        Opcode.ArrayAddress => ((MemoryArray)definition.Payload!).Alignment,
        _ => 1,
    };

    private static int PowerOfTwo(int size) => Math.Min(16, size & -size);

    private void RequireStruct(Type type)
    {
        if (TypeLayout.Refusal(type) is { } refusal)
            throw new KernelCompileException(code.Location, $"a {TypeNames.Of(type)} in memory, {refusal.Reason}",
            refusal.Remedy);
        if (TypeLayout.HoldsView(type))
            throw new KernelCompileException(code.Location, $"a {TypeNames.Of(type)} in memory",
            "Keep only numbers and structs of numbers in memory.");
        TypeLayout.RequireSequential(type, code.Location);
    }

    private static Constant Zero(IrType type) => new(type, 0);

    private Value Load(ScalarStorage storage)
    {
        Variable variable = storage.Variable
            ?? throw new KernelCompileException(code.Location, $"'{storage.Name}' is read before anything was stored in it",
            "Give it a value first.");
        return code.Known.TryGetValue(variable, out Value? known) ? known
            : code.Emit(variable.Type, Opcode.LoadVariable, variable);
    }

    // IL keeps a 32-bit number in a wider variable without saying so, and a float in a double and back.
    private void Store(ScalarStorage storage, Value value)
    {
        if (storage.Variable is { } known && known.Type != value.Type)
            value = (known.Type, value.Type) switch
            {
                (IrType.Int64, IrType.Int32) => code.ToInt64(value),
                (IrType.Float64, IrType.Float32) or (IrType.Float32, IrType.Float64) =>
                    code.Convert(Conversion.Float, value, known.Type),
                _ => value,
            };
        Store(storage.For(value.Type, code.Location), value);
    }

    private void Store(Variable variable, Value value)
    {
        code.Emit(Opcode.StoreVariable, variable, value);
        code.Known[variable] = value;
    }
}
