using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Computes equal things once: a pure instruction is replaced by an equal one that dominates it.</summary>
internal static class CommonSubexpressions
{
    /// <summary>Replaces them; the duplicates are removed.</summary>
    public static bool Run(Kernel kernel)
    {
        kernel.Renumber();
        Dominators dominators = new(kernel);
        Dictionary<Register, Value> replaced = [];
        Dictionary<Key, Instruction> known = [];
        HashSet<Instruction> gone = [];
        Stack<(Block Block, List<Key>? Undo)> stack = new();
        stack.Push((kernel.Blocks[0], null));
        while (stack.TryPop(out (Block Block, List<Key>? Undo) top))
        {
            if (top.Undo is { } undo)
            {
                foreach (Key key in undo) known.Remove(key);
                continue;
            }
            List<Key> added = [];
            foreach (Instruction instruction in top.Block.Instructions)
            {
                for (int i = 0; i < instruction.Operands.Length; i++) instruction.Operands[i] = Replacement.Resolve(replaced, instruction.Operands[i]);
                if (!instruction.IsPure) continue;
                Key key = Key.Of(instruction);
                if (known.TryGetValue(key, out Instruction? same))
                {
                    replaced[instruction.Result] = same.Result;
                    gone.Add(instruction);
                }
                else
                {
                    known[key] = instruction;
                    added.Add(key);
                }
            }
            stack.Push((top.Block, added));
            foreach (Block child in dominators.Children(top.Block)) stack.Push((child, null));
        }
        if (gone.Count == 0) return false;
        foreach (Block block in kernel.Blocks) block.Instructions.RemoveAll(gone.Contains);
        Replacement.Apply(kernel, replaced);
        return true;
    }

    // What makes two pure instructions equal; the operands of a commutative one in a fixed order.
    private readonly record struct Key(Opcode Opcode, IrType Type, object? Payload, Atom A, Atom B, Atom C, Atom D)
    {
        public static Key Of(Instruction instruction)
        {
            Span<Atom> atoms = stackalloc Atom[4];
            for (int i = 0; i < instruction.Operands.Length; i++) atoms[i] = Atom.Of(instruction.Operands[i]);
            bool commutes = instruction.Opcode is Opcode.Add or Opcode.Multiply or Opcode.And or Opcode.Or or Opcode.Xor;
            if (commutes && atoms[0].CompareTo(atoms[1]) > 0) (atoms[0], atoms[1]) = (atoms[1], atoms[0]);
            return new Key(instruction.Opcode, instruction.Result.Type, instruction.Payload, atoms[0], atoms[1], atoms[2], atoms[3]);
        }
    }

    // A value as numbers: what kind, and which one.
    private readonly record struct Atom(int Kind, long Number) : IComparable<Atom>
    {
        public static Atom Of(Value value) => value switch
        {
            Constant constant => new Atom(1 + (int)constant.Type, constant.Bits),
            Parameter parameter => new Atom(100, parameter.Index),
            Register register => new Atom(101, register.Id),
            _ => new Atom(102, System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value)),
        };

        public int CompareTo(Atom other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : Number.CompareTo(other.Number);
    }
}
