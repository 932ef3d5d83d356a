namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>What an instruction computes with.</summary>
public abstract class Value(IrType type)
{
    /// <summary>Its type; never changes.</summary>
    public IrType Type { get; } = type;
}

/// <summary>A known number.</summary>
/// <remarks>Constants are not unique objects: compare <see cref="Bits"/> and type.</remarks>
public sealed class Constant(IrType type, long bits) : Value(type)
{
    /// <summary>Two's complement, sign-extended from 32 bits for <see cref="IrType.Int32"/>; 0 or 1 for
    /// <see cref="IrType.Bool"/>; the float's bits for floats (those of a <see cref="IrType.Float32"/> sign-extended).</summary>
    public long Bits { get; } = bits;

    /// <summary>As an integer.</summary>
    public int Int32 => (int)Bits;

    /// <summary>As a float.</summary>
    public float Single => BitConverter.Int32BitsToSingle((int)Bits);

    /// <summary>As a double.</summary>
    public double Double => BitConverter.Int64BitsToDouble(Bits);

    /// <summary>A truth value.</summary>
    public static Constant Of(bool value) => new(IrType.Bool, value ? 1 : 0);

    /// <summary>A 32-bit integer.</summary>
    public static Constant Of(int value) => new(IrType.Int32, value);

    /// <summary>A 64-bit integer.</summary>
    public static Constant Of(long value) => new(IrType.Int64, value);

    /// <summary>A float.</summary>
    public static Constant Of(float value) => new(IrType.Float32, BitConverter.SingleToInt32Bits(value));

    /// <summary>A double.</summary>
    public static Constant Of(double value) => new(IrType.Float64, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Whether both are the same number of the same type, bit for bit.</summary>
    public bool Same(Constant other) => Type == other.Type && Bits == other.Bits;
}

/// <summary>A value that has no definition: what a variable holds before anything was stored in it. Its use stops the
/// checker.</summary>
public sealed class Undefined(IrType type, string what, SourceLocation? location) : Value(type)
{
    /// <summary>The variable, for messages.</summary>
    public string What { get; } = what;

    /// <summary>Where it is read.</summary>
    public SourceLocation? Location { get; } = location;
}

/// <summary>One scalar of the kernel's parameters. A view is two of them, pointer and length; a struct is its fields in
/// order.</summary>
public sealed class Parameter(IrType type, int index, string name) : Value(type)
{
    /// <summary>Place among the kernel's scalars, from 0; its bytes in the argument buffer lie at
    /// <see cref="Kernel.ArgumentOffsets"/>.</summary>
    public int Index { get; } = index;

    /// <summary>Name in the source, with the field after a dot, such as <c>x.length</c>.</summary>
    public string Name { get; } = name;
}

/// <summary>A register: what an instruction or a phi defines, once.</summary>
public sealed class Register(IrType type) : Value(type)
{
    /// <summary>Number within the kernel, from 0 without gaps after <see cref="Kernel.Renumber"/>; the interpreter's
    /// index.</summary>
    public int Id { get; set; } = -1;

    /// <summary>The instruction that defines it, or none where a phi does.</summary>
    public Instruction? Definition { get; set; }

    /// <summary>The phi that defines it, or none where an instruction does.</summary>
    public Phi? Phi { get; set; }

    /// <summary>The name of the variable in the source that it came from, for people; not unique.</summary>
    public string? Name { get; set; }

    /// <summary>What passes put in the place of this register; nothing refers to it any more once
    /// <see cref="Passes.Replacement.Apply(Kernel)"/> has run.</summary>
    internal Value? Replacement { get; set; }

    /// <summary>For the use of one pass, which sets it first.</summary>
    internal int Mark { get; set; }
}
