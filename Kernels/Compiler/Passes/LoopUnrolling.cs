using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Writes out loops whose number of rounds is known: a copy of the body for each round.</summary>
/// <remarks>Inner loops first. The registers that cross the loop's border become variables, the blocks are copied, and SSA construction
/// turns the variables back; so copies need no phis of their own.</remarks>
internal static class LoopUnrolling
{
    /// <summary>A loop with more instructions than this when written out stays a loop.</summary>
    public const int MostInstructions = 24_000;

    private const int MostRounds = 1024;

    /// <summary>Writes out one loop after the other until none is left that can be.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Run(Kernel kernel, Action<string>? passed = null)
    {
        bool any = false;
        while (UnrollOne(kernel))
        {
            any = true;
            passed?.Invoke(nameof(LoopUnrolling));
            Simplification.Run(kernel);
            passed?.Invoke(nameof(Simplification));
        }
        return any;
    }

    private static bool UnrollOne(Kernel kernel)
    {
        Dominators dominators = new(kernel);
        foreach (Loop loop in Loop.Find(kernel, dominators))
        {
            int most = Math.Min(MostRounds, MostInstructions / loop.Size);
            if (TripCount.Find(loop, dominators, most) is not { } count) continue;
            Demote(kernel, loop);
            Copy(kernel, loop, count.Exit, count.Round);
            ControlFlow.FoldBranches(kernel);
            ControlFlow.RemoveUnreachable(kernel);
            SsaConstruction.Run(kernel);
            return true;
        }
        return false;
    }

    // ---- registers that cross the border become variables --------------------------------------------------------------------

    private static void Demote(Kernel kernel, Loop loop)
    {
        Dictionary<Register, Value> replaced = [];
        DemotePhis(loop.Header, replaced);
        foreach (Block exit in loop.Blocks.SelectMany(b => b.Successors).Where(b => !loop.Blocks.Contains(b)).Distinct().ToArray()) DemotePhis(exit, replaced);
        Replacement.Apply(kernel, replaced);

        HashSet<Register> inside = [.. loop.Blocks.SelectMany(b => b.Phis.Select(p => p.Result).Concat(b.Instructions.SelectMany(i => i.Results)))];
        Dictionary<Register, Variable> crossing = [];
        foreach (Block block in kernel.Blocks)
        {
            if (loop.Blocks.Contains(block)) continue;
            foreach (Phi phi in block.Phis)
                for (int p = 0; p < phi.Inputs.Count; p++)
                    if (phi.Inputs[p] is Register input && inside.Contains(input))
                        phi.Inputs[p] = LoadBefore(block.Predecessors[p].Instructions, block.Predecessors[p].Instructions.Count - 1, input);
            for (int i = 0; i < block.Instructions.Count; i++)
                for (int o = 0; o < block.Instructions[i].Operands.Length; o++)
                {
                    Instruction user = block.Instructions[i];
                    if (user.Operands[o] is Register used && inside.Contains(used)) user.Operands[o] = LoadBefore(block.Instructions, i++, used);
                }
        }
        foreach (Block block in loop.Blocks)
        {
            for (int i = block.Instructions.Count - 1; i >= 0; i--)
                foreach (Register result in block.Instructions[i].Results)
                    if (crossing.TryGetValue(result, out Variable? variable))
                        block.Instructions.Insert(i + 1, new Instruction(Opcode.StoreVariable, variable, block.Instructions[i].Location, result));
            foreach (Phi phi in block.Phis)
                if (crossing.TryGetValue(phi.Result, out Variable? variable))
                    block.Instructions.Insert(0, new Instruction(Opcode.StoreVariable, variable, block.Instructions[0].Location, phi.Result));
        }

        Register LoadBefore(List<Instruction> instructions, int at, Register register)
        {
            if (!crossing.TryGetValue(register, out Variable? variable)) crossing[register] = variable = new Variable(register.Type, "~" + register.Name);
            Instruction load = new(Opcode.LoadVariable, variable, instructions[at].Location);
            instructions.Insert(at, load);
            return load.AddResult(register.Type, register.Name);
        }
    }

    private static void DemotePhis(Block block, Dictionary<Register, Value> replaced)
    {
        for (int i = 0; i < block.Phis.Count; i++)
        {
            Phi phi = block.Phis[i];
            Variable variable = new(phi.Result.Type, "~" + phi.Result.Name);
            Instruction load = new(Opcode.LoadVariable, variable, block.Instructions[0].Location);
            replaced[phi.Result] = load.AddResult(phi.Result.Type, phi.Result.Name);
            block.Instructions.Insert(i, load);
            for (int p = 0; p < phi.Inputs.Count; p++)
            {
                List<Instruction> before = block.Predecessors[p].Instructions;
                if (phi.Inputs[p] is not Undefined)
                    before.Insert(before.Count - 1, new Instruction(Opcode.StoreVariable, variable, before[^1].Location, phi.Inputs[p]));
            }
        }
        block.Phis.Clear();
    }

    // ---- copies ----------------------------------------------------------------------------------------------------------------

    private static void Copy(Kernel kernel, Loop loop, Block exit, int lastRound)
    {
        Block[] originals = [.. kernel.Blocks.Where(loop.Blocks.Contains)];
        Dictionary<Block, Block>[] copies = new Dictionary<Block, Block>[lastRound + 1];
        for (int round = 0; round <= lastRound; round++) copies[round] = originals.ToDictionary(b => b, _ => new Block());
        bool firstStays = loop.Blocks.Contains(exit.Successors[0]);
        for (int round = 0; round <= lastRound; round++)
        {
            Dictionary<Block, Block> next = copies[Math.Min(round + 1, lastRound)];
            Dictionary<Register, Value> registers = [];
            foreach (Block original in originals) CopyBody(original, copies[round][original], registers);
            foreach (Block original in originals)
            {
                Block copy = copies[round][original];
                foreach (Phi phi in copy.Phis)
                    for (int p = 0; p < phi.Inputs.Count; p++) phi.Inputs[p] = Replacement.Resolve(registers, phi.Inputs[p]);
                foreach (Instruction instruction in copy.Instructions)
                    for (int o = 0; o < instruction.Operands.Length; o++) instruction.Operands[o] = Replacement.Resolve(registers, instruction.Operands[o]);
                if (original == exit) copy.Terminator.Operands[0] = Constant.Of(firstStays == round < lastRound);
                foreach (Block successor in original.Successors)
                    copy.Successors.Add(successor == loop.Header ? next[successor] : copies[round].GetValueOrDefault(successor, successor));
                // Phis inside have inputs in the order of predecessors, all of which are copied; the header and the exits have none.
                if (original != loop.Header)
                    foreach (Block predecessor in original.Predecessors) copy.Predecessors.Add(copies[round][predecessor]);
            }
        }
        foreach (Block predecessor in loop.Header.Predecessors.Where(p => !loop.Blocks.Contains(p)))
        {
            int edge = predecessor.Successors.IndexOf(loop.Header);
            predecessor.Successors[edge] = copies[0][loop.Header];
            copies[0][loop.Header].Predecessors.Add(predecessor);
        }
        HashSet<Block> inner = [.. copies.SelectMany(c => originals.Where(o => o != loop.Header).Select(o => c[o]))];
        foreach (Block copy in copies.SelectMany(c => c.Values))
            foreach (Block successor in copy.Successors)
                if (!inner.Contains(successor)) successor.Predecessors.Add(copy);
        foreach (Block block in kernel.Blocks)
            if (!loop.Blocks.Contains(block)) block.Predecessors.RemoveAll(loop.Blocks.Contains);
        kernel.Blocks.RemoveAll(loop.Blocks.Contains);
        kernel.Blocks.AddRange(copies.SelectMany(c => originals.Select(o => c[o])));
    }

    private static void CopyBody(Block original, Block copy, Dictionary<Register, Value> registers)
    {
        foreach (Phi phi in original.Phis)
        {
            Phi made = new(phi.Result.Type, phi.Result.Name);
            made.Inputs.AddRange(phi.Inputs);
            copy.Phis.Add(made);
            registers[phi.Result] = made.Result;
        }
        foreach (Instruction instruction in original.Instructions)
        {
            Instruction made = new(instruction.Opcode, instruction.Payload, instruction.Location, instruction.Operands);
            foreach (Register result in instruction.Results) registers[result] = made.AddResult(result.Type, result.Name);
            copy.Instructions.Add(made);
        }
    }
}
