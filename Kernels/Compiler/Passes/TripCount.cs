using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Runs a loop's counters while compiling to see how often it goes round.</summary>
internal static class TripCount
{
    /// <summary>Where and after how many rounds a loop ends whatever the data.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="dominators">Of its kernel.</param>
    /// <param name="most">Rounds after which to give up.</param>
    /// <returns>The block whose condition ends the loop, and in which round it does, from 0; none where it depends on data.</returns>
    public static (Block Exit, int Round)? Find(Loop loop, Dominators dominators, int most)
    {
        Block[] latches = [.. loop.Header.Predecessors.Where(loop.Blocks.Contains)];
        if (latches.Length != 1) return null;
        foreach (Block block in loop.Blocks)
        {
            if (block.Terminator.Opcode != Opcode.ConditionalBranch || !dominators.Dominates(block, latches[0])) continue;
            bool firstStays = loop.Blocks.Contains(block.Successors[0]);
            if (firstStays == loop.Blocks.Contains(block.Successors[1])) continue;
            if (Simulate(loop, latches[0], block, firstStays, most) is { } round) return (block, round);
        }
        return null;
    }

    private static int? Simulate(Loop loop, Block latch, Block exit, bool stayWhen, int most)
    {
        int latchEntry = loop.Header.Predecessors.IndexOf(latch);
        Dictionary<Value, Constant?> counters = [];
        foreach (Phi phi in loop.Header.Phis) counters[phi.Result] = Entering(phi, latchEntry);
        for (int round = 0; round <= most; round++)
        {
            Dictionary<Value, Constant?> known = new(counters);
            if (Evaluate(exit.Terminator.Operands[0], known) is not { } condition) return null;
            if (condition.Bits != 0 != stayWhen) return round;
            foreach (Phi phi in loop.Header.Phis)
                if (counters[phi.Result] is not null) counters[phi.Result] = Evaluate(phi.Inputs[latchEntry], known);
        }
        return null;
    }

    private static Constant? Entering(Phi phi, int latchEntry)
    {
        Constant? entering = null;
        for (int p = 0; p < phi.Inputs.Count; p++)
        {
            if (p == latchEntry) continue;
            if (phi.Inputs[p] is not Constant constant || entering is not null && !entering.Same(constant)) return null;
            entering = constant;
        }
        return entering;
    }

    private static Constant? Evaluate(Value value, Dictionary<Value, Constant?> known)
    {
        if (value is Constant constant) return constant;
        if (known.TryGetValue(value, out Constant? result)) return result;
        if (value is not Register { Definition: { Opcode: >= Opcode.Add and <= Opcode.Convert } definition }) return null;
        Value[] operands = new Value[definition.Operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            if (Evaluate(definition.Operands[i], known) is not { } operand) return known[value] = null;
            operands[i] = operand;
        }
        return known[value] = ConstantFolding.Fold(definition.Opcode, definition.Result.Type, definition.Payload, operands);
    }
}
