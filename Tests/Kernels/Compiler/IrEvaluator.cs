using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Runs one thread of a kernel, before or after SSA construction: the plainest reading of what opcodes mean.</summary>
/// <remarks>A register holds 64 bits: integers and float32's bits sign-extended, truth as 0 or 1. An address is a buffer's number
/// from 1 in the upper bits and a byte offset in the lower 32. Written apart from the compiler's constant folding, so that one
/// checks the other.</remarks>
internal sealed partial class IrEvaluator(Kernel kernel)
{
    private const int MostSteps = 4_000_000;

    private readonly Dictionary<Register, long> registers = [];
    private readonly Dictionary<Variable, long> variables = [];
    private readonly Dictionary<MemoryArray, long> arrays = [];
    private readonly List<byte[]> buffers = [];
    private long[] arguments = [];

    /// <summary>Whether a fused a·b + c is rounded twice, as C# does.</summary>
    public bool RoundTwice { get; init; }

    /// <summary>Values of special registers; 0 where absent.</summary>
    public Dictionary<SpecialRegister, int> Special { get; } = [];

    /// <summary>Bytes of dynamic shared memory.</summary>
    public int DynamicBytes { get; init; }

    /// <summary>Number of instructions run.</summary>
    public int Steps { get; private set; }

    /// <summary>Adds memory.</summary>
    /// <returns>The address of its first byte.</returns>
    public long Add(byte[] memory)
    {
        buffers.Add(memory);
        return (long)buffers.Count << 32;
    }

    /// <summary>Runs the thread to its end.</summary>
    public void Run(params long[] scalars)
    {
        arguments = scalars;
        foreach (MemoryArray array in kernel.Arrays) arrays[array] = Add(new byte[array.Dynamic ? DynamicBytes : array.Bytes]);
        Block block = kernel.Blocks[0];
        Block? from = null;
        while (true)
        {
            if (from is not null && block.Phis.Count > 0)
            {
                int edge = block.Predecessors.IndexOf(from);
                // An input that is not defined on this way may not be used later; then the phi has no value either.
                (Register, long?)[] values = [.. block.Phis.Select(p => (p.Result, Defined(p.Inputs[edge])))];
                foreach ((Register result, long? value) in values)
                    if (value is { } known) registers[result] = known;
                    else registers.Remove(result);
            }
            foreach (Instruction instruction in block.Instructions.SkipLast(1)) Step(instruction);
            if (block.Terminator.Opcode == Opcode.Return) return;
            from = block;
            block = block.Terminator.Opcode == Opcode.Branch || Get(block.Terminator.Operands[0]) != 0 ? block.Successors[0]
                : block.Successors[1];
        }
    }

    private long? Defined(Value value) =>
        value is Undefined || value is Register register && !registers.ContainsKey(register) ? null : Get(value);

    private long Get(Value value) => value switch
    {
        Constant constant => constant.Bits,
        Parameter parameter => arguments[parameter.Index],
        Register register =>
            registers.TryGetValue(register, out long bits) ? bits
            : throw new InvalidOperationException($"{IrPrinter.Name(register)} has no value"),
        _ => throw new InvalidOperationException("an undefined value is used"),
    };

    private void Step(Instruction i)
    {
        if (++Steps > MostSteps) throw new InvalidOperationException($"more than {MostSteps} steps");
        switch (i.Opcode)
        {
            case Opcode.LoadVariable:
                if (variables.TryGetValue((Variable)i.Payload!, out long held)) registers[i.Result] = held;
                break;
            case Opcode.StoreVariable:
                if (Defined(i.Operands[0]) is { } stored) variables[(Variable)i.Payload!] = stored;
                break;
            case Opcode.Load or Opcode.Store:
                Move(i, (MemoryAccess)i.Payload!);
                break;
            case Opcode.Atomic:
                Atomic(i, (AtomicAccess)i.Payload!);
                break;
            case Opcode.AsyncCopy:
                (byte[] to, int at) = Place(Get(i.Operands[0]), (int)i.Payload!);
                if (Get(i.Operands[2]) == 0) to.AsSpan(at, (int)i.Payload!).Clear();
                else
                {
                    (byte[] source, int start) = Place(Get(i.Operands[1]), (int)i.Payload!);
                    source.AsSpan(start, (int)i.Payload!).CopyTo(to.AsSpan(at));
                }
                break;
            case Opcode.Barrier or Opcode.WarpBarrier or Opcode.Fence or Opcode.AsyncCommit or Opcode.AsyncWait:
                break;
            default:
                registers[i.Result] = Compute(i);
                break;
        }
    }

    private long Compute(Instruction i)
    {
        long[] o = [.. i.Operands.Select(Get)];
        return i.Opcode switch
        {
            Opcode.Compare => Compare((Comparison)i.Payload!, i.Operands[0].Type, o[0], o[1]) ? 1 : 0,
            Opcode.Select => o[0] != 0 ? o[1] : o[2],
            Opcode.Convert => Convert((Conversion)i.Payload!, i.Operands[0].Type, i.Result.Type, o[0]),
            Opcode.ElementAddress => o[1] >= 0 && o[1] < o[2] ? o[0] + o[1] * (int)i.Payload!
                : throw new InvalidOperationException($"index {o[1]} of a view of {o[2]} at {i.Location}"),
            Opcode.AddressOffset => o[0] + (int)i.Payload!,
            Opcode.PartAddress => o[1] >= 0 && o[2] >= 0 && o[1] + o[2] <= o[3] ? o[0] + o[1] * (int)i.Payload!
                : throw new InvalidOperationException($"part {o[1]}, {o[2]} of a view of {o[3]} at {i.Location}"),
            Opcode.ArrayAddress => arrays[(MemoryArray)i.Payload!],
            Opcode.DynamicSharedLength => DynamicBytes,
            Opcode.Special => Special.GetValueOrDefault((SpecialRegister)i.Payload!),
            Opcode.BarrierPopCount or Opcode.BarrierAnd or Opcode.BarrierOr or Opcode.Shuffle => o[0],
            Opcode.RoundToTf32 => (int)o[0] + 0x1000 & ~0x1fff,
            Opcode.PopulationCount => i.Operands[0].Type == IrType.Int32 ? int.PopCount((int)o[0]) : long.PopCount(o[0]),
            Opcode.LeadingZeroCount =>
                i.Operands[0].Type == IrType.Int32 ? int.LeadingZeroCount((int)o[0]) : long.LeadingZeroCount(o[0]),
            _ => i.Result.Type switch
            {
                IrType.Bool => Integer(i.Opcode, o) & 1,
                IrType.Int32 => (int)Integer32(i.Opcode, o),
                IrType.Int64 => Integer(i.Opcode, o),
                IrType.Float32 =>
                    BitConverter.SingleToInt32Bits(Float32(i.Opcode, [.. o.Select(b => BitConverter.Int32BitsToSingle((int)b))])),
                IrType.Float64 =>
                    BitConverter.DoubleToInt64Bits(Float64(i.Opcode, [.. o.Select(BitConverter.Int64BitsToDouble)])),
                _ => throw new InvalidOperationException(i.Opcode.ToString()),
            },
        };
    }

    private (byte[] Memory, int Offset) Place(long address, int size)
    {
        (int buffer, int offset) = ((int)(address >> 32) - 1, (int)address);
        if (buffer < 0 || offset < 0 || offset + size > buffers[buffer].Length)
            throw new InvalidOperationException($"an access of {size} bytes outside memory");
        if (offset % size != 0) throw new InvalidOperationException($"an access of {size} bytes at {offset}");
        return (buffers[buffer], offset);
    }

    private void Move(Instruction i, MemoryAccess access)
    {
        (byte[] memory, int offset) = Place(Get(i.Operands[0]), access.Size);
        int size = access.Type.Size();
        for (int n = 0; n < access.Count; n++)
        {
            Span<byte> cell = memory.AsSpan(offset + n * size, size);
            if (i.Opcode == Opcode.Load) registers[i.Results[n]] = Read(cell, access.Type);
            else Write(cell, Get(i.Operands[n + 1]));
        }
    }

    private static long Read(Span<byte> cell, MemoryType type) => type switch
    {
        MemoryType.Int8 => (sbyte)cell[0],
        MemoryType.UInt8 => cell[0],
        MemoryType.Int16 => BitConverter.ToInt16(cell),
        MemoryType.UInt16 => BitConverter.ToUInt16(cell),
        MemoryType.Int32 or MemoryType.Float32 => BitConverter.ToInt32(cell),
        _ => BitConverter.ToInt64(cell),
    };

    private static void Write(Span<byte> cell, long value)
    {
        for (int b = 0; b < cell.Length; b++) cell[b] = (byte)(value >> 8 * b);
    }

    private void Atomic(Instruction i, AtomicAccess access)
    {
        (byte[] memory, int offset) = Place(Get(i.Operands[0]), access.Type.Size());
        Span<byte> cell = memory.AsSpan(offset, access.Type.Size());
        long old = Read(cell, access.Type);
        long value = Get(i.Operands[^1]);
        registers[i.Result] = old;
        (ulong unsignedOld, ulong unsignedValue) = access.Type == MemoryType.Int32 ? ((uint)old, (uint)value)
            : ((ulong)old, (ulong)value);
        Write(cell, access.Kind switch
        {
            AtomicKind.Add when access.Type == MemoryType.Float32 =>
                BitConverter.SingleToInt32Bits(BitConverter.Int32BitsToSingle((int)old)
                + BitConverter.Int32BitsToSingle((int)value)),
            AtomicKind.Add when access.Type == MemoryType.Float64 =>
                BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(old) + BitConverter.Int64BitsToDouble(value)),
            AtomicKind.Add => old + value,
            AtomicKind.Max => Math.Max(old, value),
            AtomicKind.Min => Math.Min(old, value),
            AtomicKind.MaxUnsigned => unsignedOld > unsignedValue ? old : value,
            AtomicKind.MinUnsigned => unsignedOld < unsignedValue ? old : value,
            AtomicKind.And => old & value,
            AtomicKind.Or => old | value,
            AtomicKind.Xor => old ^ value,
            AtomicKind.Exchange => value,
            _ => old == Get(i.Operands[1]) ? value : old,
        });
    }
}
