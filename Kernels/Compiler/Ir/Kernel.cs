namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>A kernel as a graph of blocks in SSA form.</summary>
public sealed class Kernel(string name)
{
    /// <summary>Name of the entry: the method with its type, without characters that PTX forbids.</summary>
    public string Name { get; } = name;

    /// <summary>The scalars of the parameters, in order.</summary>
    public List<Parameter> Parameters { get; } = [];

    /// <summary>Where each scalar begins in the argument buffer: aligned to its own size (4 or 8 bytes; a Bool is an
    /// Int32).</summary>
    public int[] ArgumentOffsets
    {
        get
        {
            int[] offsets = new int[Parameters.Count];
            int end = 0;
            for (int i = 0; i < offsets.Length; i++)
            {
                int size = Parameters[i].Type.Is64Bit() ? 8 : 4;
                offsets[i] = (end + size - 1) / size * size;
                end = offsets[i] + size;
            }
            return offsets;
        }
    }

    /// <summary>The blocks; the first is the entry and has no predecessor.</summary>
    public List<Block> Blocks { get; } = [];

    /// <summary>Shared and local arrays that the code names.</summary>
    public List<MemoryArray> Arrays { get; } = [];

    /// <summary>Number of registers after <see cref="Renumber"/>.</summary>
    public int RegisterCount { get; private set; }

    /// <summary>Whether it needs tensor cores or asynchronous copies: sm_80.</summary>
    public bool NeedsAmpere =>
        Blocks.Any(b => b.Instructions.Any(i => i.Opcode is >= Opcode.RoundToTf32 and <= Opcode.AsyncWait));

    /// <summary>Bytes of shared arrays of constant size, each aligned, in the order of <see cref="Arrays"/>.</summary>
    public int StaticSharedBytes => LayOut(shared: true, null);

    /// <summary>Bytes of local arrays of one thread, each aligned, in the order of <see cref="Arrays"/>.</summary>
    public int LocalBytes => LayOut(shared: false, null);

    /// <summary>Where an array begins among those of its kind; the dynamic shared array begins behind the others, at a multiple
    /// of 16.</summary>
    public int OffsetOf(MemoryArray array) => LayOut(array.Shared, array);

    /// <summary>Adds an edge at the end of both lists.</summary>
    public static void Connect(Block from, Block to)
    {
        from.Successors.Add(to);
        to.Predecessors.Add(from);
    }

    /// <summary>Numbers blocks and registers.</summary>
    public void Renumber()
    {
        int id = 0;
        for (int b = 0; b < Blocks.Count; b++)
        {
            Blocks[b].Id = b;
            foreach (Phi phi in Blocks[b].Phis) phi.Result.Id = id++;
            foreach (Instruction instruction in Blocks[b].Instructions)
                foreach (Register result in instruction.Results) result.Id = id++;
        }
        RegisterCount = id;
    }

    private int LayOut(bool shared, MemoryArray? until)
    {
        int end = 0;
        foreach (MemoryArray array in Arrays)
        {
            if (array.Shared != shared || array.Dynamic) continue;
            int start = (end + array.Alignment - 1) / array.Alignment * array.Alignment;
            if (array == until) return start;
            end = start + array.Bytes;
        }
        return until is { Dynamic: true } ? (end + 15) / 16 * 16 : end;
    }
}
