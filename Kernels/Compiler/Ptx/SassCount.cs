namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>How many machine instructions of which kind a piece of code has; each stands for one a warp.</summary>
public sealed class SassCount
{
    private readonly IReadOnlyList<SassInstruction> instructions;

    internal SassCount(IReadOnlyList<SassInstruction> instructions) => this.instructions = instructions;

    /// <summary>All.</summary>
    public int Total => instructions.Count;

    /// <summary>Float multiply-adds (FFMA).</summary>
    public int FloatMultiplyAdds => Of("FFMA");

    /// <summary>Tensor-core multiply-adds (HMMA).</summary>
    public int TensorMultiplyAdds => Of("HMMA");

    /// <summary>Both kinds of multiply-add.</summary>
    public int MultiplyAdds => FloatMultiplyAdds + TensorMultiplyAdds;

    /// <summary>Loads and stores of local memory: arrays that are not in registers, and spills.</summary>
    public int LocalAccesses => Of("LDL") + Of("STL");

    /// <summary>Asynchronous copies from global to shared memory.</summary>
    public int AsyncCopies => Of("LDGSTS");

    /// <summary>Loads from shared memory, optionally only those of a width in bytes.</summary>
    public int SharedLoads(int? width = null) => Of("LDS", width);

    /// <summary>Stores to shared memory, optionally only those of a width in bytes.</summary>
    public int SharedStores(int? width = null) => Of("STS", width);

    /// <summary>Loads from global memory, optionally only those of a width in bytes.</summary>
    public int GlobalLoads(int? width = null) => Of("LDG", width);

    /// <summary>Stores to global memory, optionally only those of a width in bytes.</summary>
    public int GlobalStores(int? width = null) => Of("STG", width);

    /// <summary>Number of each operation, the most frequent first.</summary>
    public IReadOnlyList<(string Operation, int Count)> ByOperation =>
        [.. instructions.GroupBy(i => i.Operation).Select(g => (g.Key, g.Count()))
            .OrderByDescending(p => p.Item2).ThenBy(p => p.Key, StringComparer.Ordinal)];

    /// <summary>Number of one operation, without its modifiers, such as <c>IMAD</c>.</summary>
    public int Of(string operation, int? width = null) =>
        instructions.Count(i => i.Operation == operation && (width is null || i.Width == width));

    /// <summary>One line, such as <c>148 instructions: FFMA 128, LDS 16, …</c>.</summary>
    public override string ToString() =>
        $"{Total} instructions: {string.Join(", ", ByOperation.Select(p => $"{p.Operation} {p.Count}"))}";
}
