using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Computes equal things once: a pure instruction is replaced by an equal one that dominates it.</summary>
internal static class CommonSubexpressions
{
    /// <summary>Replaces them; the duplicates are removed.</summary>
    public static void Run(Kernel kernel)
    {
        kernel.Renumber();
        Dominators dominators = new(kernel);
        HashSet<Instruction> known = new(SameValue.Comparer);
        Stack<(Block Block, List<Instruction>? Undo)> stack = new();
        stack.Push((kernel.Blocks[0], null));
        int waiting = 1;
        bool changed = false;
        while (stack.TryPop(out (Block Block, List<Instruction>? Undo) top))
        {
            if (top.Undo is { } undo)
            {
                if (waiting == 0) break;
                foreach (Instruction instruction in undo) known.Remove(instruction);
                continue;
            }
            waiting--;
            List<Instruction> added = [];
            changed |= top.Block.Instructions.RemoveAll(instruction =>
            {
                Replacement.Resolve(instruction.Operands);
                if (!instruction.IsPure) return false;
                if (known.TryGetValue(instruction, out Instruction? same))
                {
                    instruction.Result.Replacement = same.Result;
                    same.Result.Name ??= instruction.Result.Name;
                    return true;
                }
                known.Add(instruction);
                added.Add(instruction);
                return false;
            }) > 0;
            stack.Push((top.Block, added));
            foreach (Block child in dominators.Children(top.Block)) stack.Push((child, null));
            waiting += dominators.Children(top.Block).Count;
        }
        if (changed) Replacement.Apply(kernel);
    }

    // Two pure instructions are equal where everything but the result is, the operands of a commutative one in either order.
    private sealed class SameValue : IEqualityComparer<Instruction>
    {
        public static readonly SameValue Comparer = new();

        public bool Equals(Instruction? a, Instruction? b)
        {
            if (a!.Opcode != b!.Opcode || a.Operands.Length != b.Operands.Length || a.Result.Type != b.Result.Type || !Equals(a.Payload, b.Payload)) return false;
            if (Same(a.Operands, b.Operands)) return true;
            return Commutes(a.Opcode) && Same(a.Operands[0], b.Operands[1]) && Same(a.Operands[1], b.Operands[0]);
        }

        public int GetHashCode(Instruction instruction)
        {
            int hash = (int)instruction.Opcode * 31 + (int)instruction.Result.Type;
            if (instruction.Payload is { } payload) hash = hash * 31 + payload.GetHashCode();
            bool commutes = Commutes(instruction.Opcode);
            foreach (Value operand in instruction.Operands) hash = commutes ? hash + Hash(operand) * 0x2545f491 : (hash ^ hash >>> 15) * 0x2545f491 + Hash(operand);
            return hash ^ hash >>> 13;
        }

        private static bool Commutes(Opcode opcode) => opcode is Opcode.Add or Opcode.Multiply or Opcode.And or Opcode.Or or Opcode.Xor
            or Opcode.Min or Opcode.Max or Opcode.MinUnsigned or Opcode.MaxUnsigned;

        private static bool Same(Value[] a, Value[] b)
        {
            for (int i = 0; i < a.Length; i++)
                if (!Same(a[i], b[i])) return false;
            return true;
        }

        private static bool Same(Value a, Value b) => a == b || a is Constant x && b is Constant y && x.Same(y);

        private static int Hash(Value value) => value switch
        {
            Register register => register.Id,
            Constant constant => constant.Bits.GetHashCode() + (int)constant.Type + 1_000_003,
            Parameter parameter => parameter.Index + 2_000_003,
            _ => 0,
        };
    }
}
