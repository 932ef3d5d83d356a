using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>How the addresses of a warp's access lie to each other.</summary>
internal enum AccessShape
{
    /// <summary>Anyhow.</summary>
    Scattered,

    /// <summary>One element behind the other in the order of the lanes.</summary>
    Contiguous,

    /// <summary>All the same.</summary>
    Uniform,
}

/// <summary>What follows from how the addresses of one memory instruction lie to each other: which lanes share an address, how
/// many sectors, lines and passes the access takes.</summary>
/// <remarks>An instruction mostly repeats a few patterns, only from another base: the facts of the last <see cref="Ways"/> are
/// kept, and a comparison tells whether they hold.</remarks>
internal unsafe struct AccessPattern
{
    /// <summary>Number of patterns, side by side, that an instruction has.</summary>
    internal const int Ways = 4;

    /// <summary>Address of each lane less that of the first active one; 0 where not active.</summary>
    internal fixed long Relative[32];

    /// <summary>The active lanes; 0 before the first use.</summary>
    internal uint Mask;

    /// <summary>One lane for each address.</summary>
    internal uint Representatives;

    /// <summary>Those of them whose address other lanes have too.</summary>
    internal uint Several;

    /// <summary>The base within a line of 128 bytes of global memory, or within a word of shared memory: moving all addresses by
    /// a word moves all banks alike.</summary>
    internal int Low;

    /// <summary>In the first pattern of an instruction: the one used last.</summary>
    internal int Latest;

    /// <summary>All bits of relative addresses.</summary>
    internal long UsedBits;

    /// <summary>Smallest relative address.</summary>
    internal long Min;

    /// <summary>Largest relative address.</summary>
    internal long Max;

    internal AccessShape Shape;

    internal int Sectors, Lines, Wavefronts, Conflicts;

    /// <summary>In the first pattern of an instruction: everything since the launch began.</summary>
    internal MemoryTraffic Traffic;

    /// <summary>The pattern of 32 addresses, of which those of inactive lanes equal that of the first active
    /// one.</summary>
    /// <param name="ways">The first pattern of the instruction.</param>
    /// <param name="addresses">One a lane.</param>
    /// <param name="mask">Active lanes.</param>
    /// <param name="size">Bytes of one lane.</param>
    /// <param name="shared">Shared memory, or global.</param>
    internal static AccessPattern* Of(AccessPattern* ways, long* addresses, uint mask, int size, bool shared)
    {
        AccessPattern* pattern = ways + ways->Latest;
        return pattern->Fits(addresses, mask, shared) ? pattern : Find(ways, addresses, mask, size, shared);
    }

    private static AccessPattern* Find(AccessPattern* ways, long* addresses, uint mask, int size, bool shared)
    {
        for (int i = 0; i < Ways; i++)
        {
            if (!ways[i].Fits(addresses, mask, shared)) continue;
            ways->Latest = i;
            return ways + i;
        }
        ways->Latest = (ways->Latest + 1) % Ways;
        AccessPattern* pattern = ways + ways->Latest;
        pattern->Analyse(addresses, mask, size, shared);
        return pattern;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool Fits(long* addresses, uint mask, bool shared)
    {
        if (mask != Mask) return false;
        long first = addresses[BitOperations.TrailingZeroCount(mask)];
        if (((int)first & (shared ? 3 : 127)) != Low) return false;
        Vector512<long> origin = Vector512.Create(first);
        fixed (long* relative = Relative)
        {
            Vector512<long> different = (Vector512.Load(addresses) - origin) ^ Vector512.Load(relative);
            different |= (Vector512.Load(addresses + 8) - origin) ^ Vector512.Load(relative + 8);
            different |= (Vector512.Load(addresses + 16) - origin) ^ Vector512.Load(relative + 16);
            different |= (Vector512.Load(addresses + 24) - origin) ^ Vector512.Load(relative + 24);
            return different == Vector512<long>.Zero;
        }
    }

    /// <summary>In the first pattern of an instruction: counts an access, or the part of one that lies in one allocation, with one
    /// of its patterns. The request is counted by itself, once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Count(in AccessPattern pattern, int size)
    {
        Traffic.Bytes += BitOperations.PopCount(pattern.Mask) * size;
        Traffic.Sectors += pattern.Sectors;
        Traffic.Lines += pattern.Lines;
        Traffic.Wavefronts += pattern.Wavefronts;
        Traffic.BankConflicts += pattern.Conflicts;
    }

    /// <summary>Back to the start of a launch.</summary>
    internal void Forget()
    {
        Mask = 0;
        Latest = 0;
        Traffic = default;
    }

    /// <summary>Finds the facts anew.</summary>
    private void Analyse(long* addresses, uint mask, int size, bool shared)
    {
        Mask = mask;
        long first = addresses[BitOperations.TrailingZeroCount(mask)];
        Low = (int)first & (shared ? 3 : 127);
        (Min, Max, UsedBits, Representatives, Several) = (0, 0, 0, 0, 0);
        bool contiguous = mask == LaneMask.All, increasing = true;
        long last = -1;
        for (int lane = 0; lane < 32; lane++)
        {
            long relative = Relative[lane] = addresses[lane] - first;
            Min = Math.Min(Min, relative);
            Max = Math.Max(Max, relative);
            UsedBits |= relative;
            contiguous &= relative == (long)lane * size;
            if ((mask >> lane & 1) == 0) continue;
            increasing &= relative > last;
            last = relative;
        }
        Shape = contiguous ? AccessShape.Contiguous : Min == Max ? AccessShape.Uniform : AccessShape.Scattered;
        if (increasing) Representatives = mask;
        else FindRepresentatives();
        (Sectors, Lines) = shared ? (0, 0) : (Pieces(addresses, 5), Pieces(addresses, 7));
        (Wavefronts, Conflicts) = shared ? Banks(addresses, size) : (0, 0);
    }

    private void FindRepresentatives()
    {
        for (uint lanes = Mask; lanes != 0;)
        {
            int lane = LaneMask.Next(ref lanes);
            uint same = 0;
            for (uint others = Representatives; others != 0 && same == 0;)
            {
                int other = LaneMask.Next(ref others);
                if (Relative[other] == Relative[lane]) same = 1u << other;
            }
            if (same != 0) Several |= same;
            else Representatives |= 1u << lane;
        }
    }

    /// <summary>How many aligned pieces of 1 &lt;&lt; shift bytes are touched; an aligned access lies in one.</summary>
    private readonly int Pieces(long* addresses, int shift)
    {
        long* seen = stackalloc long[32];
        int count = 0;
        long largest = -1;
        for (uint lanes = Representatives; lanes != 0;)
        {
            long piece = addresses[LaneMask.Next(ref lanes)] >> shift;
            int i = count - 1;
            // In rising order, as pieces mostly come, only the last can be the same.
            if (piece > largest) i = -1;
            while (i >= 0 && seen[i] != piece) i--;
            if (i >= 0) continue;
            seen[count++] = piece;
            largest = Math.Max(largest, piece);
        }
        return count;
    }

    /// <summary>Passes over the banks: 32 lanes at a time for up to 4 bytes, 16 for 8, 8 for 16; a bank gives one word a pass, to
    /// all lanes that want it.</summary>
    private readonly (int Wavefronts, int Conflicts) Banks(long* addresses, int size)
    {
        int words = Math.Max(size / 4, 1), lanesOfPhase = 32 / words, wavefronts = 0, conflicts = 0;
        long* wanted = stackalloc long[32 * 32];
        int* depth = stackalloc int[32];
        for (int start = 0; start < 32; start += lanesOfPhase)
        {
            new Span<int>(depth, 32).Clear();
            int passes = 0;
            for (int lane = start; lane < start + lanesOfPhase; lane++)
            {
                if ((Mask >> lane & 1) == 0) continue;
                for (int w = 0; w < words; w++)
                {
                    long word = (addresses[lane] >> 2) + w;
                    int bank = (int)word & 31, i = depth[bank] - 1;
                    while (i >= 0 && wanted[bank * 32 + i] != word) i--;
                    if (i >= 0) continue;
                    wanted[bank * 32 + depth[bank]++] = word;
                    passes = Math.Max(passes, depth[bank]);
                }
            }
            wavefronts += passes;
            conflicts += Math.Max(passes - 1, 0);
        }
        return (wavefronts, conflicts);
    }
}
