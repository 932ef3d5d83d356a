namespace GatysGpu.Engine.Imaging;

/// <summary>Decodes the blocks of one kind of scan. A struct, so that the walk is compiled for each kind.</summary>
internal interface IJpegBlockDecoder
{
    /// <summary>Forgets what earlier blocks left behind: at the scan's begin and after each restart marker.</summary>
    void Restart();

    /// <summary>Decodes one block.</summary>
    /// <param name="reader">Where its bits are.</param>
    /// <param name="part">Index of its component in the scan.</param>
    /// <param name="component">Its component.</param>
    /// <param name="block">Its number in the component's stored blocks, row by row.</param>
    void Decode(ref JpegBitReader reader, int part, JpegComponent component, int block);
}

/// <summary>Visits a scan's blocks in the order of the file (T.81, A.2).</summary>
internal static class JpegScanWalker
{
    /// <summary>Decodes all blocks of a scan and steps over the marker that follows it.</summary>
    /// <returns>That marker.</returns>
    public static byte Walk<TDecoder>(JpegSegmentReader segments, JpegFrame frame, JpegScan scan, int restartInterval, TDecoder decoder)
        where TDecoder : struct, IJpegBlockDecoder
    {
        JpegBitReader reader = new(segments);
        // A component alone has MCUs of one block, and only the blocks that touch the picture.
        bool alone = scan.Parts.Length == 1;
        int wide = alone ? scan.Parts[0].Component.BlocksWide : frame.McusWide;
        int high = alone ? scan.Parts[0].Component.BlocksHigh : frame.McusHigh;
        int untilRestart = restartInterval, restarts = 0;
        decoder.Restart();
        for (int y = 0; y < high; y++)
            for (int x = 0; x < wide; x++)
            {
                if (restartInterval > 0 && untilRestart-- == 0)
                {
                    reader.TakeRestartMarker(restarts++ & 7);
                    decoder.Restart();
                    untilRestart = restartInterval - 1;
                }
                if (alone) decoder.Decode(ref reader, 0, scan.Parts[0].Component, y * scan.Parts[0].Component.StoredBlocksWide + x);
                else DecodeMcu(ref reader, ref decoder, scan.Parts, x, y);
                reader.ThrowIfOverrun();
            }
        byte marker = reader.FinishAtMarker();
        // Some writers put a restart marker behind the last interval too.
        return marker is >= JpegMarker.Restart0 and <= JpegMarker.Restart7 ? segments.NextMarker() : marker;
    }

    private static void DecodeMcu<TDecoder>(ref JpegBitReader reader, ref TDecoder decoder, JpegScan.Part[] parts, int x, int y)
        where TDecoder : struct, IJpegBlockDecoder
    {
        for (int i = 0; i < parts.Length; i++)
        {
            JpegComponent c = parts[i].Component;
            for (int v = 0; v < c.VerticalFactor; v++)
                for (int h = 0; h < c.HorizontalFactor; h++)
                    decoder.Decode(ref reader, i, c, (y * c.VerticalFactor + v) * c.StoredBlocksWide + x * c.HorizontalFactor + h);
        }
    }
}
