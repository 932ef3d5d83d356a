namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>How two values are compared. Float comparisons with NaN are false except the …OrUnordered ones and
/// <see cref="NotEqual"/>.</summary>
public enum Comparison
{
    /// <summary>a = b.</summary>
    Equal,

    /// <summary>a ≠ b; true with NaN.</summary>
    NotEqual,

    /// <summary>a &lt; b.</summary>
    Less,

    /// <summary>a ≤ b.</summary>
    LessOrEqual,

    /// <summary>a &gt; b.</summary>
    Greater,

    /// <summary>a ≥ b.</summary>
    GreaterOrEqual,

    /// <summary>a &lt; b: unsigned integers.</summary>
    LessUnsigned,

    /// <summary>a ≤ b: unsigned integers.</summary>
    LessOrEqualUnsigned,

    /// <summary>a &gt; b: unsigned integers.</summary>
    GreaterUnsigned,

    /// <summary>a ≥ b: unsigned integers.</summary>
    GreaterOrEqualUnsigned,

    /// <summary>a &lt; b: floats, true with NaN.</summary>
    LessOrUnordered,

    /// <summary>a ≤ b: floats, true with NaN.</summary>
    LessOrEqualOrUnordered,

    /// <summary>a &gt; b: floats, true with NaN.</summary>
    GreaterOrUnordered,

    /// <summary>a ≥ b: floats, true with NaN.</summary>
    GreaterOrEqualOrUnordered,
}

/// <summary>How a value becomes one of another type; the types of operand and result say the rest.</summary>
public enum Conversion
{
    /// <summary>Int32 → Int64 with the sign; Int32/Int64 → float, signed.</summary>
    Signed,

    /// <summary>Int32 → Int64 with zeros; Int32/Int64 → float, unsigned; Bool → Int32.</summary>
    Unsigned,

    /// <summary>Int64 → Int32, the lower half.</summary>
    Truncate,

    /// <summary>Float → Int32/Int64 towards zero, signed; saturates, NaN gives 0.</summary>
    FloatToSigned,

    /// <summary>Float → Int32/Int64 towards zero, unsigned; saturates, NaN gives 0.</summary>
    FloatToUnsigned,

    /// <summary>Float32 ↔ Float64, to nearest.</summary>
    Float,

    /// <summary>The same bits: Int32 ↔ Float32, Int64 ↔ Float64.</summary>
    Bits,

    /// <summary>Int32 → Int32, the lower 8 bits with their sign.</summary>
    Int8,

    /// <summary>Int32 → Int32, the lower 8 bits.</summary>
    UInt8,

    /// <summary>Int32 → Int32, the lower 16 bits with their sign.</summary>
    Int16,

    /// <summary>Int32 → Int32, the lower 16 bits.</summary>
    UInt16,

    /// <summary>Int32 (bits of a binary16 in the lower half) → Float32.</summary>
    HalfToFloat,

    /// <summary>Float32 → Int32 (bits of the nearest binary16, ties to even).</summary>
    FloatToHalf,
}

/// <summary>What a load or store moves.</summary>
/// <param name="Type">One element.</param>
/// <param name="Count">Neighbours: 1, 2 or 4, at most 16 bytes together, to which the address is aligned.</param>
public sealed record MemoryAccess(MemoryType Type, int Count)
{
    /// <summary>Bytes together; also the alignment that the address needs.</summary>
    public int Size => Type.Size() * Count;
}

/// <summary>An array in shared or local memory.</summary>
public sealed class MemoryArray(string name, int bytes, int alignment, bool shared, bool dynamic)
{
    /// <summary>For people; unique within a kernel.</summary>
    public string Name { get; private set; } = name;

    /// <summary>Whether it has the name of a variable.</summary>
    public bool IsNamed { get; private set; }

    /// <summary>Size; 0 for the dynamic shared array.</summary>
    public int Bytes { get; } = bytes;

    /// <summary>Bytes, a power of two.</summary>
    public int Alignment { get; } = alignment;

    /// <summary>Shared by the group, or the thread's own.</summary>
    public bool Shared { get; } = shared;

    /// <summary>Whether the launch decides the size.</summary>
    public bool Dynamic { get; } = dynamic;

    /// <summary>Gives it the name of its variable in the source.</summary>
    internal void NameAfter(string variable) => (Name, IsNamed) = (variable, true);
}

/// <summary>What an atomic access does to what it finds.</summary>
public enum AtomicKind
{
    /// <summary>Adds.</summary>
    Add,

    /// <summary>Signed maximum.</summary>
    Max,

    /// <summary>Signed minimum.</summary>
    Min,

    /// <summary>Unsigned maximum.</summary>
    MaxUnsigned,

    /// <summary>Unsigned minimum.</summary>
    MinUnsigned,

    /// <summary>Bitwise and.</summary>
    And,

    /// <summary>Bitwise or.</summary>
    Or,

    /// <summary>Bitwise exclusive or.</summary>
    Xor,

    /// <summary>Replaces.</summary>
    Exchange,

    /// <summary>Replaces where equal.</summary>
    CompareExchange,
}

/// <summary>An atomic access.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Type">32- or 64-bit integer or float.</param>
public sealed record AtomicAccess(AtomicKind Kind, MemoryType Type);

/// <summary>Registers that the hardware fills.</summary>
public enum SpecialRegister
{
    /// <summary>Thread in its group, x.</summary>
    ThreadX,

    /// <summary>Thread in its group, y.</summary>
    ThreadY,

    /// <summary>Thread in its group, z.</summary>
    ThreadZ,

    /// <summary>Threads of the group, x.</summary>
    GroupSizeX,

    /// <summary>Threads of the group, y.</summary>
    GroupSizeY,

    /// <summary>Threads of the group, z.</summary>
    GroupSizeZ,

    /// <summary>Group in the grid, x.</summary>
    GroupX,

    /// <summary>Group in the grid, y.</summary>
    GroupY,

    /// <summary>Group in the grid, z.</summary>
    GroupZ,

    /// <summary>Groups of the grid, x.</summary>
    GridSizeX,

    /// <summary>Groups of the grid, y.</summary>
    GridSizeY,

    /// <summary>Groups of the grid, z.</summary>
    GridSizeZ,

    /// <summary>Thread in its warp, 0 to 31.</summary>
    Lane,
}

/// <summary>From which lane a shuffle takes.</summary>
public enum ShuffleKind
{
    /// <summary>The lane named.</summary>
    Index,

    /// <summary>Lane + delta; its own value where that is beyond 31.</summary>
    Down,

    /// <summary>Lane − delta; its own value where that is below 0.</summary>
    Up,

    /// <summary>Lane xor mask.</summary>
    Xor,
}

/// <summary>Who sees memory accesses in order.</summary>
public enum FenceLevel
{
    /// <summary>The group.</summary>
    Group,

    /// <summary>The device.</summary>
    Device,

    /// <summary>The host too.</summary>
    System,
}
