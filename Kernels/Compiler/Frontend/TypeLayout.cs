using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>How C# types are held in registers and in memory.</summary>
internal static class TypeLayout
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> FieldCache = [];
    private static readonly ConcurrentDictionary<Type, (string, string)?> RefusalCache = [];
    private static readonly ConcurrentDictionary<Type, int> AlignmentCache = [];

    /// <summary>Instance fields in the order of declaration.</summary>
    public static FieldInfo[] Fields(Type type) => FieldCache.GetOrAdd(type, static t =>
        [.. t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(f => f.MetadataToken)]);

    /// <summary>Whether the type is a view, which the compiler holds as pointer and length.</summary>
    public static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    /// <summary>The register of a primitive type or enumeration; none for a struct.</summary>
    public static IrType? Register(Type type) => Memory(type)?.RegisterType();

    /// <summary>A primitive type or enumeration in memory; none for a struct.</summary>
    public static MemoryType? Memory(Type type)
    {
        if (type.IsEnum) type = Enum.GetUnderlyingType(type);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean or TypeCode.Byte => MemoryType.UInt8,
            TypeCode.SByte => MemoryType.Int8,
            TypeCode.Int16 => MemoryType.Int16,
            TypeCode.UInt16 or TypeCode.Char => MemoryType.UInt16,
            TypeCode.Int32 or TypeCode.UInt32 => MemoryType.Int32,
            TypeCode.Int64 or TypeCode.UInt64 => MemoryType.Int64,
            TypeCode.Single => MemoryType.Float32,
            TypeCode.Double => MemoryType.Float64,
            _ => type == typeof(nint) || type == typeof(nuint) ? MemoryType.Int64 : null,
        };
    }

    /// <summary>Bytes in memory.</summary>
    public static int Size(Type type) => RuntimeHelpers.SizeOf(type.TypeHandle);

    /// <summary>Why a variable cannot be of a type, and what to use instead; none where it can.</summary>
    public static (string Reason, string Remedy)? Refusal(Type type) => RefusalCache.GetOrAdd(type, static t => FindRefusal(t));

    /// <summary>Whether a value of the type has a view or reference in it.</summary>
    public static bool HoldsView(Type type) =>
        type.IsByRef || IsView(type) || Register(type) is null && type.IsValueType
        && Fields(type).Any(f => HoldsView(f.FieldType));

    /// <summary>Where a field of a struct begins in memory: in order, each at a multiple of its alignment.</summary>
    /// <exception cref="KernelCompileException">The struct has another layout.</exception>
    public static int Offset(FieldInfo field, SourceLocation? location)
    {
        Type type = field.DeclaringType!;
        RequireSequential(type, location);
        int end = 0;
        foreach (FieldInfo other in Fields(type))
        {
            int alignment = Alignment(other.FieldType);
            int start = (end + alignment - 1) / alignment * alignment;
            if (other.MetadataToken == field.MetadataToken) return start;
            end = start + Size(other.FieldType);
        }
        throw new KernelCompileException(location, $"the field '{field.Name}' of a {TypeNames.Of(type)}",
            "Use fields of the struct itself.");
    }

    /// <summary>Makes sure that the fields of a struct lie where <see cref="Offset"/> says.</summary>
    /// <exception cref="KernelCompileException">The struct has another layout.</exception>
    public static void RequireSequential(Type type, SourceLocation? location)
    {
        StructLayoutAttribute? layout = type.StructLayoutAttribute;
        bool packed = layout is not null && (layout.Pack != 0 && layout.Pack < Alignment(type) || layout.Size > 1);
        int end = 0;
        foreach (FieldInfo field in Fields(type))
            end = (end + Alignment(field.FieldType) - 1) / Alignment(field.FieldType) * Alignment(field.FieldType)
                + Size(field.FieldType);
        int total = Math.Max(1, (end + Alignment(type) - 1) / Alignment(type) * Alignment(type));
        if (packed || total != Size(type) || !type.IsLayoutSequential)
            throw new KernelCompileException(location, $"{TypeNames.Of(type)}, a struct with a layout of its own",
                "Let it be sequential, without explicit offsets, packing or size.");
    }

    private static (string, string)? FindRefusal(Type type)
    {
        if (type.IsByRef || IsView(type) || Register(type) is not null) return null;
        if (type.IsPointer || type.IsFunctionPointer)
            return ("an unsafe pointer", "Use a view, or a ref to one of its elements.");
        if (!type.IsValueType) return ("which is not a value", "Use numbers, structs of numbers, and views.");
        if (type.IsExplicitLayout)
            return ("a struct whose fields may overlap",
            "Let it be sequential; Interop.FloatAsInt and IntAsFloat give the bits of a float.");
        if (type.IsDefined(typeof(InlineArrayAttribute), inherit: false)) return ("an inline array", "Use LocalMemory.Allocate.");
        foreach (FieldInfo field in Fields(type))
            if (Refusal(field.FieldType) is { } inner)
                return ($"whose field '{Storage.FieldName(field)}' is of type {TypeNames.Of(field.FieldType)}, {inner.Reason}",
                inner.Remedy);
        return null;
    }

    private static int Alignment(Type type) => AlignmentCache.GetOrAdd(type, static t =>
        Memory(t) is { } memory ? memory.Size() : Fields(t).Select(f => Alignment(f.FieldType)).DefaultIfEmpty(1).Max());
}
