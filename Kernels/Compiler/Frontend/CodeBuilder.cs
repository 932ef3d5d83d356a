using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Passes;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Appends instructions to a block; operations on constants are done at once.</summary>
internal sealed class CodeBuilder(Kernel kernel)
{
    // A kernel has some thousand instructions; calls that multiply could go on for ever.
    private const int MostInstructions = 200_000;
    private const int MostCalls = 20_000;

    private int instructions;
    private int calls;

    /// <summary>The kernel under construction.</summary>
    public Kernel Kernel { get; } = kernel;

    /// <summary>Where instructions go.</summary>
    public Block Block { get; private set; } = new();

    /// <summary>The source line of what is emitted.</summary>
    public SourceLocation? Location { get; set; }

    /// <summary>A block that belongs to the kernel, empty.</summary>
    public Block NewBlock()
    {
        Block block = new();
        Kernel.Blocks.Add(block);
        return block;
    }

    /// <summary>What variables are known to hold here, since the current stretch of code stored it.</summary>
    public Dictionary<Variable, Value> Known { get; private set; } = [];

    /// <summary>Goes on in a block, of whose past nothing is known unless it is given.</summary>
    public void Continue(Block block, Dictionary<Variable, Value>? known = null)
    {
        Block = block;
        Known = known ?? [];
    }

    /// <summary>An instruction without result.</summary>
    public void Emit(Opcode opcode, object? payload, params ReadOnlySpan<Value> operands) =>
        Append(new Instruction(opcode, payload, Location, operands));

    /// <summary>An instruction with one result.</summary>
    public Value Emit(IrType type, Opcode opcode, object? payload, params ReadOnlySpan<Value> operands)
    {
        if (opcode <= Opcode.Convert && ConstantFolding.Fold(opcode, type, payload, operands) is { } known) return known;
        Instruction instruction = new(opcode, payload, Location, operands);
        Append(instruction);
        return instruction.AddResult(type);
    }

    /// <summary>An instruction with several results of one type.</summary>
    public Value[] EmitSeveral(int count, IrType type, Opcode opcode, object? payload, params ReadOnlySpan<Value> operands)
    {
        Instruction instruction = new(opcode, payload, Location, operands);
        Append(instruction);
        for (int i = 0; i < count; i++) instruction.AddResult(type);
        return [.. instruction.Results];
    }

    /// <summary>An instruction with a result of each of these types.</summary>
    public Register[] EmitSeveral(IrType[] types, Opcode opcode, object? payload, params ReadOnlySpan<Value> operands)
    {
        Instruction instruction = new(opcode, payload, Location, operands);
        Append(instruction);
        foreach (IrType type in types) instruction.AddResult(type);
        return instruction.Results;
    }

    /// <summary>A comparison.</summary>
    public Value Compare(Comparison comparison, Value a, Value b) => Emit(IrType.Bool, Opcode.Compare, comparison, a, b);

    /// <summary>A conversion; none where the types are the same and nothing is cut off.</summary>
    public Value Convert(Conversion conversion, Value a, IrType to) => Emit(to, Opcode.Convert, conversion, a);

    /// <summary>An integer as 64 bits with its sign.</summary>
    public Value ToInt64(Value a) => a.Type == IrType.Int64 ? a : Convert(Conversion.Signed, a, IrType.Int64);

    /// <summary>Ends the block.</summary>
    public void Branch(Block target)
    {
        Emit(Opcode.Branch, null);
        Kernel.Connect(Block, target);
    }

    /// <summary>Ends the block.</summary>
    public void Branch(Value condition, Block yes, Block no)
    {
        Emit(Opcode.ConditionalBranch, null, condition);
        Kernel.Connect(Block, yes);
        Kernel.Connect(Block, no);
    }

    /// <summary>Counts a call that is translated in place.</summary>
    /// <exception cref="KernelCompileException">There are too many.</exception>
    public void CountCall()
    {
        if (++calls > MostCalls)
            throw new KernelCompileException(Location, $"a kernel of more than {MostCalls} calls",
                "Calls are inlined: write loops, and call less.");
    }

    private void Append(Instruction instruction)
    {
        if (++instructions > MostInstructions)
            throw new KernelCompileException(Location, $"a kernel of more than {MostInstructions} instructions",
                "Calls are inlined: write loops, and call less.");
        Block.Instructions.Add(instruction);
    }
}
