using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace GatysGpu.Tests.Imaging;

/// <summary>Writes any kind of PNG file from known samples, straight from the specification and without the codec under test:
/// bits, predictors and the checksum are made in the plainest way, Adam7 from the pattern of pass numbers that section 8.1
/// prints.</summary>
internal sealed record PngTestWriter(int Width, int Height, int ColourType, int BitDepth)
{
    private static readonly int[] PassPattern =
    [
        1, 6, 4, 6, 2, 6, 4, 6,
        7, 7, 7, 7, 7, 7, 7, 7,
        5, 6, 5, 6, 5, 6, 5, 6,
        7, 7, 7, 7, 7, 7, 7, 7,
        3, 6, 4, 6, 3, 6, 4, 6,
        7, 7, 7, 7, 7, 7, 7, 7,
        5, 6, 5, 6, 5, 6, 5, 6,
        7, 7, 7, 7, 7, 7, 7, 7,
    ];

    /// <summary>Samples in the file's depth, [H, W, channels].</summary>
    public required int[] Samples { get; init; }

    public bool Interlaced { get; init; }

    /// <summary>The filter of every row, or -1 for row y taking y mod 5.</summary>
    public int Filter { get; init; } = -1;

    public byte[]? Palette { get; init; }

    public byte[]? Transparency { get; init; }

    /// <summary>Bytes of compressed data in an IDAT chunk.</summary>
    public int ChunkBytes { get; init; } = int.MaxValue;

    /// <summary>Chunks to put before the picture's data.</summary>
    public IReadOnlyList<(string Type, byte[] Data)> Extra { get; init; } = [];

    /// <summary>Bytes to add to the end of the data before they are compressed.</summary>
    public byte[] Surplus { get; init; } = [];

    public static int ChannelsOf(int colourType) => colourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public int Channels => ChannelsOf(ColourType);

    public byte[] Write()
    {
        MemoryStream file = new();
        file.Write([137, 80, 78, 71, 13, 10, 26, 10]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9], header[12]) = ((byte)BitDepth, (byte)ColourType, (byte)(Interlaced ? 1 : 0));
        WriteChunk(file, "IHDR", header);
        if (Palette is not null) WriteChunk(file, "PLTE", Palette);
        if (Transparency is not null) WriteChunk(file, "tRNS", Transparency);
        foreach ((string type, byte[] data) in Extra) WriteChunk(file, type, data);
        byte[] compressed = Compress([.. Rows(), .. Surplus]);
        for (int at = 0; at < compressed.Length; at += Math.Min(ChunkBytes, compressed.Length - at))
            WriteChunk(file, "IDAT", compressed.AsSpan(at, Math.Min(ChunkBytes, compressed.Length - at)).ToArray());
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    public static void WriteChunk(Stream file, string type, byte[] data)
    {
        byte[] typeAndData = [.. Encoding.ASCII.GetBytes(type), .. data];
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(typeAndData);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(typeAndData));
        file.Write(number);
    }

    public static byte[] Compress(byte[] bytes)
    {
        MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Fastest)) zlib.Write(bytes);
        return compressed.ToArray();
    }

    /// <summary>The checksum bit by bit.</summary>
    public static uint Crc(byte[] bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
            for (int bit = 0; bit < 8; bit++)
                crc = ((crc ^ (uint)(b >> bit)) & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        return ~crc;
    }

    // Rows of each pass as bytes, filtered, each with its filter's number before it.
    private List<byte> Rows()
    {
        List<byte> bytes = [];
        for (int pass = 1; pass <= 7; pass++)
        {
            byte[]? above = null;
            int row = 0;
            for (int y = 0; y < Height; y++)
            {
                int[] xs = [.. Enumerable.Range(0, Width).Where(x => (Interlaced ? PassPattern[y % 8 * 8 + x % 8] : 1) == pass)];
                if (xs.Length == 0) continue;
                byte[] packed = Pack(xs, y);
                int filter = Filter >= 0 ? Filter : row % 5;
                bytes.Add((byte)filter);
                bytes.AddRange(Filtered(filter, packed, above ?? new byte[packed.Length]));
                above = packed;
                row++;
            }
        }
        return bytes;
    }

    private byte[] Pack(int[] xs, int y)
    {
        StringBuilder bits = new();
        foreach (int x in xs)
            for (int c = 0; c < Channels; c++)
                bits.Append(Convert.ToString(Samples[(y * Width + x) * Channels + c], 2).PadLeft(BitDepth, '0'));
        while (bits.Length % 8 != 0) bits.Append('0');
        string text = bits.ToString();
        return [.. Enumerable.Range(0, text.Length / 8).Select(i => Convert.ToByte(text.Substring(8 * i, 8), 2))];
    }

    private byte[] Filtered(int filter, byte[] row, byte[] above)
    {
        int distance = Math.Max(1, Channels * BitDepth / 8);
        byte[] result = new byte[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i >= distance ? row[i - distance] : 0, b = above[i], c = i >= distance ? above[i - distance] : 0;
            result[i] = (byte)(row[i] - filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => Paeth(a, b, c) });
        }
        return result;
    }

    // As section 9.4 prints it.
    private static int Paeth(int a, int b, int c)
    {
        int p = a + b - c;
        int pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
        if (pa <= pb && pa <= pc) return a;
        return pb <= pc ? b : c;
    }
}
