using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Instructions as a profiler groups them.</summary>
public enum InstructionKind
{
    /// <summary>Float a·b + c.</summary>
    FusedMultiplyAdd,

    /// <summary>Other float arithmetic, rounding included.</summary>
    Float,

    /// <summary>Square roots, exponentials, logarithms, sines.</summary>
    SpecialFunction,

    /// <summary>Integer and truth-value arithmetic.</summary>
    Integer,

    /// <summary>Addresses and thread numbers.</summary>
    Address,

    /// <summary>Comparisons and selections.</summary>
    Compare,

    /// <summary>Conversions.</summary>
    Convert,

    /// <summary>Loads of any kind of memory.</summary>
    Load,

    /// <summary>Stores to any kind of memory.</summary>
    Store,

    /// <summary>Atomic accesses.</summary>
    Atomic,

    /// <summary>Barriers and fences.</summary>
    Barrier,

    /// <summary>Shuffles.</summary>
    Shuffle,

    /// <summary>Tensor-core multiplications.</summary>
    TensorCore,

    /// <summary>Asynchronous copies, commits and waits.</summary>
    AsyncCopy,

    /// <summary>Branches and returns.</summary>
    Control,
}

/// <summary>What went over one way between threads and memory.</summary>
public struct MemoryTraffic
{
    /// <summary>Instructions of warps.</summary>
    public long Requests { get; internal set; }

    /// <summary>Bytes that threads asked for.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Global memory: pieces of 32 bytes touched, counted once a request.</summary>
    public long Sectors { get; internal set; }

    /// <summary>Global memory: lines of 128 bytes touched, counted once a request.</summary>
    public long Lines { get; internal set; }

    /// <summary>Shared memory: passes over its 32 banks of 4 bytes.</summary>
    public long Wavefronts { get; internal set; }

    /// <summary>Shared memory: passes beyond one for each 32 (16, 8) threads of an access of at most 4 (8, 16) bytes.</summary>
    public long BankConflicts { get; internal set; }

    internal void Add(in MemoryTraffic other)
    {
        Requests += other.Requests;
        Bytes += other.Bytes;
        Sectors += other.Sectors;
        Lines += other.Lines;
        Wavefronts += other.Wavefronts;
        BankConflicts += other.BankConflicts;
    }
}

/// <summary>What one line of the source cost.</summary>
public struct LineCounters
{
    /// <summary>Instructions, one for all threads of a warp.</summary>
    public long WarpInstructions { get; internal set; }

    /// <summary>Instructions, one for each active thread.</summary>
    public long ThreadInstructions { get; internal set; }

    /// <summary>Accesses to global and shared memory, loads and stores together.</summary>
    public MemoryTraffic Memory { get; internal set; }
}

/// <summary>What a profiler would count. Counters of several launches can be added.</summary>
/// <remarks>Instructions are those of the optimised kernel before PTX: address arithmetic, say, is counted as one instruction an
/// element. An asynchronous copy counts as a global load and, when it is waited for, as a shared store.</remarks>
public sealed class SimtCounters
{
    private readonly long[] warpInstructions = new long[Enum.GetValues<InstructionKind>().Length];
    private readonly long[] threadInstructions = new long[Enum.GetValues<InstructionKind>().Length];
    private readonly Dictionary<string, LineCounters> lines = [];
    private MemoryTraffic globalLoads, globalStores, sharedLoads, sharedStores, localLoads, localStores;

    /// <summary>Launches added up here.</summary>
    public long Launches { get; internal set; }

    /// <summary>Groups of all launches.</summary>
    public long Groups { get; internal set; }

    /// <summary>Warps of all groups.</summary>
    public long Warps { get; internal set; }

    /// <summary>Branches at which the threads of a warp parted.</summary>
    public long Divergences { get; internal set; }

    /// <summary>Barriers of the group, one for each warp.</summary>
    public long Barriers { get; internal set; }

    /// <summary>Atomic accesses, one for each thread.</summary>
    public long Atomics { get; internal set; }

    /// <summary>Bytes moved by asynchronous copies, zeros included.</summary>
    public long AsyncCopyBytes { get; internal set; }

    /// <summary>Reads of global memory.</summary>
    public MemoryTraffic GlobalLoads => globalLoads;

    /// <summary>Writes to global memory, atomic accesses included.</summary>
    public MemoryTraffic GlobalStores => globalStores;

    /// <summary>Reads of shared memory.</summary>
    public MemoryTraffic SharedLoads => sharedLoads;

    /// <summary>Writes to shared memory, atomic accesses included.</summary>
    public MemoryTraffic SharedStores => sharedStores;

    /// <summary>Reads of local memory.</summary>
    public MemoryTraffic LocalLoads => localLoads;

    /// <summary>Writes to local memory.</summary>
    public MemoryTraffic LocalStores => localStores;

    /// <summary>Instructions of all kinds, one for all threads of a warp.</summary>
    public long TotalWarpInstructions => warpInstructions.Sum();

    /// <summary>Instructions of all kinds, one for each active thread.</summary>
    public long TotalThreadInstructions => threadInstructions.Sum();

    /// <summary>Fused multiply-adds, one for each thread; tensor cores not included.</summary>
    public long FusedMultiplyAdds => ThreadInstructions(InstructionKind.FusedMultiplyAdd);

    /// <summary>Costs by line of the source, such as <c>Conv3x3.Gpu.cs:41</c>; empty without
    /// <see cref="SimtOptions.CountLines"/>.</summary>
    public IReadOnlyDictionary<string, LineCounters> Lines => lines;

    /// <summary>Instructions of a kind, one for all threads of a warp.</summary>
    public long WarpInstructions(InstructionKind kind) => warpInstructions[(int)kind];

    /// <summary>Instructions of a kind, one for each active thread.</summary>
    public long ThreadInstructions(InstructionKind kind) => threadInstructions[(int)kind];

    /// <summary>Adds another launch's counters to these.</summary>
    public void Add(SimtCounters other)
    {
        for (int i = 0; i < warpInstructions.Length; i++)
        {
            warpInstructions[i] += other.warpInstructions[i];
            threadInstructions[i] += other.threadInstructions[i];
        }
        foreach ((string line, LineCounters counters) in other.lines)
        {
            MemoryTraffic memory = counters.Memory;
            AddLine(line, counters.WarpInstructions, counters.ThreadInstructions, in memory);
        }
        Launches += other.Launches;
        Groups += other.Groups;
        Warps += other.Warps;
        Divergences += other.Divergences;
        Barriers += other.Barriers;
        Atomics += other.Atomics;
        AsyncCopyBytes += other.AsyncCopyBytes;
        globalLoads.Add(in other.globalLoads);
        globalStores.Add(in other.globalStores);
        sharedLoads.Add(in other.sharedLoads);
        sharedStores.Add(in other.sharedStores);
        localLoads.Add(in other.localLoads);
        localStores.Add(in other.localStores);
    }

    internal static InstructionKind KindOf(Instruction instruction)
    {
        bool isFloat = instruction.Results.Length > 0 && instruction.Result.Type.IsFloat();
        return instruction.Opcode switch
        {
            Opcode.FusedMultiplyAdd => InstructionKind.FusedMultiplyAdd,
            Opcode.Sqrt or Opcode.ReciprocalSqrt or Opcode.Exp2 or Opcode.Log2 or Opcode.Sin or Opcode.Cos =>
                InstructionKind.SpecialFunction,
            >= Opcode.Add and <= Opcode.LeadingZeroCount => isFloat ? InstructionKind.Float : InstructionKind.Integer,
            Opcode.Compare or Opcode.Select => InstructionKind.Compare,
            Opcode.Convert or Opcode.RoundToTf32 => InstructionKind.Convert,
            Opcode.Load => InstructionKind.Load,
            Opcode.Store => InstructionKind.Store,
            Opcode.Atomic => InstructionKind.Atomic,
            Opcode.Barrier or Opcode.BarrierPopCount or Opcode.BarrierAnd or Opcode.BarrierOr => InstructionKind.Barrier,
            Opcode.WarpBarrier or Opcode.Fence => InstructionKind.Barrier,
            Opcode.Shuffle => InstructionKind.Shuffle,
            Opcode.MultiplyAddTf32 => InstructionKind.TensorCore,
            Opcode.AsyncCopy or Opcode.AsyncCommit or Opcode.AsyncWait => InstructionKind.AsyncCopy,
            Opcode.Branch or Opcode.ConditionalBranch or Opcode.Return => InstructionKind.Control,
            _ => InstructionKind.Address,
        };
    }

    internal void AddInstructions(InstructionKind kind, long warps, long threads)
    {
        warpInstructions[(int)kind] += warps;
        threadInstructions[(int)kind] += threads;
    }

    internal void AddTraffic(IrType space, bool store, in MemoryTraffic traffic)
    {
        switch (space, store)
        {
            case (IrType.GlobalPointer, false): globalLoads.Add(in traffic); break;
            case (IrType.GlobalPointer, true): globalStores.Add(in traffic); break;
            case (IrType.SharedPointer, false): sharedLoads.Add(in traffic); break;
            case (IrType.SharedPointer, true): sharedStores.Add(in traffic); break;
            case (_, false): localLoads.Add(in traffic); break;
            default: localStores.Add(in traffic); break;
        }
    }

    internal void AddLine(string line, long warps, long threads, in MemoryTraffic traffic)
    {
        LineCounters counters = lines.GetValueOrDefault(line);
        MemoryTraffic memory = counters.Memory;
        memory.Add(in traffic);
        lines[line] = new LineCounters
        {
            WarpInstructions = counters.WarpInstructions + warps,
            ThreadInstructions = counters.ThreadInstructions + threads,
            Memory = memory,
        };
    }
}
