namespace GatysGpu.Engine.Imaging;

/// <summary>The scan header: which components, which tables, which part of their coefficients (T.81, B.2.3).</summary>
internal sealed class JpegScan
{
    /// <summary>One component's part in a scan.</summary>
    /// <param name="Component">Which.</param>
    /// <param name="DcTable">Its table for the means, 0 to 3.</param>
    /// <param name="AcTable">Its table for the other coefficients, 0 to 3.</param>
    public sealed record Part(JpegComponent Component, int DcTable, int AcTable);

    private JpegScan(Part[] parts, int first, int last, int high, int low) =>
        (Parts, FirstIndex, LastIndex, PreviousLowBit, LowBit) = (parts, first, last, high, low);

    /// <summary>1 to 4 of them, in the order of their blocks in an MCU.</summary>
    public Part[] Parts { get; }

    /// <summary>Ss: first coefficient in zigzag order.</summary>
    public int FirstIndex { get; }

    /// <summary>Se: last coefficient.</summary>
    public int LastIndex { get; }

    /// <summary>Ah: bit down to which earlier scans sent these coefficients, 0 where this is their first scan.</summary>
    public int PreviousLowBit { get; }

    /// <summary>Al: bit down to which they are known after this scan.</summary>
    public int LowBit { get; }

    /// <summary>Whether earlier scans sent the upper bits and this one sends one more.</summary>
    public bool IsRefinement => PreviousLowBit > 0;

    /// <summary>Whether it holds the blocks' means.</summary>
    public bool HoldsMeans => FirstIndex == 0;

    /// <summary>Blocks that decoding it touches.</summary>
    public long BlockCount => Parts.Length == 1
        ? (long)Parts[0].Component.BlocksWide * Parts[0].Component.BlocksHigh
        : Parts.Sum(p => (long)p.Component.StoredBlocksWide * p.Component.StoredBlocksHigh);

    /// <summary>Reads a scan header and checks it against what the file has sent so far, which it then counts as sent.</summary>
    /// <exception cref="PictureFormatException">It asks for something that the format does not allow.</exception>
    public static JpegScan Parse(ReadOnlySpan<byte> content, JpegFrame frame)
    {
        int count = content.Length > 0 ? content[0] : 0;
        if (count is 0 or > 4 || content.Length != 4 + 2 * count) throw JpegError.Damaged("a scan header has the wrong length");
        var parts = new Part[count];
        for (int i = 0; i < count; i++)
        {
            byte id = content[1 + 2 * i], tables = content[2 + 2 * i];
            JpegComponent component = frame.Components.FirstOrDefault(c => c.Id == id)
                ?? throw JpegError.Damaged($"a scan names component {id}, which the frame does not have");
            if (parts.Take(i).Any(p => p.Component == component)) throw JpegError.Damaged($"a scan names component {id} twice");
            if (tables >> 4 > 3 || (tables & 15) > 3) throw JpegError.Damaged("a scan asks for a Huffman table above 3");
            parts[i] = new Part(component, tables >> 4, tables & 15);
        }
        ReadOnlySpan<byte> range = content[(1 + 2 * count)..];
        // A sequential scan always holds everything; some writers leave other numbers here, and every decoder overlooks them.
        JpegScan scan = frame.IsProgressive ? new(parts, range[0], range[1], range[2] >> 4, range[2] & 15) : new(parts, 0, 63, 0, 0);
        if (frame.IsProgressive) scan.CheckProgressiveRange();
        scan.CountAsSent();
        return scan;
    }

    private void CheckProgressiveRange()
    {
        bool range = HoldsMeans ? LastIndex == 0 : LastIndex >= FirstIndex && LastIndex <= 63 && Parts.Length == 1;
        bool bits = LowBit <= 13 && (!IsRefinement || LowBit == PreviousLowBit - 1);
        if (!range || !bits)
            throw JpegError.Damaged($"a progressive scan of {Parts.Length} components asks for "
                + $"coefficients {FirstIndex} to {LastIndex}, bits {PreviousLowBit} to {LowBit}");
    }

    /// <summary>Each bit of a coefficient comes once, from the top down; so the number of scans is finite, whatever the file says.</summary>
    private void CountAsSent()
    {
        foreach (Part part in Parts)
            foreach (ref sbyte pending in part.Component.PendingBits.AsSpan(FirstIndex, LastIndex - FirstIndex + 1))
            {
                if (pending != (IsRefinement ? PreviousLowBit : JpegComponent.NothingSent))
                    throw JpegError.Damaged($"a scan sends the same part of component {part.Component.Id} again, or leaves one out");
                pending = (sbyte)LowBit;
            }
    }
}
