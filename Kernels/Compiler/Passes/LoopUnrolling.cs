using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Writes out loops whose number of rounds is known: a copy of the body for each round.</summary>
/// <remarks>Inner loops first. The registers that cross a loop's border become variables, the blocks are copied, and SSA construction
/// turns the variables back; so copies need no phis of their own.</remarks>
internal static class LoopUnrolling
{
    /// <summary>A loop with more instructions than this when written out stays a loop.</summary>
    public const int MostInstructions = 24_000;

    private const int MostRounds = 1024;

    /// <summary>A loop to be written out.</summary>
    /// <param name="Loop">The loop.</param>
    /// <param name="Exit">The block whose condition ends it.</param>
    /// <param name="Round">The round in which it does, from 0.</param>
    private sealed record Candidate(Loop Loop, Block Exit, int Round);

    /// <summary>Writes out loops until none is left that can be.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="passed">Told what was done after each step, where tests look on.</param>
    /// <returns>Whether there was one.</returns>
    public static bool Run(Kernel kernel, Action<string>? passed = null)
    {
        bool any = false;
        while (Choose(kernel) is { Count: > 0 } chosen)
        {
            Demote(kernel, chosen);
            foreach (Candidate candidate in chosen) Copy(kernel, candidate.Loop, candidate.Exit, candidate.Round);
            ControlFlow.FoldBranches(kernel);
            ControlFlow.RemoveUnreachable(kernel);
            SsaConstruction.Run(kernel);
            passed?.Invoke(nameof(LoopUnrolling));
            Simplification.Run(kernel);
            passed?.Invoke(nameof(Simplification));
            any = true;
        }
        return any;
    }

    // Of loops that share blocks the innermost one that has a known number of rounds.
    private static List<Candidate> Choose(Kernel kernel)
    {
        Dominators dominators = new(kernel);
        List<Candidate> chosen = [];
        HashSet<Block> taken = [];
        foreach (Loop loop in Loop.Find(kernel, dominators))
        {
            if (loop.Blocks.Overlaps(taken)) continue;
            int most = Math.Min(MostRounds, MostInstructions / loop.Size);
            if (TripCount.Find(loop, dominators, most) is not { } count) continue;
            chosen.Add(new Candidate(loop, count.Exit, count.Round));
            taken.UnionWith(loop.Blocks);
        }
        return chosen;
    }

    // ---- registers that cross the border become variables --------------------------------------------------------------------

    private static void Demote(Kernel kernel, List<Candidate> chosen)
    {
        foreach (Candidate candidate in chosen)
        {
            Loop loop = candidate.Loop;
            DemotePhis(loop.Header);
            foreach (Block exit in loop.Blocks.SelectMany(b => b.Successors).Where(b => !loop.Blocks.Contains(b)).Distinct().ToArray()) DemotePhis(exit);
        }
        Replacement.Apply(kernel);
        new Border(kernel, chosen).Cross();
    }

    private static void DemotePhis(Block block)
    {
        List<Instruction> loads = [];
        foreach (Phi phi in block.Phis)
        {
            Variable variable = new(phi.Result.Type, "~" + phi.Result.Name);
            Instruction load = new(Opcode.LoadVariable, variable, block.Instructions[0].Location);
            phi.Result.Replacement = load.AddResult(phi.Result.Type, phi.Result.Name);
            loads.Add(load);
            for (int p = 0; p < phi.Inputs.Count; p++)
            {
                List<Instruction> before = block.Predecessors[p].Instructions;
                if (phi.Inputs[p] is not Undefined)
                    before.Insert(before.Count - 1, new Instruction(Opcode.StoreVariable, variable, before[^1].Location, phi.Inputs[p]));
            }
        }
        block.Instructions.InsertRange(0, loads);
        block.Phis.Clear();
    }

    /// <summary>The border of the loops: a register of one that is used elsewhere is stored where it is defined and loaded before each use.</summary>
    private sealed class Border
    {
        private readonly Kernel kernel;
        private readonly Dictionary<Block, int> loopOf = [];
        private readonly Dictionary<Register, Variable> crossing = [];

        public Border(Kernel kernel, List<Candidate> chosen)
        {
            this.kernel = kernel;
            for (int l = 0; l < chosen.Count; l++)
                foreach (Block block in chosen[l].Loop.Blocks) loopOf[block] = l + 1;
            // The mark of a register is the loop that defines it.
            foreach (Block block in kernel.Blocks)
            {
                int loop = loopOf.GetValueOrDefault(block);
                foreach (Phi phi in block.Phis) phi.Result.Mark = loop;
                foreach (Instruction instruction in block.Instructions)
                    foreach (Register result in instruction.Results) result.Mark = loop;
            }
        }

        public void Cross()
        {
            foreach (Block block in kernel.Blocks)
            {
                int loop = loopOf.GetValueOrDefault(block);
                foreach (Phi phi in block.Phis)
                    for (int p = 0; p < phi.Inputs.Count; p++)
                        if (phi.Inputs[p] is Register { Mark: > 0 } input && input.Mark != loopOf.GetValueOrDefault(block.Predecessors[p]))
                        {
                            List<Instruction> before = block.Predecessors[p].Instructions;
                            before.Insert(before.Count - 1, Load(input, before[^1].Location));
                            phi.Inputs[p] = before[^2].Result;
                        }
                LoadUsed(block, loop);
            }
            if (crossing.Count == 0) return;
            foreach (Block block in loopOf.Keys) StoreDefined(block);
        }

        private void LoadUsed(Block block, int loop)
        {
            List<Instruction>? rewritten = null;
            for (int i = 0; i < block.Instructions.Count; i++)
            {
                Instruction user = block.Instructions[i];
                for (int o = 0; o < user.Operands.Length; o++)
                {
                    if (user.Operands[o] is not Register { Mark: > 0 } used || used.Mark == loop) continue;
                    rewritten ??= block.Instructions.GetRange(0, i);
                    Instruction load = Load(used, user.Location);
                    rewritten.Add(load);
                    user.Operands[o] = load.Result;
                }
                rewritten?.Add(user);
            }
            Replace(block, rewritten);
        }

        private Instruction Load(Register register, SourceLocation? location)
        {
            if (!crossing.TryGetValue(register, out Variable? variable)) crossing[register] = variable = new Variable(register.Type, "~" + register.Name);
            Instruction load = new(Opcode.LoadVariable, variable, location);
            load.AddResult(register.Type, register.Name);
            return load;
        }

        private void StoreDefined(Block block)
        {
            List<Instruction> rewritten = new(block.Instructions.Count + 8);
            foreach (Phi phi in block.Phis) Store(phi.Result, block.Instructions[0].Location);
            foreach (Instruction instruction in block.Instructions)
            {
                rewritten.Add(instruction);
                foreach (Register result in instruction.Results) Store(result, instruction.Location);
            }
            Replace(block, rewritten);

            void Store(Register register, SourceLocation? location)
            {
                if (crossing.TryGetValue(register, out Variable? variable)) rewritten.Add(new Instruction(Opcode.StoreVariable, variable, location, register));
            }
        }

        private static void Replace(Block block, List<Instruction>? rewritten)
        {
            if (rewritten is null || rewritten.Count == block.Instructions.Count) return;
            block.Instructions.Clear();
            block.Instructions.AddRange(rewritten);
        }
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
            foreach (Block original in originals) CopyBody(original, copies[round][original]);
            foreach (Block original in originals)
            {
                Block copy = copies[round][original];
                foreach (Phi phi in copy.Phis)
                    for (int p = 0; p < phi.Inputs.Count; p++) phi.Inputs[p] = Replacement.Resolve(phi.Inputs[p]);
                foreach (Instruction instruction in copy.Instructions) Replacement.Resolve(instruction.Operands);
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
        foreach (Block copy in copies.SelectMany(c => originals.Select(o => c[o])))
            foreach (Block successor in copy.Successors)
                if (!inner.Contains(successor)) successor.Predecessors.Add(copy);
        foreach (Block block in kernel.Blocks)
            if (!loop.Blocks.Contains(block)) block.Predecessors.RemoveAll(loop.Blocks.Contains);
        kernel.Blocks.RemoveAll(loop.Blocks.Contains);
        kernel.Blocks.AddRange(copies.SelectMany(c => originals.Select(o => c[o])));
    }

    // The originals' registers have those of the last copy as replacements.
    private static void CopyBody(Block original, Block copy)
    {
        foreach (Phi phi in original.Phis)
        {
            Phi made = new(phi.Result.Type, phi.Result.Name);
            made.Inputs.AddRange(phi.Inputs);
            copy.Phis.Add(made);
            phi.Result.Replacement = made.Result;
        }
        foreach (Instruction instruction in original.Instructions) copy.Instructions.Add(instruction.Copy());
    }
}
