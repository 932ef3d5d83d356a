using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>How C# types are held in registers and in memory.</summary>
internal static class TypeLayout
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> FieldCache = [];

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

    /// <summary>Where a field of a struct begins in memory: in order, each at a multiple of its alignment.</summary>
    /// <exception cref="KernelCompileException">The struct has another layout.</exception>
    public static int Offset(FieldInfo field, SourceLocation? location)
    {
        Type type = field.DeclaringType!;
        int end = 0;
        int found = -1;
        foreach (FieldInfo other in Fields(type))
        {
            int alignment = Alignment(other.FieldType);
            int start = (end + alignment - 1) / alignment * alignment;
            if (other == field) found = start;
            end = start + Size(other.FieldType);
        }
        int total = (end + Alignment(type) - 1) / Alignment(type) * Alignment(type);
        return total == Size(type) && type.IsLayoutSequential ? found : throw new KernelCompileException(location,
            $"{type.Name} has a layout of its own", "Let the struct be sequential, without explicit offsets, packing or size.");
    }

    private static int Alignment(Type type) =>
        Memory(type) is { } memory ? memory.Size() : Fields(type).Select(f => Alignment(f.FieldType)).DefaultIfEmpty(1).Max();
}
