namespace GatysGpu.Engine.Imaging;

/// <summary>Reads one file, segment by segment, and makes its picture.</summary>
/// <param name="file">The file's bytes.</param>
/// <param name="maxPixels">A larger picture is refused.</param>
internal sealed class JpegDecoder(ReadOnlyMemory<byte> file, long maxPixels)
{
    /// <summary>A progressive file may touch each block this often, or <see cref="SmallWork"/> blocks in all. Encoders use about ten
    /// scans, a few of them of all components; a file that says "nothing changes" thousands of times is small and would take hours.</summary>
    private const int MostPasses = 100;

    /// <summary>Blocks that cost well below a second to touch.</summary>
    private const long SmallWork = 1 << 22;

    private readonly JpegSegmentReader segments = new(file);
    private readonly JpegTables tables = new();
    private JpegFrame? frame;
    private bool jfif;
    private int? adobeTransform, orientation;
    private long work;

    /// <summary>Reads it.</summary>
    /// <exception cref="PictureFormatException">It cannot be read.</exception>
    public Picture Decode()
    {
        if (!file.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, JpegMarker.StartOfImage]))
            throw new PictureFormatException("it is not a JPEG file");
        segments.Position = 2;
        byte marker = segments.NextMarker();
        while (marker != JpegMarker.EndOfImage)
            marker = marker == JpegMarker.StartOfScan ? ReadScan() : ReadTablesAndHeaders(marker);
        return Finish();
    }

    /// <returns>The next marker.</returns>
    private byte ReadTablesAndHeaders(byte marker)
    {
        if (JpegMarker.UnsupportedFeature(marker) is { } feature) throw JpegError.Unsupported(feature);
        if (JpegMarker.StandsAlone(marker))
        {
            if (marker != JpegMarker.Temporary) throw JpegError.Damaged($"marker FF{marker:X2} stands where it means nothing");
            return segments.NextMarker();
        }
        ReadOnlySpan<byte> content = segments.ReadSegment();
        switch (marker)
        {
            case JpegMarker.Baseline or JpegMarker.ExtendedSequential or JpegMarker.Progressive: StartFrame(content, marker); break;
            case JpegMarker.HuffmanTables: tables.ReadHuffman(content); break;
            case JpegMarker.QuantisationTables: tables.ReadQuantisation(content); break;
            case JpegMarker.RestartInterval: tables.ReadRestartInterval(content); break;
            case JpegMarker.App0: jfif |= content.StartsWith("JFIF\0"u8); break;
            case JpegMarker.App1 when ExifOrientation.IsExif(content): orientation ??= ExifOrientation.Read(content); break;
            case JpegMarker.App14 when content.Length >= 12 && content.StartsWith("Adobe"u8): adobeTransform = content[11]; break;
        }
        return segments.NextMarker();
    }

    private void StartFrame(ReadOnlySpan<byte> content, byte marker)
    {
        if (frame is not null) throw JpegError.Damaged("it has two frame headers");
        frame = JpegFrame.Parse(content, marker, maxPixels);
        // A Huffman code has at least one bit: each block takes one for its mean, and in a sequential file one for the end of its
        // other coefficients. So a header cannot claim much memory without the bytes to go with it.
        long least = (frame.BlockCount * (frame.IsProgressive ? 1 : 2) + 7) / 8;
        if (least > segments.Remaining)
            throw JpegError.CutOff($"{frame.Width}×{frame.Height} pixels need at least {least} bytes, and there are {segments.Remaining}");
        foreach (JpegComponent component in frame.Components) component.Allocate(coefficients: frame.IsProgressive);
    }

    /// <returns>The marker after the scan.</returns>
    private byte ReadScan()
    {
        if (frame is null) throw JpegError.Damaged("a scan comes before the frame header");
        JpegScan scan = JpegScan.Parse(segments.ReadSegment(), frame);
        work += scan.BlockCount;
        if (work > Math.Max(MostPasses * frame.BlockCount, SmallWork)) throw JpegError.Damaged("it has far too many scans");
        foreach (JpegScan.Part part in scan.Parts) part.Component.Steps ??= tables.Steps(part.Component);
        int interval = tables.RestartInterval;
        if (!frame.IsProgressive) return JpegScanWalker.Walk(segments, frame, scan, interval, new SequentialScan(scan, tables));
        return (scan.HoldsMeans, scan.IsRefinement) switch
        {
            (true, false) => JpegScanWalker.Walk(segments, frame, scan, interval, new ProgressiveMeansFirst(scan, tables)),
            (true, true) => JpegScanWalker.Walk(segments, frame, scan, interval, new ProgressiveMeansRefinement(scan)),
            (false, false) => JpegScanWalker.Walk(segments, frame, scan, interval, new ProgressiveBandFirst(scan, tables)),
            (false, true) => JpegScanWalker.Walk(segments, frame, scan, interval, new ProgressiveBandRefinement(scan, tables)),
        };
    }

    private Picture Finish()
    {
        if (frame is null) throw JpegError.CutOff("it ends before a frame header");
        foreach (JpegComponent component in frame.Components)
        {
            if (!component.HasMeans) throw JpegError.CutOff($"component {component.Id} has no data");
            if (frame.IsProgressive) Transform(component);
        }
        JpegColourModel model = JpegColour.Detect(frame.Components, jfif, adobeTransform);
        return JpegPictureBuilder.Build(frame, model, orientation ?? ExifOrientation.Upright);
    }

    /// <summary>All blocks of a component, once its last scan is read; its coefficients are let go.</summary>
    private static void Transform(JpegComponent component)
    {
        ReadOnlySpan<short> coefficients = component.Coefficients;
        for (int row = 0; row < component.BlocksHigh; row++)
            for (int column = 0; column < component.BlocksWide; column++)
            {
                ReadOnlySpan<short> block = coefficients.Slice((row * component.StoredBlocksWide + column) * 64, 64);
                Span<byte> samples = component.Samples.AsSpan(row * 8 * component.Stride + column * 8);
                bool flat = block[1..].IndexOfAnyExcept((short)0) < 0;
                if (flat) InverseDct.TransformFlat(block[0], component.Steps![0], samples, component.Stride);
                else InverseDct.Transform(block, component.Steps, samples, component.Stride);
            }
        component.Coefficients = [];
    }
}
