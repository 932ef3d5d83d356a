using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Runs a loop's counters while compiling to see how often it goes round.</summary>
internal static class TripCount
{
    // What a condition is made of is short; longer chains are data.
    private const int LongestCondition = 200;

    /// <summary>Where and after how many rounds a loop ends whatever the data.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="dominators">Of its kernel.</param>
    /// <param name="most">Rounds after which to give up.</param>
    /// <returns>The block whose condition ends the loop, and in which round it does, from 0; none where it depends on
    /// data.</returns>
    public static (Block Exit, int Round)? Find(Loop loop, Dominators dominators, int most)
    {
        // Several ways lead back where a loop has a `continue`; the counters must come to the same on each.
        int[] latches = [.. Enumerable.Range(0, loop.Header.Predecessors.Count)
            .Where(p => loop.Blocks.Contains(loop.Header.Predecessors[p]))];
        foreach (Block block in loop.Blocks)
        {
            if (block.Terminator.Opcode != Opcode.ConditionalBranch
                || !latches.All(p => dominators.Dominates(block, loop.Header.Predecessors[p]))) continue;
            bool firstStays = loop.Blocks.Contains(block.Successors[0]);
            if (firstStays == loop.Blocks.Contains(block.Successors[1])) continue;
            if (Slice(loop.Header, latches, block.Terminator.Operands[0]) is not { } slice) continue;
            if (Simulate(slice, latches, block.Terminator.Operands[0], firstStays, most) is { } round) return (block, round);
        }
        return null;
    }

    /// <summary>What the condition is computed from: counters, and instructions in an order in which they can be
    /// computed.</summary>
    private sealed record Counters(List<Phi> Phis, List<Instruction> Instructions);

    // None where something else than constants and counters that begin with constants goes in.
    private static Counters? Slice(Block header, int[] latches, Value condition)
    {
        Counters found = new([], []);
        HashSet<Value> seen = [];
        if (!Visit(condition, 0)) return null;
        // What the counters become is visited after what the condition needs, so that each instruction comes behind its operands.
        for (int p = 0; p < found.Phis.Count; p++)
            if (!Visit(found.Phis[p].Inputs[latches[0]], 0)) return null;
        return found;

        bool Visit(Value value, int depth)
        {
            if (value is Constant || !seen.Add(value)) return true;
            if (value is not Register register || depth > LongestCondition) return false;
            if (register.Phi is { } phi)
            {
                if (!header.Phis.Contains(phi) || Entering(phi, latches) is null) return false;
                for (int p = 1; p < latches.Length; p++)
                    if (!Same(phi.Inputs[latches[p]], phi.Inputs[latches[0]])) return false;
                found.Phis.Add(phi);
                return true;
            }
            if (register.Definition is not { Opcode: >= Opcode.Add and <= Opcode.Convert } definition) return false;
            foreach (Value operand in definition.Operands)
                if (!Visit(operand, depth + 1)) return false;
            found.Instructions.Add(definition);
            return true;
        }
    }

    private static int? Simulate(Counters counters, int[] latches, Value condition, bool stayWhen, int most)
    {
        Dictionary<Value, Constant> known = [];
        foreach (Phi phi in counters.Phis) known[phi.Result] = Entering(phi, latches)!;
        Constant[] next = new Constant[counters.Phis.Count];
        for (int round = 0; round <= most; round++)
        {
            foreach (Instruction instruction in counters.Instructions)
            {
                Value[] operands = [.. instruction.Operands.Select(Known)];
                if (ConstantFolding.Fold(instruction.Opcode, instruction.Result.Type, instruction.Payload, operands)
                    is not { } result) return null;
                known[instruction.Result] = result;
            }
            if (Known(condition).Bits != 0 != stayWhen) return round;
            for (int p = 0; p < next.Length; p++) next[p] = Known(counters.Phis[p].Inputs[latches[0]]);
            for (int p = 0; p < next.Length; p++) known[counters.Phis[p].Result] = next[p];
        }
        return null;

        Constant Known(Value value) => value as Constant ?? known[value];
    }

    private static bool Same(Value a, Value b) => a == b || a is Constant x && b is Constant y && x.Same(y);

    private static Constant? Entering(Phi phi, int[] latches)
    {
        Constant? entering = null;
        for (int p = 0; p < phi.Inputs.Count; p++)
        {
            if (latches.Contains(p)) continue;
            if (phi.Inputs[p] is not Constant constant || entering is not null && !entering.Same(constant)) return null;
            entering = constant;
        }
        return entering;
    }
}
