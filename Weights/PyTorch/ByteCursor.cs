using System.Buffers.Binary;
using System.Text;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.PyTorch;

/// <summary>Reads part of a file forwards, with a small buffer.</summary>
internal sealed class ByteCursor(SourceFile file, long start, long end)
{
    private const int LongestText = 1 << 20;

    private readonly byte[] buffer = new byte[1 << 14];
    private long bufferStart = start;
    private int bufferLength;

    /// <summary>The next byte's offset in the file; may be set to any place in the part.</summary>
    public long Position { get; set; } = start;

    /// <summary>Where the part ends.</summary>
    public long End => end;

    /// <summary>The next <paramref name="count"/> bytes, at most 16,384; valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > end - Position) throw new PickleException($"is cut off at byte {end}");
        if (Position < bufferStart || Position + count > bufferStart + bufferLength)
        {
            bufferStart = Position;
            bufferLength = (int)Math.Min(buffer.Length, end - Position);
            file.Read(bufferStart, buffer.AsSpan(0, bufferLength));
        }
        ReadOnlySpan<byte> taken = buffer.AsSpan((int)(Position - bufferStart), count);
        Position += count;
        return taken;
    }

    public byte Byte() => Take(1)[0];
    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));
    public double BigEndianDouble() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Text of a stated length. Over 1 MB, which no weights need, is refused before anything is allocated.</summary>
    public string Text(long length, Encoding encoding)
    {
        if (length < 0 || length > LongestText || length > end - Position)
            throw new PickleException($"has a text of {length} bytes at {Position}, with {end - Position} left");
        byte[] bytes = file.Read(Position, (int)length);
        Position += length;
        return encoding.GetString(bytes);
    }

    /// <summary>Text up to a line feed, which is taken too; at most 4,096 bytes.</summary>
    public string Line()
    {
        StringBuilder line = new();
        for (byte b; (b = Byte()) != '\n'; line.Append((char)b))
            if (line.Length == 4096) throw new PickleException("has a line of over 4,096 bytes");
        return line.ToString();
    }
}
