using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>One IL instruction.</summary>
/// <param name="Offset">Bytes from the start of the method.</param>
/// <param name="Next">Offset of the instruction behind it.</param>
/// <param name="OpCode">What it does.</param>
/// <param name="Number">An integer operand, the bits of a float, a token, or a branch target as an offset.</param>
/// <param name="Targets">Targets of a switch.</param>
internal readonly record struct IlInstruction(int Offset, int Next, OpCode OpCode, long Number, int[]? Targets)
{
    /// <summary>Whether it names places to go on at.</summary>
    public bool IsBranch => OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch;

    /// <summary>Whether control may go on elsewhere than behind it.</summary>
    public bool EndsBlock => IsBranch || !FallsThrough;

    /// <summary>Whether control may go on behind it.</summary>
    public bool FallsThrough =>
        OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw) && OpCode != OpCodes.Jmp;
}

/// <summary>Bytes of a method body as instructions (ECMA-335, partition III).</summary>
internal static class IlReader
{
    private static readonly OpCode?[] OneByte = new OpCode?[256];
    private static readonly OpCode?[] TwoByte = new OpCode?[256];

    static IlReader()
    {
        foreach (FieldInfo field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            OpCode code = (OpCode)field.GetValue(null)!;
            (code.Size == 1 ? OneByte : TwoByte)[code.Value & 0xff] = code;
        }
    }

    /// <exception cref="KernelCompileException">The method has no IL.</exception>
    public static IlInstruction[] Read(MethodBase method, SourceLocation? location)
    {
        byte[] il = method.GetMethodBody()?.GetILAsByteArray() ?? throw new KernelCompileException(location,
            $"{TypeNames.Of(method)} has no body of IL", "Call a method written in C#, or one of the kernel language.");
        List<IlInstruction> instructions = [];
        for (int at = 0; at < il.Length;)
        {
            int start = at;
            OpCode code = (il[at] == 0xfe ? TwoByte[il[++at]] : OneByte[il[at]])!.Value;
            ReadOnlySpan<byte> operand = il.AsSpan(++at);
            (int size, long number) = code.OperandType switch
            {
                OperandType.InlineNone => (0, 0L),
                OperandType.ShortInlineVar => (1, operand[0]),
                OperandType.ShortInlineI => (1, (sbyte)operand[0]),
                OperandType.ShortInlineBrTarget => (1, at + 1 + (sbyte)operand[0]),
                OperandType.InlineBrTarget => (4, at + 4 + BinaryPrimitives.ReadInt32LittleEndian(operand)),
                OperandType.InlineVar => (2, BinaryPrimitives.ReadUInt16LittleEndian(operand)),
                OperandType.InlineI8 or OperandType.InlineR => (8, BinaryPrimitives.ReadInt64LittleEndian(operand)),
                _ => (4, BinaryPrimitives.ReadInt32LittleEndian(operand)),
            };
            at += size;
            int[]? targets = null;
            if (code.OperandType == OperandType.InlineSwitch)
            {
                int count = (int)number;
                targets = new int[count];
                int end = at + 4 * count;
                for (int i = 0; i < count; i++, at += 4) targets[i] = end + BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at));
            }
            instructions.Add(new IlInstruction(start, at, code, number, targets));
        }
        return [.. instructions];
    }
}
