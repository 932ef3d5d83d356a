using System.Runtime.InteropServices;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>The checker's global memory: native memory of the host behind addresses of its own, with an exact account.</summary>
/// <remarks>An address is (id &lt;&lt; 40) | offset, id from 1 and never used again, so that a use after <see cref="Free"/> is
/// known as such and no two allocations are neighbours. Offset 0 counts as a multiple of 256, as on a device. Safe for several
/// threads, except that memory must not be freed while a launch uses it.</remarks>
public sealed unsafe class SimtMemory : IDisposable
{
    internal const int OffsetBits = 40;
    internal const long OffsetMask = (1L << OffsetBits) - 1;
    private const int Alignment = 256;
    private const int MaxAllocations = 1 << 23;
    private const uint LastEpoch = 0xF000_0000;

    private readonly Lock gate = new();
    private readonly List<SimtAllocation> allocations = [];
    private uint nextEpoch = 1;
    private uint nextGroup = 1;

    /// <summary>Bytes of all allocations that are not freed.</summary>
    public long BytesInUse { get; private set; }

    /// <summary>The largest <see cref="BytesInUse"/> so far.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Number of allocations that are not freed.</summary>
    public int Count { get; private set; }

    /// <summary>New memory, all zero.</summary>
    /// <param name="bytes">At least 0.</param>
    /// <param name="name">For messages.</param>
    /// <returns>The address of its first byte.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative or more than 2⁴⁰ − 1.</exception>
    /// <exception cref="OutOfMemoryException">The host has not as much.</exception>
    public long Allocate(long bytes, string name)
    {
        if (bytes is < 0 or > OffsetMask)
            throw new ArgumentOutOfRangeException(nameof(bytes), $"{name}: {bytes} bytes asked for, 0 to {OffsetMask} can be.");
        lock (gate)
        {
            if (allocations.Count + 1 >= MaxAllocations)
                throw new InvalidOperationException($"{name}: all {MaxAllocations} numbers are used up. Make a new memory.");
            void* block = NativeMemory.AllocZeroed((nuint)(bytes + Alignment));
            allocations.Add(new SimtAllocation(block, Alignment, bytes, name));
            BytesInUse += bytes;
            PeakBytes = Math.Max(PeakBytes, BytesInUse);
            Count++;
            return (long)allocations.Count << OffsetBits;
        }
    }

    /// <summary>Gives memory back. Later uses of its addresses are faults.</summary>
    /// <param name="address">What <see cref="Allocate"/> returned.</param>
    /// <exception cref="ArgumentException">It is not the start of an allocation, or the allocation was freed before.</exception>
    public void Free(long address)
    {
        lock (gate)
        {
            SimtAllocation? allocation = Find(address);
            if (allocation is null || (address & OffsetMask) != 0)
                throw new ArgumentException($"0x{address:x} is not the start of an allocation.", nameof(address));
            if (allocation.IsFreed) throw new ArgumentException($"'{allocation.Name}' was freed before.", nameof(address));
            allocation.Free();
            BytesInUse -= allocation.Bytes;
            Count--;
        }
    }

    /// <summary>The memory itself, for copies by the host.</summary>
    /// <param name="address">Of the first byte.</param>
    /// <param name="length">Bytes, at most 2³¹ − 1.</param>
    /// <exception cref="ArgumentException">The range does not lie inside one allocation that is in use.</exception>
    public Span<byte> Bytes(long address, long length)
    {
        SimtAllocation allocation = Find(address) ?? throw new ArgumentException($"0x{address:x} lies in no allocation.",
            nameof(address));
        long offset = address & OffsetMask;
        if (allocation.IsFreed) throw new ArgumentException($"'{allocation.Name}' was freed.", nameof(address));
        if (length is < 0 or > int.MaxValue || offset > allocation.Bytes - length)
        {
            throw new ArgumentException(
                $"{length} bytes from {offset} on do not lie in the {allocation.Bytes} bytes of '{allocation.Name}'.",
                nameof(length));
        }
        return new Span<byte>(allocation.Pointer + offset, (int)length);
    }

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (SimtAllocation allocation in allocations)
                if (!allocation.IsFreed) allocation.Free();
            BytesInUse = 0;
            Count = 0;
        }
    }

    /// <summary>The allocation that an address belongs to, freed or not; none where there never was one.</summary>
    internal SimtAllocation? Find(long address)
    {
        long id = address >> OffsetBits;
        return id >= 1 && id <= allocations.Count ? allocations[(int)id - 1] : null;
    }

    /// <summary>Reserves stamps that no earlier launch on this memory has used.</summary>
    internal (uint Epoch, uint Group) BeginLaunch(uint groups)
    {
        if (nextEpoch > LastEpoch || nextGroup > LastEpoch - groups)
        {
            foreach (SimtAllocation allocation in allocations) allocation.Forget();
            (nextEpoch, nextGroup) = (1, 1);
        }
        uint group = nextGroup;
        nextGroup += groups;
        return (nextEpoch, group);
    }

    /// <summary><see cref="ShadowCell.ForgetWarpEpochs"/> in all of the memory.</summary>
    internal void ForgetWarpEpochs(uint epoch, int warp)
    {
        foreach (SimtAllocation allocation in allocations) allocation.ForgetWarpEpochs(epoch, warp);
    }

    internal void EndLaunch(uint epoch) => nextEpoch = epoch + 1;
}

/// <summary>One piece of <see cref="SimtMemory"/> and the record of who touched it.</summary>
internal sealed unsafe class SimtAllocation
{
    private void* block;
    private ShadowCell* cells;

    internal SimtAllocation(void* block, int alignment, long bytes, string name)
    {
        this.block = block;
        Pointer = (byte*)(((nuint)block + (nuint)alignment - 1) & ~((nuint)alignment - 1));
        Bytes = bytes;
        Name = name;
    }

    internal byte* Pointer { get; private set; }

    internal long Bytes { get; }

    internal string Name { get; }

    internal bool IsFreed => block == null;

    /// <summary>A cell stands for 1 &lt;&lt; CellShift bytes: 4, or 1 once something smaller than a word was touched.</summary>
    internal int CellShift { get; private set; } = 2;

    /// <summary>The cells, fine enough for accesses of a size.</summary>
    internal ShadowCell* Cells(int size)
    {
        if (cells == null)
        {
            if (size < 4) CellShift = 0;
            cells = (ShadowCell*)NativeMemory.AllocZeroed((nuint)((Bytes >> CellShift) + 4), (nuint)sizeof(ShadowCell));
        }
        else if (size < 4 && CellShift != 0)
        {
            ShadowCell* fine = (ShadowCell*)NativeMemory.AllocZeroed((nuint)Bytes + 4, (nuint)sizeof(ShadowCell));
            for (long i = 0; i < Bytes; i++) fine[i] = cells[i >> 2];
            NativeMemory.Free(cells);
            cells = fine;
            CellShift = 0;
        }
        return cells;
    }

    /// <summary><see cref="ShadowCell.ForgetWarpEpochs"/> in this allocation.</summary>
    internal void ForgetWarpEpochs(uint epoch, int warp)
    {
        if (cells == null) return;
        const int Stretch = 1 << 24;
        for (long first = 0, all = Bytes + (1 << CellShift) - 1 >> CellShift; first < all; first += Stretch)
            ShadowCell.ForgetWarpEpochs(new Span<ShadowCell>(cells + first, (int)Math.Min(Stretch, all - first)), epoch, warp);
    }

    /// <summary>Drops the record.</summary>
    internal void Forget()
    {
        NativeMemory.Free(cells);
        cells = null;
        CellShift = 2;
    }

    internal void Free()
    {
        Forget();
        NativeMemory.Free(block);
        block = null;
        Pointer = null;
    }
}
