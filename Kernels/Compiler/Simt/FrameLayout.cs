using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Gives every value of a kernel its place in the frame of a warp.</summary>
/// <remarks>Constants, arguments and thread numbers have rows of their own that are filled before the kernel runs. Registers
/// share rows where their lifetimes do not meet, the most recently freed row first, so that a frame stays in the nearest
/// cache.</remarks>
internal sealed class FrameLayout
{
    private const int RowBytes = 32 * 4;

    private readonly Kernel kernel;
    private readonly int[] argumentOffsets;
    private readonly Dictionary<Register, int> registers = [];
    private readonly Dictionary<Register, int> poison = [];
    private readonly Dictionary<(IrType, FixedSource, long), int> fixedOffsets = [];
    private readonly List<FixedRow> fixedRows = [];

    internal FrameLayout(Kernel kernel, Liveness liveness, IEnumerable<Register> poisoned)
    {
        this.kernel = kernel;
        argumentOffsets = kernel.ArgumentOffsets;
        Place(liveness);
        foreach (Register register in poisoned) poison.Add(register, Reserve(4));
    }

    /// <summary>Bytes so far.</summary>
    internal int Bytes { get; private set; }

    internal IReadOnlyList<FixedRow> FixedRows => fixedRows;

    /// <summary>Bytes of a row.</summary>
    internal static int SizeOf(IrType type) => type == IrType.Bool ? 4 : type.Is64Bit() ? 2 * RowBytes : RowBytes;

    /// <summary>Whether a register's value is known before the kernel runs.</summary>
    internal static bool IsFixed(Register register) =>
        register.Definition is { Opcode: Opcode.ArrayAddress or Opcode.DynamicSharedLength or Opcode.Special };

    /// <summary>The row of a value.</summary>
    internal int Of(Value value) => value switch
    {
        Constant constant => Fixed(constant.Type, FixedSource.Constant, constant.Bits),
        Parameter parameter => Fixed(parameter.Type, FixedSource.Argument, argumentOffsets[parameter.Index]),
        Register register when IsFixed(register) => OfFixed(register),
        Register register => registers[register],
        _ => Fixed(value.Type, FixedSource.Constant, 0),
    };

    /// <summary>The word whose bits say in which lanes a phi is undefined, or −1 where it never is.</summary>
    internal int PoisonOf(Value value) =>
        value is Register register && poison.TryGetValue(register, out int offset) ? offset : -1;

    /// <summary>A truth value that is the same in all lanes.</summary>
    internal int OfTruth(bool value) => Fixed(IrType.Bool, FixedSource.Constant, value ? 1 : 0);

    /// <summary>A row for nobody else.</summary>
    internal int Reserve(int size)
    {
        int start = size >= RowBytes ? (Bytes + 63) / 64 * 64 : Bytes;
        Bytes = start + size;
        return start;
    }

    private int OfFixed(Register register) => register.Definition!.Opcode switch
    {
        Opcode.ArrayAddress => Fixed(register.Type, FixedSource.Constant,
            kernel.OffsetOf((MemoryArray)register.Definition.Payload!)),
        Opcode.DynamicSharedLength => Fixed(register.Type, FixedSource.DynamicSharedLength, 0),
        _ => Fixed(register.Type, FixedSource.Special, (int)(SpecialRegister)register.Definition.Payload!),
    };

    private int Fixed(IrType type, FixedSource source, long value)
    {
        if (fixedOffsets.TryGetValue((type, source, value), out int offset)) return offset;
        offset = Reserve(SizeOf(type));
        fixedOffsets.Add((type, source, value), offset);
        fixedRows.Add(new FixedRow(offset, type, source, value));
        return offset;
    }

    /// <summary>Linear scan (Poletto and Sarkar 1999) without a limit on the number of rows.</summary>
    private void Place(Liveness liveness)
    {
        Dictionary<int, Stack<int>> free = new() { [4] = [], [RowBytes] = [], [2 * RowBytes] = [] };
        PriorityQueue<(int Size, int Offset), int> active = new();
        foreach (int i in Enumerable.Range(0, liveness.Registers.Count).OrderBy(i => liveness.Start[i]))
        {
            // A row whose last use is in the instruction that writes the new one is not free yet: shuffles read across lanes.
            while (active.TryPeek(out (int Size, int Offset) row, out int end) && end < liveness.Start[i])
            {
                active.Dequeue();
                free[row.Size].Push(row.Offset);
            }
            int size = SizeOf(liveness.Registers[i].Type);
            if (!free[size].TryPop(out int offset)) offset = Reserve(size);
            registers.Add(liveness.Registers[i], offset);
            active.Enqueue((size, offset), liveness.End[i]);
        }
    }
}
