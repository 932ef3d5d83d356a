namespace GatysGpu.Engine.Imaging;

/// <summary>Writes one picture as a baseline file: YCbCr, 4:4:4, one scan, Huffman tables made for it.</summary>
internal sealed class JpegEncoder
{
    private const int Components = 3, BlockSize = 64;
    private readonly Picture picture;
    private readonly int[] lumaSteps, chromaSteps;
    private readonly short[][] blocks;   // of one row of blocks each: [column, component, 64], zigzag order

    /// <summary>Transforms and quantises a picture.</summary>
    /// <param name="picture">At most 65,535 pixels in each direction.</param>
    /// <param name="quality">1 to 100.</param>
    public JpegEncoder(Picture picture, int quality)
    {
        this.picture = picture;
        (lumaSteps, chromaSteps) = (JpegQuantisation.Steps(chroma: false, quality), JpegQuantisation.Steps(chroma: true, quality));
        int wide = (picture.Width + 7) / 8, high = (picture.Height + 7) / 8;
        blocks = new short[high][];
        JpegStrip strip = new(picture);
        for (int row = 0; row < high; row++)
        {
            strip.Load(row);
            blocks[row] = new short[wide * Components * BlockSize];
            for (int i = 0; i < wide * Components; i++)
            {
                int component = i % Components;
                ReadOnlySpan<int> samples = strip.Planes[component].AsSpan(i / Components * 8);
                int[] steps = component == 0 ? lumaSteps : chromaSteps;
                ForwardDct.Transform(samples, strip.Stride, steps, blocks[row].AsSpan(i * BlockSize, BlockSize));
            }
        }
    }

    /// <summary>Writes the file.</summary>
    public void Write(Stream destination)
    {
        JpegSymbolCounter counter = new();
        Code(ref counter);
        HuffmanEncoder[] tables = [.. Enumerable.Range(0, JpegSymbolCoder.Tables).Select(counter.MakeTable)];
        JpegBitWriter writer = new(destination);
        writer.Marker(JpegMarker.StartOfImage);
        // JFIF 1.01, square pixels, no thumbnail.
        writer.Segment(JpegMarker.App0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        WriteSteps(writer, 0, lumaSteps);
        WriteSteps(writer, 1, chromaSteps);
        WriteFrame(writer);
        for (int i = 0; i < tables.Length; i++)
            writer.Segment(JpegMarker.HuffmanTables, [(byte)((i % 2) << 4 | i / 2), .. tables[i].Counts, .. tables[i].Symbols]);
        // Component and its tables for means and coefficients, three times; coefficients 0 to 63, all bits.
        writer.Segment(JpegMarker.StartOfScan, Components, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0);
        JpegSymbolWriter symbols = new(tables, writer);
        Code(ref symbols);
        writer.EndBits();
        writer.Marker(JpegMarker.EndOfImage);
        writer.Flush();
    }

    private static void WriteSteps(JpegBitWriter writer, byte index, int[] steps)
    {
        Span<byte> content = stackalloc byte[1 + BlockSize];
        content[0] = index;
        for (int k = 0; k < BlockSize; k++) content[1 + k] = (byte)steps[JpegZigzag.ToNatural[k]];
        writer.Segment(JpegMarker.QuantisationTables, content);
    }

    /// <summary>8 bits, the size, then for each component its number, sampling factors 1×1 and quantisation table.</summary>
    private void WriteFrame(JpegBitWriter writer)
    {
        int width = picture.Width, height = picture.Height;
        writer.Segment(
            JpegMarker.Baseline,
            8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width,
            Components, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1);
    }

    private void Code<TSink>(ref TSink sink) where TSink : struct, IJpegSymbolSink
    {
        Span<int> means = stackalloc int[Components];
        foreach (short[] row in blocks)
            for (int i = 0; i < row.Length / BlockSize; i++)
            {
                int component = i % Components;
                ReadOnlySpan<short> block = row.AsSpan(i * BlockSize, BlockSize);
                JpegSymbolCoder.Code(block, means[component], component > 0, ref sink);
                means[component] = block[0];
            }
    }
}
