namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>What a <see cref="Value"/> is. Signedness belongs to operations, not to types; 8- and 16-bit integers are
/// <see cref="Int32"/> once loaded.</summary>
public enum IrType
{
    /// <summary>A truth value (a predicate register).</summary>
    Bool,

    /// <summary>32 bits.</summary>
    Int32,

    /// <summary>64 bits.</summary>
    Int64,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,

    /// <summary>A 64-bit address in global memory.</summary>
    GlobalPointer,

    /// <summary>A 32-bit address in the group's shared memory.</summary>
    SharedPointer,

    /// <summary>A 32-bit address in the thread's local memory.</summary>
    LocalPointer,
}

/// <summary>What lies in memory behind a pointer.</summary>
public enum MemoryType
{
    /// <summary>Signed 8 bits.</summary>
    Int8,

    /// <summary>Unsigned 8 bits.</summary>
    UInt8,

    /// <summary>Signed 16 bits.</summary>
    Int16,

    /// <summary>Unsigned 16 bits.</summary>
    UInt16,

    /// <summary>32 bits.</summary>
    Int32,

    /// <summary>64 bits.</summary>
    Int64,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,
}

/// <summary>Facts about types.</summary>
public static class IrTypes
{
    /// <summary>Whether the type is an address.</summary>
    public static bool IsPointer(this IrType type) => type is IrType.GlobalPointer or IrType.SharedPointer or IrType.LocalPointer;

    /// <summary>Whether the type is a float.</summary>
    public static bool IsFloat(this IrType type) => type is IrType.Float32 or IrType.Float64;

    /// <summary>Whether a register of this type has 64 bits.</summary>
    public static bool Is64Bit(this IrType type) => type is IrType.Int64 or IrType.Float64 or IrType.GlobalPointer;

    /// <summary>Bytes in memory.</summary>
    public static int Size(this MemoryType type) => type switch
    {
        MemoryType.Int8 or MemoryType.UInt8 => 1,
        MemoryType.Int16 or MemoryType.UInt16 => 2,
        MemoryType.Int32 or MemoryType.Float32 => 4,
        _ => 8,
    };

    /// <summary>The register type that a load gives and a store takes.</summary>
    public static IrType RegisterType(this MemoryType type) => type switch
    {
        MemoryType.Float32 => IrType.Float32,
        MemoryType.Float64 => IrType.Float64,
        MemoryType.Int64 => IrType.Int64,
        _ => IrType.Int32,
    };
}
