using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Variables become registers: each load is replaced by what was stored, with phis where ways meet.</summary>
/// <remarks>Cytron, Ferrante, Rosen, Wegman, Zadeck: Efficiently Computing Static Single Assignment Form, 1991; phis only where
/// the variable is loaded before it is stored in some block. A load that no store reaches gives
/// <see cref="Undefined"/>.</remarks>
internal static class SsaConstruction
{
    /// <summary>Removes every variable of a kernel without unreachable blocks.</summary>
    public static void Run(Kernel kernel)
    {
        Dominators dominators = new(kernel);
        Dictionary<Phi, Variable> phis = PlacePhis(kernel, dominators);
        // Walks the dominator tree; on the way back the values that held above are restored.
        Stack<(Block Block, List<(Variable, Value?)>? Undo)> stack = new();
        stack.Push((kernel.Blocks[0], null));
        while (stack.TryPop(out (Block Block, List<(Variable, Value?)>? Undo) top))
        {
            if (top.Undo is { } undo)
            {
                for (int i = undo.Count - 1; i >= 0; i--) undo[i].Item1.Current = undo[i].Item2;
                continue;
            }
            List<(Variable, Value?)> changes = [];
            Rename(top.Block, phis, changes);
            stack.Push((top.Block, changes));
            foreach (Block child in dominators.Children(top.Block)) stack.Push((child, null));
        }
        Replacement.Apply(kernel);
    }

    private static void Rename(Block block, Dictionary<Phi, Variable> phis, List<(Variable, Value?)> changes)
    {
        foreach (Phi phi in block.Phis)
            if (phis.TryGetValue(phi, out Variable? variable)) Set(variable, phi.Result);
        block.Instructions.RemoveAll(instruction =>
        {
            if (instruction.Opcode is not (Opcode.LoadVariable or Opcode.StoreVariable)) return false;
            Variable variable = (Variable)instruction.Payload!;
            if (instruction.Opcode == Opcode.LoadVariable)
                instruction.Result.Replacement = variable.Current
                    ?? new Undefined(variable.Type, Name(variable), instruction.Location);
            else
            {
                Value source = Replacement.Resolve(instruction.Operands[0]);
                if (source is Register { Name: null } register && variable.Name[0] != '~') register.Name = variable.Name;
                Set(variable, source);
            }
            return true;
        });
        for (int s = 0; s < block.Successors.Count; s++)
        {
            Block successor = block.Successors[s];
            if (successor.Phis.Count == 0) continue;
            // Two edges to the same block give the same input twice.
            for (int p = 0; p < successor.Predecessors.Count; p++)
            {
                if (successor.Predecessors[p] != block) continue;
                foreach (Phi phi in successor.Phis)
                    if (phis.TryGetValue(phi, out Variable? variable))
                        phi.Inputs[p] = variable.Current
                            ?? new Undefined(variable.Type, Name(variable), block.Terminator.Location);
            }
        }

        void Set(Variable variable, Value value)
        {
            changes.Add((variable, variable.Current));
            variable.Current = value;
        }
    }

    private static string Name(Variable variable) => variable.Name.TrimStart('~');

    private static Dictionary<Phi, Variable> PlacePhis(Kernel kernel, Dominators dominators)
    {
        List<Variable> needed = [];
        foreach (Block block in kernel.Blocks)
            foreach (Instruction instruction in block.Instructions)
            {
                if (instruction.Opcode is not (Opcode.LoadVariable or Opcode.StoreVariable)) continue;
                Variable variable = (Variable)instruction.Payload!;
                bool storedHere = variable.Stores.Count > 0 && variable.Stores[^1] == block;
                if (storedHere) continue;
                if (instruction.Opcode == Opcode.StoreVariable) variable.Stores.Add(block);
                else if (!variable.Crosses)
                {
                    variable.Crosses = true;
                    needed.Add(variable);
                }
            }
        List<Block>?[] frontiers = dominators.Frontiers();
        Dictionary<Phi, Variable> phis = [];
        foreach (Variable variable in needed)
        {
            Stack<Block> work = new(variable.Stores);
            HashSet<Block> placed = [];
            while (work.TryPop(out Block? block))
                foreach (Block join in frontiers[block.Order] ?? [])
                {
                    if (!placed.Add(join)) continue;
                    Phi phi = new(variable.Type, Name(variable));
                    Undefined none = new(variable.Type, Name(variable), null);
                    for (int p = 0; p < join.Predecessors.Count; p++) phi.Inputs.Add(none);
                    join.Phis.Add(phi);
                    phis[phi] = variable;
                    work.Push(join);
                }
        }
        return phis;
    }
}
