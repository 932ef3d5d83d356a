using System.Globalization;
using System.Text;

namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>A kernel as text for people: one line an instruction, registers as <c>%name.id</c>, the C# line where it
/// changes.</summary>
public static class IrPrinter
{
    /// <summary>The whole kernel; numbers it anew.</summary>
    public static string Print(Kernel kernel)
    {
        kernel.Renumber();
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"kernel {kernel.Name}(");
        text.AppendJoin(", ", kernel.Parameters.Select(p => $"{p.Type} {p.Name}")).Append(")\n");
        foreach (MemoryArray array in kernel.Arrays)
            text.Append(CultureInfo.InvariantCulture, $"  {(array.Shared ? "shared" : "local")} {array.Name}: ")
                .Append(CultureInfo.InvariantCulture, $"{(array.Dynamic ? "dynamic" : $"{array.Bytes} bytes")}\n");
        string? line = null;
        foreach (Block block in kernel.Blocks)
        {
            text.Append(CultureInfo.InvariantCulture, $"B{block.Id}:");
            if (block.Predecessors.Count > 0)
                text.Append("  // from ").AppendJoin(", ", block.Predecessors.Select(p => $"B{p.Id}"));
            text.Append('\n');
            foreach (Phi phi in block.Phis)
                text.Append(CultureInfo.InvariantCulture, $"  {Name(phi.Result)}: {phi.Result.Type} = phi ").AppendJoin(", ",
                    phi.Inputs.Select(Name)).Append('\n');
            foreach (Instruction instruction in block.Instructions)
            {
                if (instruction.Location is { Line: > 0 } location && location.Short != line)
                    text.Append(CultureInfo.InvariantCulture, $"  // {line = location.Short}\n");
                text.Append("  ").Append(Print(instruction));
                if (block.Successors.Count > 0 && instruction.IsTerminator)
                    text.Append(" → ").AppendJoin(", ", block.Successors.Select(s => $"B{s.Id}"));
                text.Append('\n');
            }
        }
        return text.ToString();
    }

    /// <summary>One instruction.</summary>
    public static string Print(Instruction instruction)
    {
        StringBuilder text = new();
        if (instruction.Results.Length > 0)
            text.AppendJoin(", ", instruction.Results.Select(r => $"{Name(r)}: {r.Type}")).Append(" = ");
        text.Append(instruction.Opcode);
        if (instruction.Payload is { } payload)
            text.Append('.').Append(payload switch
            {
                MemoryAccess access => access.Count == 1 ? $"{access.Type}" : $"{access.Type}×{access.Count}",
                AtomicAccess access => $"{access.Kind}.{access.Type}",
                MemoryArray array => array.Name,
                Variable variable => variable.Name,
                InlineAssembly assembly => $"\"{assembly.Text.ReplaceLineEndings(" ")}\"",
                _ => payload.ToString(),
            });
        return text.Append(instruction.Operands.Length > 0 ? " " : "").AppendJoin(", ",
            instruction.Operands.Select(Name)).ToString();
    }

    /// <summary>A value: a number, or a register's name.</summary>
    public static string Name(Value value) => value switch
    {
        Constant { Type: IrType.Float32 } c => c.Single.ToString("R", CultureInfo.InvariantCulture) + "f",
        Constant { Type: IrType.Float64 } c => c.Double.ToString("R", CultureInfo.InvariantCulture),
        Constant { Type: IrType.Bool } c => c.Bits != 0 ? "true" : "false",
        Constant c => c.Bits.ToString(CultureInfo.InvariantCulture),
        Parameter p => p.Name,
        Register r => $"%{r.Name ?? "t"}.{r.Id}",
        _ => "undefined",
    };
}
