using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>What a list of arguments becomes: the types of the scalars, and where they lie.</summary>
internal sealed class ArgumentLayout
{
    private readonly List<IrType> types = [];

    /// <summary>The scalars in order; a truth value is an <see cref="IrType.Int32"/>.</summary>
    internal IReadOnlyList<IrType> Types => types;

    /// <summary>Bytes of the argument buffer.</summary>
    internal int Size { get; private set; }

    /// <summary>Bytes of all specialised values together.</summary>
    internal int SpecializationSize { get; private set; }

    /// <summary>Appends a scalar.</summary>
    internal void Add(IrType type)
    {
        int size = type.Is64Bit() ? 8 : 4;
        Size = (Size + size - 1) / size * size + size;
        types.Add(type);
    }

    /// <summary>Appends a value that is no scalar of the argument buffer.</summary>
    internal void AddSpecialized(int bytes) => SpecializationSize += bytes;

    /// <summary>Checks that a compiled kernel expects these scalars.</summary>
    /// <exception cref="InvalidOperationException">It expects others: compiler and launcher disagree.</exception>
    internal void RequireSame(Kernel kernel)
    {
        IrType[] expected = [.. kernel.Parameters.Select(p => p.Type == IrType.Bool ? IrType.Int32 : p.Type)];
        if (expected.SequenceEqual(types)) return;
        string takes = string.Join(", ", expected), gives = string.Join(", ", types);
        throw new InvalidOperationException($"{kernel.Name}: the compiled kernel takes [{takes}], the launch gives [{gives}]. "
            + "The launcher and the compiler flatten a parameter differently: pass its fields one by one.");
    }
}
