using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Computes in front of a loop what is the same in every round.</summary>
/// <remarks>
/// The loop may not go round at all, and what it computes may lie behind a condition. So only what nothing can stop at is
/// moved: no load, no <see cref="Opcode.ElementAddress"/> or <see cref="Opcode.PartAddress"/> (the checker stops at a bad index,
/// where the program has it), no integer division unless by a constant other than 0, nothing that uses a phi that may have no
/// value (the checker stops at its use). When addresses have become additions, for PTX, these are moved like any other.
///
/// A value that is computed in front of the loop has a register of its own for as long as the loop runs. So each loop has a
/// number of them, <see cref="MostRegisters"/>, and gives them to the values that save the most instructions.
/// </remarks>
internal static class LoopInvariants
{
    /// <summary>32-bit registers that a loop spends. Register tiles use about 110 of the 128 that let two groups of 256 threads
    /// share a multiprocessor.</summary>
    public const int MostRegisters = 16;

    /// <summary>Moves instructions; makes blocks in front of loops that have none.</summary>
    public static void Run(Kernel kernel)
    {
        Dominators dominators = new(kernel);
        List<Loop> loops = Loop.Find(kernel, dominators);
        if (loops.Count == 0) return;
        List<Block> order = [.. dominators.Order];
        HashSet<Value> undefined = UndefinedValues.Of(kernel);
        // Inner loops first: what they move lies in the loop around them then, and may be moved on.
        foreach (Loop loop in loops)
        {
            List<Instruction> chosen = Choose(order.Where(loop.Blocks.Contains).ToArray(), undefined);
            if (chosen.Count == 0) continue;
            Block front = Front(kernel, loop, loops, order);
            HashSet<Instruction> moved = [.. chosen];
            foreach (Block block in loop.Blocks) block.Instructions.RemoveAll(moved.Contains);
            front.Instructions.InsertRange(front.Instructions.Count - 1, chosen);
        }
    }

    /// <summary>What is moved, operands before users.</summary>
    /// <param name="blocks">The loop's, each after its dominators.</param>
    /// <param name="undefined">Phis that may have no value.</param>
    private static List<Instruction> Choose(Block[] blocks, HashSet<Value> undefined)
    {
        List<Instruction> invariant = Invariant(blocks, undefined);
        if (invariant.Count == 0) return invariant;
        HashSet<Instruction> candidates = [.. invariant], staying = [], taken = [];
        foreach (Block block in blocks)
        {
            foreach (Phi phi in block.Phis)
                foreach (Value input in phi.Inputs) Stays(input);
            foreach (Instruction instruction in block.Instructions)
                if (!candidates.Contains(instruction))
                    foreach (Value operand in instruction.Operands) Stays(operand);
        }
        int free = MostRegisters;
        foreach (Instruction user in invariant.Where(staying.Contains)
            .OrderByDescending(i => Saved(i, candidates, []) / (double)Registers(i)).ToArray())
        {
            HashSet<Instruction> needed = [];
            Need(user, candidates, taken, needed);
            int registers = needed.Where(staying.Contains).Sum(Registers);
            if (registers > free) continue;
            free -= registers;
            taken.UnionWith(needed);
        }
        return [.. invariant.Where(taken.Contains)];

        // The value of a candidate that the loop's rest uses needs a register through the loop.
        void Stays(Value value)
        {
            if (value is Register { Definition: { } definition } && candidates.Contains(definition)) staying.Add(definition);
        }
    }

    private static List<Instruction> Invariant(Block[] blocks, HashSet<Value> undefined)
    {
        HashSet<Value> varying = [.. undefined];
        List<Instruction> invariant = [];
        foreach (Block block in blocks)
        {
            foreach (Phi phi in block.Phis) varying.Add(phi.Result);
            foreach (Instruction instruction in block.Instructions) varying.UnionWith(instruction.Results);
        }
        foreach (Block block in blocks)
            foreach (Instruction instruction in block.Instructions)
            {
                if (!NothingStopsAt(instruction)
                    || instruction.Operands.Any(o => o is Undefined || varying.Contains(o))) continue;
                varying.Remove(instruction.Result);
                invariant.Add(instruction);
            }
        return invariant;
    }

    /// <summary>Whether the instruction may run where the program would not have run it.</summary>
    private static bool NothingStopsAt(Instruction instruction) => instruction.Opcode switch
    {
        Opcode.ElementAddress or Opcode.PartAddress or Opcode.AssemblySupported => false,
        Opcode.Divide or Opcode.DivideUnsigned or Opcode.Remainder or Opcode.RemainderUnsigned =>
            instruction.Result.Type.IsFloat() || instruction.Operands[1] is Constant { Bits: not 0 },
        _ => instruction.IsPure,
    };

    private static int Registers(Instruction instruction) => instruction.Result.Type switch
    {
        IrType.Int64 or IrType.Float64 or IrType.GlobalPointer => 2,
        _ => 1,
    };

    /// <summary>Instructions that the loop no longer has when the value is computed in front of it.</summary>
    private static int Saved(Instruction instruction, HashSet<Instruction> candidates, HashSet<Instruction> seen)
    {
        if (!candidates.Contains(instruction) || !seen.Add(instruction)) return 0;
        int saved = 1;
        foreach (Value operand in instruction.Operands)
            if (operand is Register { Definition: { } definition }) saved += Saved(definition, candidates, seen);
        return saved;
    }

    /// <summary>What has to be computed in front of the loop for an instruction to be there, itself included; what is already
    /// is left out.</summary>
    private static void Need(Instruction instruction, HashSet<Instruction> candidates, HashSet<Instruction> taken,
        HashSet<Instruction> needed)
    {
        if (!candidates.Contains(instruction) || taken.Contains(instruction) || !needed.Add(instruction)) return;
        foreach (Value operand in instruction.Operands)
            if (operand is Register { Definition: { } definition }) Need(definition, candidates, taken, needed);
    }

    /// <summary>The block that goes only to the loop, made where there is none.</summary>
    private static Block Front(Kernel kernel, Loop loop, List<Loop> loops, List<Block> order)
    {
        Block header = loop.Header;
        int[] entries = [.. Enumerable.Range(0, header.Predecessors.Count)
            .Where(p => !loop.Blocks.Contains(header.Predecessors[p]))];
        if (entries is [var only] && header.Predecessors[only].Successors.Count == 1) return header.Predecessors[only];
        Block front = new();
        front.Instructions.Add(new Instruction(Opcode.Branch, null, header.Instructions[0].Location));
        foreach (Phi phi in header.Phis)
        {
            Phi entering = new(phi.Result.Type, phi.Result.Name);
            entering.Inputs.AddRange(entries.Select(e => phi.Inputs[e]));
            front.Phis.Add(entering);
        }
        foreach (int entry in entries)
        {
            Block before = header.Predecessors[entry];
            front.Predecessors.Add(before);
            before.Successors[before.Successors.IndexOf(header)] = front;
        }
        foreach (int entry in entries.Reverse()) ControlFlow.RemovePredecessor(header, entry);
        Kernel.Connect(front, header);
        for (int p = 0; p < header.Phis.Count; p++) header.Phis[p].Inputs.Add(front.Phis[p].Result);
        foreach (Loop around in loops)
            if (around != loop && around.Blocks.Contains(header)) around.Blocks.Add(front);
        kernel.Blocks.Insert(kernel.Blocks.IndexOf(header), front);
        order.Insert(order.IndexOf(header), front);
        return front;
    }
}
