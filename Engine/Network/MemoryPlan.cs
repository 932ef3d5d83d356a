namespace GatysGpu.Engine.Network;

/// <summary>Places buffers whose lives are known in advance into one block of memory: two buffers share bytes if their lives do not
/// touch.</summary>
/// <remarks>One after the other, each at the lowest offset where it fits between those already placed whose lives overlap its own: first
/// fit, the usual heuristic for dynamic storage allocation. No order is best for all: of a few, the one that needs least is taken. For
/// VGG-19's default layers that is the least there can be, the peak of what is alive at once.</remarks>
public sealed class MemoryPlan
{
    private readonly List<Buffer> buffers = [];

    /// <summary>What one buffer asks for and where it was put.</summary>
    /// <param name="Name">For the table that a dry run prints.</param>
    /// <param name="Bytes">Size, a multiple of 64.</param>
    /// <param name="First">First step of its life.</param>
    /// <param name="Last">Last step of its life, inclusive.</param>
    public sealed record Buffer(string Name, long Bytes, int First, int Last)
    {
        /// <summary>Bytes from the start of the block, once the plan is made.</summary>
        public long Offset { get; internal set; } = -1;
    }

    /// <summary>All buffers in the order in which they were asked for.</summary>
    public IReadOnlyList<Buffer> Buffers => buffers;

    /// <summary>Size of the block, once the plan is made.</summary>
    public long Bytes { get; private set; }

    /// <summary>Asks for a buffer.</summary>
    /// <param name="name">For people.</param>
    /// <param name="bytes">Size, rounded up to a multiple of 64.</param>
    /// <param name="first">First step of its life.</param>
    /// <param name="last">Last step of its life, inclusive, not before <paramref name="first"/>.</param>
    public Buffer Add(string name, long bytes, int first, int last)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        Buffer buffer = new(name, (bytes + 63) / 64 * 64, first, last);
        buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Gives every buffer its offset.</summary>
    public void Place()
    {
        // Largest, longest-lived, both, earliest, latest first.
        Func<Buffer, double>[] orders =
            [b => b.Bytes, b => b.Last - b.First, b => (double)b.Bytes * (b.Last - b.First + 1), b => -b.First, b => b.First];
        Bytes = long.MaxValue;
        foreach (Func<Buffer, double> order in orders)
        {
            (long bytes, Dictionary<Buffer, long> offsets) = FirstFit(buffers.OrderByDescending(order).ThenByDescending(b => b.Bytes));
            if (bytes >= Bytes) continue;
            Bytes = bytes;
            foreach ((Buffer buffer, long offset) in offsets) buffer.Offset = offset;
        }
    }

    private static (long Bytes, Dictionary<Buffer, long> Offsets) FirstFit(IEnumerable<Buffer> order)
    {
        // Two buffers may be alike in everything.
        Dictionary<Buffer, long> offsets = new(ReferenceEqualityComparer.Instance);
        long bytes = 0;
        foreach (Buffer buffer in order)
        {
            long offset = 0;
            foreach ((Buffer other, long at) in offsets.Where(p => p.Key.First <= buffer.Last && buffer.First <= p.Key.Last).OrderBy(p => p.Value))
            {
                if (offset + buffer.Bytes <= at) break;
                offset = Math.Max(offset, at + other.Bytes);
            }
            offsets[buffer] = offset;
            bytes = Math.Max(bytes, offset + buffer.Bytes);
        }
        return (bytes, offsets);
    }
}
