using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Turns the graph of a kernel into steps with rows instead of values, so that running it looks nothing up.</summary>
internal sealed unsafe class ProgramDecoder
{
    private readonly Kernel kernel;
    private readonly Dictionary<Block, int> number = [];
    private readonly FrameLayout layout;
    private readonly List<Step> steps = [];
    private readonly List<Instruction> sources = [];
    private readonly List<Edge> edges = [];
    private readonly List<Move> moves = [];
    private readonly List<int> patternSteps = [];
    private readonly List<int> extra = [];
    private readonly Dictionary<int, int> spares = [];

    internal ProgramDecoder(Kernel kernel)
    {
        this.kernel = kernel;
        foreach (Block block in kernel.Blocks) number.Add(block, number.Count);
        layout = new FrameLayout(kernel, new Liveness(kernel.Blocks, number, r => !FrameLayout.IsFixed(r)), PoisonedPhis());
    }

    internal SimtProgram Decode()
    {
        int[] starts = new int[kernel.Blocks.Count];
        for (int b = 0; b < starts.Length; b++)
        {
            starts[b] = steps.Count;
            AddBlock(kernel.Blocks[b]);
        }
        return new SimtProgram(kernel, steps, sources)
        {
            BlockStart = starts,
            BlockLength = [.. kernel.Blocks.Select(b => b.Instructions.Count)],
            Reconvergence = PostDominators.Compute(kernel.Blocks, number),
            Edges = [.. edges],
            Moves = [.. moves],
            FixedRows = [.. layout.FixedRows],
            FrameBytes = (layout.Bytes + 63) / 64 * 64,
            PatternSteps = [.. patternSteps],
            Extra = [.. extra],
            SharedCellShift = HasSmallSharedAccess() ? 0 : 2,
            LocalBytes = (kernel.LocalBytes + 15) / 16 * 16,
        };
    }

    /// <summary>Phis that an undefined value can reach, through other phis too.</summary>
    private HashSet<Register> PoisonedPhis()
    {
        HashSet<Register> poisoned = [];
        for (int before = -1; before != poisoned.Count;)
        {
            before = poisoned.Count;
            foreach (Phi phi in kernel.Blocks.SelectMany(b => b.Phis))
                if (phi.Inputs.Any(v => v is Undefined || (v is Register r && poisoned.Contains(r)))) poisoned.Add(phi.Result);
        }
        return poisoned;
    }

    private bool HasSmallSharedAccess() => kernel.Blocks.SelectMany(b => b.Instructions).Any(i =>
        i.Opcode is Opcode.Load or Opcode.Store && i.Operands[0].Type == IrType.SharedPointer
        && ((MemoryAccess)i.Payload!).Size < 4);

    private void AddBlock(Block block)
    {
        HashSet<Value> known = [];
        foreach (Instruction instruction in block.Instructions)
        {
            foreach (Value operand in instruction.Operands) AddDefinedCheck(instruction, operand, known);
            // What is known before the kernel runs has a row and needs no step.
            if (instruction.Opcode is not (Opcode.ArrayAddress or Opcode.DynamicSharedLength or Opcode.Special))
                AddInstruction(block, instruction);
        }
    }

    private void AddDefinedCheck(Instruction instruction, Value operand, HashSet<Value> known)
    {
        int word = operand is Undefined ? layout.OfTruth(true) : layout.PoisonOf(operand);
        if (word < 0 || !known.Add(operand)) return;
        int place = Array.IndexOf(instruction.Operands, operand);
        Add(instruction, new Step { Run = &LaneFaults.CheckDefined, A = word, Extra = place });
    }

    private void AddInstruction(Block block, Instruction instruction)
    {
        Value[] operands = instruction.Operands;
        Register[] results = instruction.Results;
        Step step = new()
        {
            A = Row(operands, 0),
            B = Row(operands, 1),
            C = Row(operands, 2),
            D = Row(operands, 3),
            R = Row(results, 0),
            R1 = Row(results, 1),
            R2 = Row(results, 2),
            R3 = Row(results, 3),
            Immediate = instruction.Payload is int number ? number : 0,
        };
        switch (instruction.Opcode)
        {
            case Opcode.Branch:
                step.Control = StepControl.Branch;
                step.A = AddEdge(block, 0);
                break;
            case Opcode.ConditionalBranch:
                step.Control = StepControl.ConditionalBranch;
                (step.B, step.C) = (AddEdge(block, 0), AddEdge(block, 1));
                break;
            case Opcode.Return:
                step.Control = StepControl.Return;
                break;
            case Opcode.Barrier or Opcode.BarrierPopCount or Opcode.BarrierAnd or Opcode.BarrierOr:
                step.Control = StepControl.Barrier;
                step.Extra = (int)instruction.Opcode;
                break;
            case Opcode.MultiplyAddTf32:
                step.Extra = extra.Count;
                extra.AddRange(operands.Select(layout.Of));
                break;
            case Opcode.Load or Opcode.Store:
                DescribeAccess(ref step, operands, (MemoryAccess)instruction.Payload!);
                break;
            case Opcode.Atomic:
                AtomicAccess atomic = (AtomicAccess)instruction.Payload!;
                step.Extra = (int)atomic.Type | (int)atomic.Kind << 8;
                step.Immediate = atomic.Type.Size();
                step.Pattern = AddPattern();
                break;
            case Opcode.AsyncCopy:
                // One pattern for each side.
                step.Pattern = AddPattern();
                AddPattern();
                break;
            case Opcode.ShiftLeft or Opcode.ShiftRight or Opcode.ShiftRightUnsigned when operands[1] is Constant count:
                step.Immediate = count.Int32 & (results[0].Type.Is64Bit() ? 63 : 31);
                break;
            default:
                break;
        }
        if (step.Control == StepControl.Lanes) step.Run = LaneOperations.Of(instruction);
        Add(instruction, step);
    }

    private void DescribeAccess(ref Step step, Value[] operands, MemoryAccess access)
    {
        step.Extra = (int)access.Type | access.Count << 8;
        step.Immediate = access.Size;
        step.Pattern = AddPattern();
        // A store's values take the places of results; its operand list is one too long for A to D.
        if (operands.Length == 1) return;
        (step.R, step.R1, step.R2, step.R3) = (Row(operands, 1), Row(operands, 2), Row(operands, 3), Row(operands, 4));
    }

    private int AddPattern()
    {
        patternSteps.Add(steps.Count);
        return patternSteps.Count - 1;
    }

    private void Add(Instruction instruction, Step step)
    {
        step.Index = steps.Count;
        steps.Add(step);
        sources.Add(instruction);
    }

    private int AddEdge(Block from, int successor)
    {
        Block to = from.Successors[successor];
        // The k-th edge to the same block is the k-th entry among its predecessors.
        int repeats = from.Successors.Take(successor).Count(s => s == to);
        int edge = -1;
        for (int i = 0; i <= repeats; i++) edge = to.Predecessors.IndexOf(from, edge + 1);
        List<Move> together = [];
        foreach (Phi phi in to.Phis)
        {
            Value input = phi.Inputs[edge];
            if (input is not Undefined)
                together.Add(new Move(layout.Of(phi.Result), layout.Of(input), FrameLayout.SizeOf(phi.Result.Type)));
            int poison = layout.PoisonOf(phi.Result);
            if (poison < 0) continue;
            int source = layout.PoisonOf(input);
            together.Add(new Move(poison, source >= 0 ? source : layout.OfTruth(input is Undefined), 4));
        }
        List<Move> ordered = ParallelMoves.Order(together, Spare);
        edges.Add(new Edge(number[to], moves.Count, ordered.Count));
        moves.AddRange(ordered);
        return edges.Count - 1;
    }

    private int Spare(int size)
    {
        // Two open cycles of one edge never need their spare rows at the same time: each is ordered to its end before the next is
        // opened.
        if (!spares.TryGetValue(size, out int row)) spares.Add(size, row = layout.Reserve(size));
        return row;
    }

    private int Row(IReadOnlyList<Value> values, int i) => i < values.Count ? layout.Of(values[i]) : 0;
}
