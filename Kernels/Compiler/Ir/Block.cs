namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>Instructions that run one after the other; the last one is the only one that ends the block.</summary>
public sealed class Block
{
    /// <summary>Number within the kernel, from 0 in the order of <see cref="Kernel.Blocks"/> after
    /// <see cref="Kernel.Renumber"/>.</summary>
    public int Id { get; set; }

    /// <summary>Values that depend on the predecessor.</summary>
    public List<Phi> Phis { get; } = [];

    /// <summary>The steps, terminator last.</summary>
    public List<Instruction> Instructions { get; } = [];

    /// <summary>Where the terminator can go, in its order. Change with <see cref="Kernel.Connect"/>.</summary>
    public List<Block> Successors { get; } = [];

    /// <summary>Whence control can come, one entry an edge; the order of every phi's inputs.</summary>
    public List<Block> Predecessors { get; } = [];

    /// <summary>The instruction that ends the block.</summary>
    public Instruction Terminator => Instructions[^1];

    /// <summary>Place in the reverse postorder that <see cref="Passes.Dominators"/> last made.</summary>
    internal int Order { get; set; }
}
