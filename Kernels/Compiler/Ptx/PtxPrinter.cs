using System.Globalization;
using System.Text;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Passes;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>A kernel as PTX: NVIDIA's assembly language, which the driver (or <c>ptxas</c>) turns into machine code.</summary>
/// <remarks>Source: NVIDIA, "Parallel Thread Execution ISA", version 7.8. Floats are added and multiplied with an explicit
/// rounding, which forbids the assembler to contract them: the only fused operations are those of the kernel itself, so that
/// every device and the checker round alike.</remarks>
public static class PtxPrinter
{
    /// <summary>Prints a module with one entry, named as the kernel.</summary>
    /// <param name="kernel">Optimised, in SSA form. Not changed, apart from its numbering.</param>
    /// <param name="target">The architecture.</param>
    /// <exception cref="KernelCompileException">The kernel uses what the architecture does not have.</exception>
    public static string Print(Kernel kernel, PtxTarget target)
    {
        Kernel lowered = KernelCloner.Clone(kernel);
        AssemblyQuestion.Answer(lowered, supported: true);
        RequireTarget(lowered, target);
        Dictionary<Block, List<Move>> moves = Lower(lowered);

        PtxNames names = new();
        PtxSourceLines lines = new();
        string body = Body(lowered, moves, names, lines);
        StringBuilder text = new();
        text.Append(".version 7.8\n.target ").Append(target).Append("\n.address_size 64\n\n");
        lines.AppendFiles(text);
        foreach (MemoryArray array in lowered.Arrays.Where(a => a.Dynamic))
            text.Append(CultureInfo.InvariantCulture,
                $".extern .shared .align {Alignment(array)} .b8 {names.OfArray(array)}[];\n");
        text.Append("\n.visible .entry ").Append(lowered.Name).Append('(');
        text.AppendJoin(',', lowered.Parameters.Select(p => $"\n\t.param .{ParameterType(p)} {PtxNames.OfParameter(p)}"));
        text.Append(")\n{\n");
        foreach (MemoryArray array in lowered.Arrays.Where(a => !a.Dynamic))
        {
            text.Append(array.Shared ? "\t.shared" : "\t.local");
            text.Append(CultureInfo.InvariantCulture, $" .align {Alignment(array)} .b8 {names.OfArray(array)}[{array.Bytes}];\n");
        }
        return text.Append(names.Declarations()).Append('\n').Append(body).Append("}\n").ToString();
    }

    /// <summary>Makes a kernel, in place, what its text says: divisions and addresses are plain arithmetic, edges have places for
    /// moves. It means the same as before, and the checker runs it like any other.</summary>
    /// <returns>The moves that its phis become.</returns>
    internal static Dictionary<Block, List<Move>> Lower(Kernel kernel)
    {
        ConstantDivision.Run(kernel);
        AddressLowering.Run(kernel);
        CommonSubexpressions.Run(kernel);
        DeadCode.Run(kernel);
        LoopInvariants.Run(kernel);
        Dictionary<Block, List<Move>> moves = PhiMoves.Place(kernel);
        kernel.Renumber();
        return moves;
    }

    private static string Body(Kernel kernel, Dictionary<Block, List<Move>> moves, PtxNames names, PtxSourceLines lines)
    {
        PtxWriter writer = new(kernel, names, moves);
        writer.LoadParameters();
        for (int b = 0; b < kernel.Blocks.Count; b++)
        {
            Block block = kernel.Blocks[b];
            if (block.Predecessors.Count > 0) writer.Label(block);
            foreach (Instruction instruction in block.Instructions)
            {
                if (instruction.IsTerminator && moves.TryGetValue(block, out List<Move>? atEnd))
                    foreach (Move move in atEnd) writer.Move(move);
                if (!writer.IsWritten(instruction)) continue;
                lines.AppendChange(writer.Text, instruction.Location);
                if (instruction.IsTerminator) writer.Terminator(block, b + 1 < kernel.Blocks.Count ? kernel.Blocks[b + 1] : null);
                else writer.Write(instruction);
            }
        }
        return writer.Text.ToString();
    }

    private static int Alignment(MemoryArray array) => Math.Max(16, array.Alignment);

    private static string ParameterType(Parameter parameter) => parameter.Type switch
    {
        IrType.Bool => "u32",
        IrType.GlobalPointer or IrType.Int64 => "u64",
        IrType.Int32 => "u32",
        IrType.Float32 => "f32",
        IrType.Float64 => "f64",
        _ => throw new ArgumentException($"parameter {parameter.Name}: a {parameter.Type} is no argument"),
    };

    private static void RequireTarget(Kernel kernel, PtxTarget target)
    {
        if (target.IsAmpere || !kernel.NeedsAmpere) return;
        Instruction first = kernel.Blocks.SelectMany(b => b.Instructions)
            .First(i => i.Opcode is >= Opcode.RoundToTf32 and <= Opcode.AsyncWait);
        string what = first.Opcode is Opcode.RoundToTf32 or Opcode.MultiplyAddTf32 ? "a TF32 tensor-core operation"
            : "an asynchronous copy";
        throw new KernelCompileException(first.Location,
            $"{kernel.Name} has {what}, which needs sm_80, and is compiled for {target}",
            "Launch the kernel of this operation that needs neither tensor cores nor asynchronous copies on this device.");
    }
}
