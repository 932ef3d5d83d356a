using System.Numerics;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>From where to where in the order of the blocks each register holds a value that is still needed.</summary>
/// <remarks>Positions count the start of each block, its instructions and its end. One interval a register, loops included: two
/// registers whose intervals do not meet can lie in the same place. That holds for threads that part, too, since every write
/// leaves the other threads' values alone.</remarks>
internal sealed class Liveness
{
    private readonly Dictionary<Register, int> index = [];
    private readonly List<Register> registers = [];

    /// <summary>Finds the intervals of the registers for which <paramref name="wanted"/> holds.</summary>
    internal Liveness(IReadOnlyList<Block> blocks, IReadOnlyDictionary<Block, int> number, Func<Register, bool> wanted)
    {
        IEnumerable<Register> all = blocks.SelectMany(
            b => b.Phis.Select(p => p.Result).Concat(b.Instructions.SelectMany(i => i.Results)));
        foreach (Register register in all)
            if (wanted(register))
            {
                index.Add(register, registers.Count);
                registers.Add(register);
            }
        Start = new int[registers.Count];
        End = new int[registers.Count];
        Array.Fill(Start, int.MaxValue);
        Array.Fill(End, -1);
        ulong[][] liveIn = LiveIn(blocks, number);
        MakeIntervals(blocks, number, liveIn);
    }

    /// <summary>The registers, in the order of <see cref="Start"/> and <see cref="End"/>.</summary>
    internal IReadOnlyList<Register> Registers => registers;

    /// <summary>First position of each.</summary>
    internal int[] Start { get; }

    /// <summary>Last position of each.</summary>
    internal int[] End { get; }

    private ulong[][] LiveIn(IReadOnlyList<Block> blocks, IReadOnlyDictionary<Block, int> number)
    {
        int words = (registers.Count + 63) / 64;
        ulong[][] uses = new ulong[blocks.Count][], definitions = new ulong[blocks.Count][], liveIn = new ulong[blocks.Count][];
        for (int b = 0; b < blocks.Count; b++)
        {
            (uses[b], definitions[b], liveIn[b]) = (new ulong[words], new ulong[words], new ulong[words]);
            foreach (Phi phi in blocks[b].Phis) Set(definitions[b], phi.Result);
            foreach (Instruction instruction in blocks[b].Instructions)
            {
                foreach (Value operand in instruction.Operands)
                    if (!Has(definitions[b], operand)) Set(uses[b], operand);
                foreach (Register result in instruction.Results) Set(definitions[b], result);
            }
        }
        ulong[] live = new ulong[words];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int b = blocks.Count - 1; b >= 0; b--)
            {
                Array.Clear(live);
                AddLiveOut(blocks[b], number, liveIn, live);
                for (int w = 0; w < words; w++)
                {
                    ulong bits = uses[b][w] | live[w] & ~definitions[b][w];
                    if (bits == liveIn[b][w]) continue;
                    liveIn[b][w] = bits;
                    changed = true;
                }
            }
        }
        return liveIn;
    }

    /// <summary>Adds what the successors need, and what their phis take from this block.</summary>
    private void AddLiveOut(Block block, IReadOnlyDictionary<Block, int> number, ulong[][] liveIn, ulong[] live)
    {
        foreach (Block successor in block.Successors)
        {
            ulong[] needed = liveIn[number[successor]];
            for (int w = 0; w < live.Length; w++) live[w] |= needed[w];
            for (int edge = 0; edge < successor.Predecessors.Count; edge++)
                if (successor.Predecessors[edge] == block)
                    foreach (Phi phi in successor.Phis) Set(live, phi.Inputs[edge]);
        }
    }

    private void MakeIntervals(IReadOnlyList<Block> blocks, IReadOnlyDictionary<Block, int> number, ulong[][] liveIn)
    {
        ulong[] live = new ulong[(registers.Count + 63) / 64];
        int position = 0;
        for (int b = 0; b < blocks.Count; b++)
        {
            Extend(liveIn[b], position);
            foreach (Phi phi in blocks[b].Phis) Extend(phi.Result, position);
            foreach (Instruction instruction in blocks[b].Instructions)
            {
                position++;
                foreach (Value operand in instruction.Operands) Extend(operand, position);
                foreach (Register result in instruction.Results) Extend(result, position);
            }
            position++;
            Array.Clear(live);
            AddLiveOut(blocks[b], number, liveIn, live);
            Extend(live, position++);
        }
    }

    private void Extend(ulong[] set, int position)
    {
        for (int w = 0; w < set.Length; w++)
            for (ulong bits = set[w]; bits != 0; bits &= bits - 1)
                Extend(w * 64 + BitOperations.TrailingZeroCount(bits), position);
    }

    private void Extend(Value value, int position)
    {
        if (value is Register register && index.TryGetValue(register, out int i)) Extend(i, position);
    }

    private void Extend(int i, int position)
    {
        Start[i] = Math.Min(Start[i], position);
        End[i] = Math.Max(End[i], position);
    }

    private void Set(ulong[] set, Value value)
    {
        if (value is Register register && index.TryGetValue(register, out int i)) set[i >> 6] |= 1UL << (i & 63);
    }

    private bool Has(ulong[] set, Value value) =>
        value is Register register && index.TryGetValue(register, out int i) && (set[i >> 6] >> (i & 63) & 1) != 0;
}
