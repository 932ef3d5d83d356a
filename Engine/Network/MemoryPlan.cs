namespace GatysGpu.Engine.Network;

/// <summary>Places buffers whose lives are known in advance into one block of memory: two buffers share bytes if their lives do not
/// touch.</summary>
/// <remarks>Largest first, each at the lowest offset where it fits between those already placed whose lives overlap its own:
/// the usual heuristic for dynamic storage allocation, a few percent above the peak of what is alive at once.</remarks>
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
        List<Buffer> placed = [];
        foreach (Buffer buffer in buffers.OrderByDescending(b => b.Bytes))
        {
            long offset = 0;
            foreach (Buffer other in placed.Where(p => p.First <= buffer.Last && buffer.First <= p.Last).OrderBy(p => p.Offset))
            {
                if (offset + buffer.Bytes <= other.Offset) break;
                offset = Math.Max(offset, other.Offset + other.Bytes);
            }
            buffer.Offset = offset;
            placed.Add(buffer);
            Bytes = Math.Max(Bytes, offset + buffer.Bytes);
        }
    }
}
