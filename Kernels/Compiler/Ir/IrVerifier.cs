using GatysGpu.Kernels.Compiler.Passes;

namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>Checks that a kernel in SSA form is one: what every pass may rely on and must keep.</summary>
/// <remarks>Edges are in both blocks' lists, once for each edge; a block ends with its only terminator; a phi has one input an
/// edge; every register is defined once, before its uses on every way; operands have the types that the opcode asks
/// for.</remarks>
internal static class IrVerifier
{
    /// <summary>The first thing that is wrong; none where all is well.</summary>
    /// <param name="kernel">Renumbered by the check.</param>
    public static string? Check(Kernel kernel)
    {
        kernel.Renumber();
        return Edges(kernel) ?? kernel.Blocks.Select(b => Shape(kernel, b)).FirstOrDefault(m => m is not null)
            ?? Definitions(kernel)
            ?? kernel.Blocks.SelectMany(b => b.Instructions).Select(Types).FirstOrDefault(m => m is not null);
    }

    private static string? Edges(Kernel kernel)
    {
        HashSet<Block> blocks = [.. kernel.Blocks];
        if (blocks.Count != kernel.Blocks.Count) return "a block is listed twice";
        if (kernel.Blocks[0].Predecessors.Count > 0) return "the entry has a predecessor";
        foreach (Block block in kernel.Blocks)
        {
            foreach (Block next in block.Successors)
                if (!blocks.Contains(next) || next.Predecessors.Count(p => p == block) != block.Successors.Count(s => s == next))
                    return $"the edge from B{block.Id} to B{next.Id} is not in both lists";
            foreach (Block before in block.Predecessors)
                if (!blocks.Contains(before) || !before.Successors.Contains(block))
                    return $"B{block.Id} names B{before.Id} as a predecessor, which it is not";
        }
        return Dominators.ReversePostorder(kernel.Blocks[0]).Length == kernel.Blocks.Count ? null : "a block is unreachable";
    }

    private static string? Shape(Kernel kernel, Block block)
    {
        int edges = block.Instructions.Count == 0 ? -1 : block.Terminator.Opcode switch
        {
            Opcode.Branch => 1,
            Opcode.ConditionalBranch => 2,
            Opcode.Return => 0,
            _ => -1,
        };
        if (edges != block.Successors.Count) return $"B{block.Id} has {block.Successors.Count} successors, its end {edges}";
        if (block.Instructions.SkipLast(1).Any(i => i.IsTerminator)) return $"B{block.Id} ends before its end";
        foreach (Phi phi in block.Phis)
        {
            if (phi.Inputs.Count != block.Predecessors.Count)
                return $"{IrPrinter.Name(phi.Result)} has {phi.Inputs.Count} inputs, B{block.Id} {block.Predecessors.Count} edges";
            if (phi.Result.Phi != phi) return $"{IrPrinter.Name(phi.Result)} does not know its phi";
            if (phi.Inputs.Any(i => i.Type != phi.Result.Type))
                return $"{IrPrinter.Name(phi.Result)} has an input of another type";
        }
        foreach (Instruction instruction in block.Instructions)
        {
            if (instruction.Results.Any(r => r.Definition != instruction))
                return $"a result does not know '{IrPrinter.Print(instruction)}'";
            if (instruction.Payload is MemoryArray array && !kernel.Arrays.Contains(array))
                return $"'{IrPrinter.Print(instruction)}' names an array that the kernel does not list";
        }
        return null;
    }

    private static string? Definitions(Kernel kernel)
    {
        Dominators dominators = new(kernel);
        Dictionary<Register, (Block Block, int At)> defined = [];
        foreach (Block block in kernel.Blocks)
        {
            foreach (Phi phi in block.Phis)
                if (!defined.TryAdd(phi.Result, (block, -1))) return $"{IrPrinter.Name(phi.Result)} is defined twice";
            for (int i = 0; i < block.Instructions.Count; i++)
                foreach (Register result in block.Instructions[i].Results)
                    if (!defined.TryAdd(result, (block, i))) return $"{IrPrinter.Name(result)} is defined twice";
        }
        foreach (Block block in kernel.Blocks)
        {
            foreach (Phi phi in block.Phis)
                for (int p = 0; p < phi.Inputs.Count; p++)
                    if (!Reaches(phi.Inputs[p], block.Predecessors[p], int.MaxValue))
                        return $"{IrPrinter.Name(phi.Inputs[p])} does not reach the phi {IrPrinter.Name(phi.Result)}";
            for (int i = 0; i < block.Instructions.Count; i++)
                foreach (Value operand in block.Instructions[i].Operands)
                    if (!Reaches(operand, block, i))
                        return $"in B{block.Id} {IrPrinter.Name(operand)} does not reach '{IrPrinter.Print(block.Instructions[i])}'";
        }
        return null;

        bool Reaches(Value value, Block block, int at)
        {
            if (value is Parameter parameter) return kernel.Parameters.Contains(parameter);
            if (value is not Register register) return true;
            if (!defined.TryGetValue(register, out (Block Block, int At) place)) return false;
            return place.Block == block ? place.At < at : dominators.Dominates(place.Block, block);
        }
    }

    private static string? Types(Instruction instruction)
    {
        Value[] o = instruction.Operands;
        IrType result = instruction.Results.Length > 0 ? instruction.Result.Type : default;
        bool right = instruction.Opcode switch
        {
            Opcode.LoadVariable or Opcode.StoreVariable => false,
            >= Opcode.Add and <= Opcode.Multiply => o.Length == 2 && Numbers(2) && All(result),
            Opcode.FusedMultiplyAdd => o.Length == 3 && All(result) && result.IsFloat(),
            Opcode.Divide or Opcode.Min or Opcode.Max => o.Length == 2 && Numbers(2) && All(result),
            Opcode.DivideUnsigned or Opcode.Remainder or Opcode.RemainderUnsigned or Opcode.MinUnsigned or Opcode.MaxUnsigned =>
                o.Length == 2 && All(result) && result is IrType.Int32 or IrType.Int64,
            >= Opcode.And and <= Opcode.Xor =>
                o.Length == 2 && All(result) && result is IrType.Bool or IrType.Int32 or IrType.Int64,
            >= Opcode.ShiftLeft and <= Opcode.ShiftRightUnsigned =>
                o[0].Type == result && o[1].Type == IrType.Int32 && result is IrType.Int32 or IrType.Int64,
            Opcode.Not => All(result) && result is IrType.Bool or IrType.Int32 or IrType.Int64,
            Opcode.Negate or Opcode.Abs => o.Length == 1 && All(result) && Numbers(1),
            >= Opcode.Sqrt and <= Opcode.Truncate => o.Length == 1 && All(result) && result.IsFloat(),
            Opcode.PopulationCount or Opcode.LeadingZeroCount =>
                result == IrType.Int32 && o[0].Type is IrType.Int32 or IrType.Int64,
            Opcode.Compare => result == IrType.Bool && o.Length == 2 && o[0].Type == o[1].Type && Numbers(2),
            Opcode.Select => o.Length == 3 && o[0].Type == IrType.Bool && o[1].Type == result && o[2].Type == result,
            Opcode.ElementAddress => Address(3) && o[1].Type is IrType.Int32 or IrType.Int64 && o[2].Type == IrType.Int64,
            Opcode.AddressOffset => Address(1),
            Opcode.PartAddress => Address(4) && o.Skip(1).All(v => v.Type == IrType.Int64),
            Opcode.Load => o.Length == 1 && o[0].Type.IsPointer() && Moved(instruction.Results),
            Opcode.Store => o[0].Type.IsPointer() && Moved(o[1..]),
            Opcode.ConditionalBranch or Opcode.BarrierAnd or Opcode.BarrierOr or Opcode.BarrierPopCount =>
                o is [{ Type: IrType.Bool }],
            Opcode.RoundToTf32 => All(IrType.Float32) && o.Length == 1,
            Opcode.MultiplyAddTf32 => All(IrType.Float32) && o.Length == 10 && instruction.Results.Length == 4,
            Opcode.AssemblySupported => o.Length == 0 && result == IrType.Bool,
            Opcode.InlineAssembly => instruction.Payload is InlineAssembly text && o.All(v => !v.Type.IsPointer())
                && o.Length == text.Arguments.Count(a => a != AssemblyArgument.Output)
                && instruction.Results.Length == text.Arguments.Count(a => a != AssemblyArgument.Input),
            _ => true,
        };
        return right ? null
            : $"'{IrPrinter.Print(instruction)}' has operands of the wrong types ({string.Join(", ", o.Select(v => v.Type))})";

        bool All(IrType type) => o.All(v => v.Type == type);

        bool Numbers(int count) =>
            o.Length == count && o.All(v => v.Type is IrType.Int32 or IrType.Int64 or IrType.Float32 or IrType.Float64);

        bool Address(int count) => o.Length == count && result.IsPointer() && o[0].Type == result;

        bool Moved(IReadOnlyList<Value> values)
        {
            MemoryAccess access = (MemoryAccess)instruction.Payload!;
            return values.Count == access.Count && values.All(v => v.Type == access.Type.RegisterType());
        }
    }
}
