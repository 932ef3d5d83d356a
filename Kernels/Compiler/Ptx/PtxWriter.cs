using System.Globalization;
using System.Text;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Writes the instructions of one kernel. This part: operands, addresses, moves and the ends of blocks.</summary>
internal sealed partial class PtxWriter
{
    private readonly Kernel kernel;
    private readonly PtxNames names;
    private readonly HashSet<Value> needed = [];

    /// <summary>A writer for a kernel without view addresses, whose phis are moves.</summary>
    public PtxWriter(Kernel kernel, PtxNames names, Dictionary<Block, List<Move>> moves)
    {
        this.kernel = kernel;
        this.names = names;
        foreach (Instruction instruction in kernel.Blocks.SelectMany(b => b.Instructions))
            for (int i = 0; i < instruction.Operands.Length; i++)
                if (!IsPartOf(instruction, i)) needed.Add(instruction.Operands[i]);
        foreach (Move move in moves.Values.SelectMany(m => m)) needed.Add(move.Source);
    }

    /// <summary>What was written so far.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>Whether the instruction stands for itself: an address offset can be part of an access, a conversion part of a
    /// product.</summary>
    public bool IsWritten(Instruction instruction) =>
        instruction.Opcode switch
        {
            Opcode.AddressOffset or Opcode.ArrayAddress => needed.Contains(instruction.Result),
            Opcode.Convert => !IsWidening(instruction) || needed.Contains(instruction.Result),
            _ => true,
        };

    /// <summary>Puts the parameters that are used into registers.</summary>
    public void LoadParameters()
    {
        foreach (Parameter parameter in kernel.Parameters)
        {
            if (!needed.Contains(parameter)) continue;
            string place = $"[{PtxNames.OfParameter(parameter)}]";
            if (parameter.Type != IrType.Bool)
            {
                Line($"ld.param.{PtxNames.ClassOf(parameter.Type)}", names.Of(parameter), place);
                continue;
            }
            string number = names.Temporary("b32", parameter.Name);
            Line("ld.param.b32", number, place);
            Line("setp.ne.s32", names.Of(parameter), number, "0");
        }
    }

    /// <summary>Begins a block.</summary>
    public void Label(Block block) => Text.Append(LabelOf(block)).Append(":\n");

    /// <summary>Assigns.</summary>
    public void Move(Move move) => Line($"mov.{PtxNames.ClassOf(move.Target.Type)}", names.Of(move.Target), Operand(move.Source));

    /// <summary>Ends a block; what stands next needs no branch.</summary>
    public void Terminator(Block block, Block? next)
    {
        Instruction terminator = block.Terminator;
        switch (terminator.Opcode)
        {
            case Opcode.Return:
                Line("ret");
                break;
            case Opcode.Branch:
                Goto(block.Successors[0], next);
                break;
            default:
                (Block yes, Block no) = (block.Successors[0], block.Successors[1]);
                if (terminator.Operands[0] is not Register and not Parameter)
                {
                    Goto(terminator.Operands[0] is Constant { Bits: not 0 } ? yes : no, next);
                    break;
                }
                string condition = names.Of(terminator.Operands[0]);
                if (yes == next)
                {
                    if (no != next) Line($"@!{condition} bra", LabelOf(no));
                    break;
                }
                Line($"@{condition} bra", LabelOf(yes));
                Goto(no, next);
                break;
        }
    }

    private void Goto(Block target, Block? next)
    {
        if (target != next) Line("bra", LabelOf(target));
    }

    private static string LabelOf(Block block) => string.Create(CultureInfo.InvariantCulture, $"$B{block.Id}");

    /// <summary>A register's name or a number. What is undefined is 0: any value would do.</summary>
    private string Operand(Value value) => value switch
    {
        Constant { Type: IrType.Float32 } c => string.Create(CultureInfo.InvariantCulture, $"0f{(uint)c.Bits:X8}"),
        Constant { Type: IrType.Float64 } c => string.Create(CultureInfo.InvariantCulture, $"0d{c.Bits:X16}"),
        Constant { Bits: long.MinValue } => "0x8000000000000000",
        Constant c => c.Bits.ToString(CultureInfo.InvariantCulture),
        Undefined u => Operand(new Constant(u.Type, 0)),
        _ => names.Of(value),
    };

    /// <summary>A register's name also for a number, where PTX takes no number.</summary>
    private string InRegister(Value value, string? registerClass = null)
    {
        string type = PtxNames.ClassOf(value.Type);
        registerClass ??= type;
        if (value is Register or Parameter && registerClass == type) return names.Of(value);
        string copy = names.Temporary(registerClass, "copy");
        Line($"mov.{registerClass}", copy, Operand(value));
        return copy;
    }

    /// <summary>The place of an access: <c>[%p + 16]</c>, or <c>[shared_tile + 16]</c>.</summary>
    private string Place(Value pointer) => $"[{Address(pointer, " + ")}]";

    private string Address(Value pointer, string plus)
    {
        (Value origin, long offset) = Split(pointer);
        string text = origin is Register { Definition: { Opcode: Opcode.ArrayAddress, Payload: MemoryArray array } }
            ? names.OfArray(array) : Operand(origin);
        if (offset == 0) return text;
        return string.Create(CultureInfo.InvariantCulture, $"{text}{plus}{offset}");
    }

    private static (Value Base, long Offset) Split(Value pointer)
    {
        long offset = 0;
        while (pointer is Register { Definition: { Opcode: Opcode.AddressOffset } step })
        {
            offset += (int)step.Payload!;
            pointer = step.Operands[0];
        }
        return (pointer, offset);
    }

    /// <summary>Whether an operand, if it is such a thing, is written as part of the instruction that uses it.</summary>
    private static bool IsPartOf(Instruction user, int operand)
    {
        if (user.Operands[operand] is not Register { Definition: { } definition }) return false;
        return definition.Opcode switch
        {
            Opcode.AddressOffset or Opcode.ArrayAddress => IsPlace(user, operand) || user.Opcode == Opcode.AddressOffset,
            Opcode.Convert => IsWidening(definition) && WideFactor(user) is not null,
            _ => false,
        };
    }

    private static bool IsPlace(Instruction user, int operand) => user.Opcode switch
    {
        Opcode.Load or Opcode.Store or Opcode.Atomic => operand == 0,
        Opcode.AsyncCopy => operand < 2,
        _ => false,
    };

    private void Line(string mnemonic, params ReadOnlySpan<string> operands)
    {
        Text.Append('\t').Append(mnemonic);
        for (int i = 0; i < operands.Length; i++) Text.Append(i == 0 ? " " : ", ").Append(operands[i]);
        Text.Append(";\n");
    }
}
