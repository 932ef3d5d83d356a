using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Variables become registers: each load is replaced by what was stored, with phis where ways meet.</summary>
/// <remarks>Cytron, Ferrante, Rosen, Wegman, Zadeck: Efficiently Computing Static Single Assignment Form, 1991; phis only where the
/// variable is loaded before it is stored in some block. A load that no store reaches gives <see cref="Undefined"/>.</remarks>
internal static class SsaConstruction
{
    /// <summary>Removes every variable of a kernel without unreachable blocks.</summary>
    public static void Run(Kernel kernel)
    {
        Dominators dominators = new(kernel);
        Dictionary<Phi, Variable> phis = PlacePhis(kernel, dominators);
        Dictionary<Register, Value> replaced = [];
        Dictionary<Variable, Value> current = [];
        // Walks the dominator tree; on the way back the values that held above are restored.
        Stack<(Block Block, List<(Variable, Value?)>? Undo)> stack = new();
        stack.Push((kernel.Blocks[0], null));
        while (stack.TryPop(out (Block Block, List<(Variable, Value?)>? Undo) top))
        {
            if (top.Undo is { } undo)
            {
                for (int i = undo.Count - 1; i >= 0; i--)
                    if (undo[i].Item2 is { } old) current[undo[i].Item1] = old;
                    else current.Remove(undo[i].Item1);
                continue;
            }
            List<(Variable, Value?)> changes = [];
            Rename(top.Block, phis, current, replaced, changes);
            stack.Push((top.Block, changes));
            foreach (Block child in dominators.Children(top.Block)) stack.Push((child, null));
        }
        Replacement.Apply(kernel, replaced);
    }

    private static void Rename(Block block, Dictionary<Phi, Variable> phis, Dictionary<Variable, Value> current,
        Dictionary<Register, Value> replaced, List<(Variable, Value?)> changes)
    {
        foreach (Phi phi in block.Phis)
            if (phis.TryGetValue(phi, out Variable? variable)) Set(variable, phi.Result);
        List<Instruction> kept = new(block.Instructions.Count);
        foreach (Instruction instruction in block.Instructions)
            switch (instruction.Opcode)
            {
                case Opcode.LoadVariable:
                    Variable loaded = (Variable)instruction.Payload!;
                    replaced[instruction.Result] = current.TryGetValue(loaded, out Value? value) ? value : new Undefined(loaded.Type, loaded.Name, instruction.Location);
                    break;
                case Opcode.StoreVariable:
                    Variable stored = (Variable)instruction.Payload!;
                    Value source = Replacement.Resolve(replaced, instruction.Operands[0]);
                    if (source is Register register && !stored.Name.StartsWith('~')) register.Name ??= stored.Name;
                    Set(stored, source);
                    break;
                default:
                    kept.Add(instruction);
                    break;
            }
        block.Instructions.Clear();
        block.Instructions.AddRange(kept);
        // Two edges to the same block give the same input twice.
        foreach (Block successor in block.Successors.Distinct())
            for (int p = 0; p < successor.Predecessors.Count; p++)
            {
                if (successor.Predecessors[p] != block) continue;
                foreach (Phi phi in successor.Phis)
                    if (phis.TryGetValue(phi, out Variable? variable))
                        phi.Inputs[p] = current.TryGetValue(variable, out Value? value) ? value : new Undefined(variable.Type, variable.Name, block.Terminator.Location);
            }

        void Set(Variable variable, Value value)
        {
            changes.Add((variable, current.GetValueOrDefault(variable)));
            current[variable] = value;
        }
    }

    private static Dictionary<Phi, Variable> PlacePhis(Kernel kernel, Dominators dominators)
    {
        Dictionary<Variable, HashSet<Block>> stores = [];
        HashSet<Variable> needed = [];
        foreach (Block block in kernel.Blocks)
        {
            HashSet<Variable> here = [];
            foreach (Instruction instruction in block.Instructions)
            {
                if (instruction.Payload is not Variable variable) continue;
                if (instruction.Opcode == Opcode.LoadVariable && !here.Contains(variable)) needed.Add(variable);
                if (instruction.Opcode != Opcode.StoreVariable || !here.Add(variable)) continue;
                if (!stores.TryGetValue(variable, out HashSet<Block>? blocks)) stores[variable] = blocks = [];
                blocks.Add(block);
            }
        }
        Dictionary<Block, HashSet<Block>> frontiers = dominators.Frontiers();
        Dictionary<Phi, Variable> phis = [];
        foreach (Variable variable in needed)
        {
            if (!stores.TryGetValue(variable, out HashSet<Block>? blocks)) continue;
            Stack<Block> work = new(blocks);
            HashSet<Block> placed = [];
            while (work.TryPop(out Block? block))
                foreach (Block join in frontiers.GetValueOrDefault(block) ?? [])
                {
                    if (!placed.Add(join)) continue;
                    Phi phi = new(variable.Type, variable.Name.TrimStart('~'));
                    foreach (Block _ in join.Predecessors) phi.Inputs.Add(new Undefined(variable.Type, variable.Name, null));
                    join.Phis.Add(phi);
                    phis[phi] = variable;
                    if (!blocks.Contains(join)) work.Push(join);
                }
        }
        return phis;
    }
}
