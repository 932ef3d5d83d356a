using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>A short choice between values becomes a selection: both are computed, no thread waits for another.</summary>
/// <remarks>
/// The conditions of C#, <c>x ≥ 0 &amp;&amp; x &lt; w</c>, and the larger of two values with its place are such choices. Only
/// what has no effect, cannot stop the checker and costs next to nothing is computed needlessly: no loads, no addresses, no
/// divisions.
/// </remarks>
internal static class IfConversion
{
    private const int MostInstructions = 8;
    private const int MostValues = 4;

    /// <summary>Converts what can be, inner choices first as blocks are joined.</summary>
    /// <returns>Whether there was one; then blocks are to be joined.</returns>
    public static bool Run(Kernel kernel)
    {
        bool changed = false;
        foreach (Block block in kernel.Blocks) changed |= Bypass(block);
        HashSet<Value> undefined = UndefinedValues.Of(kernel);
        foreach (Block block in kernel.Blocks)
            if (block.Instructions.Count > 0 && block.Terminator.Opcode == Opcode.ConditionalBranch)
                changed |= Convert(block, undefined);
        if (changed) ControlFlow.RemoveUnreachable(kernel);
        return changed;
    }

    // The way that several conditions of an && share, where it does nothing but meet the other one: each goes there at once.
    private static bool Bypass(Block empty)
    {
        if (empty.Predecessors.Count < 2 || empty.Phis.Count > 0 || empty.Instructions.Count != 1
            || empty.Successors is not [{ Phis.Count: > 0 } join]) return false;
        if (join == empty || empty.Predecessors.Distinct().Count() != empty.Predecessors.Count
            || empty.Predecessors.Any(join.Predecessors.Contains)) return false;
        int edge = join.Predecessors.IndexOf(empty);
        foreach (Block predecessor in empty.Predecessors)
        {
            predecessor.Successors[predecessor.Successors.IndexOf(empty)] = join;
            join.Predecessors.Add(predecessor);
            foreach (Phi phi in join.Phis) phi.Inputs.Add(phi.Inputs[edge]);
        }
        ControlFlow.RemovePredecessor(join, edge);
        empty.Predecessors.Clear();
        empty.Successors.Clear();
        return true;
    }

    private static bool Convert(Block block, HashSet<Value> undefined)
    {
        (Block yes, Block no) = (block.Successors[0], block.Successors[1]);
        Block join = IsArm(yes, block) && yes.Successors[0] is var next
            && (next == no || IsArm(no, block) && no.Successors[0] == next) ? next
            : IsArm(no, block) && no.Successors[0] == yes ? yes : block;
        if (join == block || join == yes && join == no || join.Phis.Count > MostValues) return false;
        int fromYes = join.Predecessors.IndexOf(yes == join ? block : yes);
        int fromNo = join.Predecessors.IndexOf(no == join ? block : no);
        int cost = (yes == join ? 0 : yes.Instructions.Count - 1) + (no == join ? 0 : no.Instructions.Count - 1);
        if (cost > MostInstructions
            || join.Phis.Any(p => p.Result.Type.IsPointer() || Missing(p.Inputs[fromYes])
            || Missing(p.Inputs[fromNo]))) return false;
        foreach (Block arm in new[] { yes, no })
            if (arm != join && arm.Instructions.Any(i => i.Operands.Any(Missing))) return false;

        Instruction branch = block.Terminator;
        block.Instructions.RemoveAt(block.Instructions.Count - 1);
        foreach (Block arm in new[] { yes, no })
            if (arm != join) block.Instructions.AddRange(arm.Instructions.SkipLast(1));
        foreach (Phi phi in join.Phis)
        {
            Value selected = Select(block, branch, phi.Inputs[fromYes], phi.Inputs[fromNo], phi.Result.Name);
            phi.Inputs.Add(selected);
        }
        // The edges of both arms go, later one first; one from here comes, with the inputs that were added.
        foreach (int edge in new[] { Math.Max(fromYes, fromNo), Math.Min(fromYes, fromNo) })
            ControlFlow.RemovePredecessor(join, edge);
        foreach (Block arm in new[] { yes, no })
        {
            if (arm == join) continue;
            arm.Predecessors.Clear();
            arm.Successors.Clear();
        }
        block.Successors.Clear();
        block.Instructions.Add(new Instruction(Opcode.Branch, null, branch.Location));
        Kernel.Connect(block, join);
        return true;

        // On the way that leads to its use it may have a value; computed needlessly it has none, and the checker stops.
        bool Missing(Value value) => value is Undefined || undefined.Contains(value);
    }

    // A block on one of the two ways: nothing else leads there, and it does nothing but compute.
    private static bool IsArm(Block arm, Block from) =>
        arm != from && arm.Predecessors.Count == 1 && arm.Successors.Count == 1 && arm.Successors[0] != arm && arm.Phis.Count == 0
        && arm.Instructions.Count <= MostInstructions + 1 && arm.Instructions.SkipLast(1).All(IsCheap);

    private static bool IsCheap(Instruction instruction) => instruction.Opcode switch
    {
        Opcode.Divide or Opcode.DivideUnsigned or Opcode.Remainder or Opcode.RemainderUnsigned => false,
        >= Opcode.Sqrt and <= Opcode.Cos => false,
        >= Opcode.Add and <= Opcode.Convert => !instruction.Result.Type.IsPointer() && instruction.Result.Type != IrType.Float64,
        _ => false,
    };

    // There is no selection between truth values: it is (c and a) or (not c and b).
    private static Value Select(Block block, Instruction branch, Value a, Value b, string? name)
    {
        Value condition = branch.Operands[0];
        if (a == b) return a;
        if (a.Type != IrType.Bool) return Emit(a.Type, Opcode.Select, condition, a, b);
        return Emit(IrType.Bool, Opcode.Or, Emit(IrType.Bool, Opcode.And, condition, a),
            Emit(IrType.Bool, Opcode.And, Emit(IrType.Bool, Opcode.Not, condition), b));

        Register Emit(IrType type, Opcode opcode, params ReadOnlySpan<Value> operands)
        {
            Instruction instruction = new(opcode, null, branch.Location, operands);
            block.Instructions.Add(instruction);
            return instruction.AddResult(type, name);
        }
    }
}
