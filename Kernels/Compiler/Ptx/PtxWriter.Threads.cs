using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Places of threads, barriers, shuffles, tensor cores and text.</summary>
internal sealed partial class PtxWriter
{
    private const string WholeWarp = "0xffffffff";

    /// <summary>The bits of rounded numbers: tensor cores take TF32 as untyped registers, everything else as floats.</summary>
    private readonly Dictionary<Value, string> tf32 = [];

    private bool WriteThreads(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Special:
                Line("mov.u32", names.Of(instruction.Result), NameOf((SpecialRegister)instruction.Payload!));
                return true;
            case Opcode.Barrier:
                Line("bar.sync", "0");
                return true;
            case Opcode.BarrierPopCount:
                Line("bar.red.popc.u32", names.Of(instruction.Result), "0", InRegister(instruction.Operands[0]));
                return true;
            case Opcode.BarrierAnd:
                Line("bar.red.and.pred", names.Of(instruction.Result), "0", InRegister(instruction.Operands[0]));
                return true;
            case Opcode.BarrierOr:
                Line("bar.red.or.pred", names.Of(instruction.Result), "0", InRegister(instruction.Operands[0]));
                return true;
            case Opcode.WarpBarrier:
                Line("bar.warp.sync", WholeWarp);
                return true;
            case Opcode.Shuffle:
                WriteShuffle(instruction);
                return true;
            case Opcode.Fence:
                Line((FenceLevel)instruction.Payload! switch
                {
                    FenceLevel.Group => "membar.cta",
                    FenceLevel.Device => "membar.gl",
                    _ => "membar.sys",
                });
                return true;
            case Opcode.RoundToTf32:
                string rounded = tf32[instruction.Result] = names.Temporary("b32", "tf32");
                Line("cvt.rna.tf32.f32", rounded, InRegister(instruction.Operands[0]));
                Line("mov.b32", names.Of(instruction.Result), rounded);
                return true;
            case Opcode.MultiplyAddTf32:
                string[] ab = [.. instruction.Operands[..6].Select(v => tf32.GetValueOrDefault(v) ?? InRegister(v, "b32"))];
                string[] c = [.. instruction.Operands[6..].Select(v => InRegister(v))];
                Line("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32",
                    Group([.. instruction.Results.Select(names.Of)]), Group(ab[..4]), Group(ab[4..]), Group(c));
                return true;
            case Opcode.InlineAssembly:
                WriteAssembly(instruction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What the text both reads and sets has one register, which gets the value first.</summary>
    private void WriteAssembly(Instruction instruction)
    {
        InlineAssembly assembly = (InlineAssembly)instruction.Payload!;
        string[] registers = new string[assembly.Arguments.Count];
        int input = 0, output = 0;
        for (int i = 0; i < registers.Length; i++)
        {
            if (assembly.Arguments[i] == AssemblyArgument.Input)
            {
                registers[i] = InRegister(instruction.Operands[input++]);
                continue;
            }
            Register result = instruction.Results[output++];
            registers[i] = names.Of(result);
            if (assembly.Arguments[i] == AssemblyArgument.InputOutput)
                Line($"mov.{PtxNames.ClassOf(result.Type)}", registers[i], Operand(instruction.Operands[input++]));
        }
        Text.Append('\t').Append(assembly.With(registers).Trim().ReplaceLineEndings("\n\t")).Append('\n');
    }

    private static string NameOf(SpecialRegister register) => register switch
    {
        SpecialRegister.ThreadX => "%tid.x",
        SpecialRegister.ThreadY => "%tid.y",
        SpecialRegister.ThreadZ => "%tid.z",
        SpecialRegister.GroupSizeX => "%ntid.x",
        SpecialRegister.GroupSizeY => "%ntid.y",
        SpecialRegister.GroupSizeZ => "%ntid.z",
        SpecialRegister.GroupX => "%ctaid.x",
        SpecialRegister.GroupY => "%ctaid.y",
        SpecialRegister.GroupZ => "%ctaid.z",
        SpecialRegister.GridSizeX => "%nctaid.x",
        SpecialRegister.GridSizeY => "%nctaid.y",
        SpecialRegister.GridSizeZ => "%nctaid.z",
        _ => "%laneid",
    };

    /// <summary>The third operand is the last lane that may be asked (the first one, going up); the lane's own value comes
    /// else.</summary>
    private void WriteShuffle(Instruction instruction)
    {
        (string mode, string bound) = (ShuffleKind)instruction.Payload! switch
        {
            ShuffleKind.Index => ("idx", "31"),
            ShuffleKind.Down => ("down", "31"),
            ShuffleKind.Up => ("up", "0"),
            _ => ("bfly", "31"),
        };
        Value value = instruction.Operands[0];
        string lane = Operand(instruction.Operands[1]);
        string result = names.Of(instruction.Result);
        string mnemonic = $"shfl.sync.{mode}.b32";
        if (value.Type == IrType.Bool)
            throw new KernelCompileException(instruction.Location, "a shuffle of a truth value",
                "Shuffle an int: 'flag ? 1 : 0'.");
        if (!value.Type.Is64Bit())
        {
            Line(mnemonic, result, InRegister(value), lane, bound, WholeWarp);
            return;
        }
        string low = names.Temporary("b32", "low");
        string high = names.Temporary("b32", "high");
        Line("mov.b64", Group([low, high]), InRegister(value));
        Line(mnemonic, low, low, lane, bound, WholeWarp);
        Line(mnemonic, high, high, lane, bound, WholeWarp);
        Line("mov.b64", result, Group([low, high]));
    }
}
