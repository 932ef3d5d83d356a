using System.Buffers.Binary;

namespace GatysGpu.Engine.Imaging;

/// <summary>The tables in force while a file is read: a later one of the same number replaces an earlier one (T.81, B.2.4).</summary>
internal sealed class JpegTables
{
    private readonly int[]?[] steps = new int[4][];
    private readonly HuffmanDecoder?[] dc = new HuffmanDecoder[4], ac = new HuffmanDecoder[4];

    /// <summary>MCUs between restart markers, 0 for none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>Reads a DQT segment: one or more tables of 64 steps, 8 or 16 bits each, in zigzag order.</summary>
    public void ReadQuantisation(ReadOnlySpan<byte> content)
    {
        while (content.Length > 0)
        {
            int wide = content[0] >> 4, index = content[0] & 15;
            int size = 64 * (wide + 1);
            if (wide > 1 || index > 3 || content.Length < 1 + size) throw JpegError.Damaged("a quantisation table is not one");
            var table = new int[64];
            for (int k = 0; k < 64; k++)
                table[JpegZigzag.ToNatural[k]] = wide == 0 ? content[1 + k] : BinaryPrimitives.ReadUInt16BigEndian(content[(1 + 2 * k)..]);
            steps[index] = table;
            content = content[(1 + size)..];
        }
    }

    /// <summary>Reads a DHT segment: one or more tables.</summary>
    public void ReadHuffman(ReadOnlySpan<byte> content)
    {
        while (content.Length > 0)
        {
            int kind = content[0] >> 4, index = content[0] & 15;
            if (kind > 1 || index > 3 || content.Length < 17) throw JpegError.Damaged("a Huffman table is not one");
            ReadOnlySpan<byte> counts = content.Slice(1, 16);
            int symbols = 0;
            foreach (byte n in counts) symbols += n;
            if (symbols > 256 || content.Length < 17 + symbols) throw JpegError.Damaged("a Huffman table has more symbols than bytes");
            HuffmanDecoder table = new(counts, content.Slice(17, symbols));
            if (kind == 0 && table.LargestSymbol > 15) throw JpegError.Damaged($"a DC Huffman table has the symbol {table.LargestSymbol}");
            (kind == 0 ? dc : ac)[index] = table;
            content = content[(17 + symbols)..];
        }
    }

    /// <summary>Reads a DRI segment.</summary>
    public void ReadRestartInterval(ReadOnlySpan<byte> content)
    {
        if (content.Length != 2) throw JpegError.Damaged("its restart interval has the wrong length");
        RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(content);
    }

    /// <summary>The steps for a component, natural order.</summary>
    public int[] Steps(JpegComponent component) => steps[component.QuantisationIndex] ?? throw JpegError.Damaged(
        $"component {component.Id} asks for quantisation table {component.QuantisationIndex}, which the file does not have");

    /// <summary>A table for blocks' means.</summary>
    public HuffmanDecoder Dc(int index) => dc[index]
        ?? throw JpegError.Damaged($"a scan asks for DC Huffman table {index}, which the file does not have");

    /// <summary>A table for the other coefficients.</summary>
    public HuffmanDecoder Ac(int index) => ac[index]
        ?? throw JpegError.Damaged($"a scan asks for AC Huffman table {index}, which the file does not have");
}
