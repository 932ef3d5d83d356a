using System.Buffers.Binary;

namespace GatysGpu.Engine.Imaging;

/// <summary>Walks from marker to marker. Entropy-coded data in between are read by <see cref="JpegBitReader"/>.</summary>
/// <param name="file">The file's bytes.</param>
internal sealed class JpegSegmentReader(ReadOnlyMemory<byte> file)
{
    /// <summary>Bytes that may stand where none belong. Cameras and editors leave a few of them; many more are picture data that the
    /// header's size does not account for.</summary>
    public const int ToleratedBytes = 32;

    /// <summary>Offset of the next byte to read.</summary>
    public int Position { get; set; }

    /// <summary>The whole file.</summary>
    public ReadOnlySpan<byte> Bytes => file.Span;

    /// <summary>Bytes from <see cref="Position"/> to the end.</summary>
    public int Remaining => file.Length - Position;

    /// <summary>Finds the next marker and steps over it; fill bytes FF before it are allowed.</summary>
    /// <param name="unread">Whole bytes before <see cref="Position"/> that were loaded and not used.</param>
    public byte NextMarker(int unread = 0)
    {
        ReadOnlySpan<byte> bytes = Bytes;
        int position = Position, stray = unread;
        while (position < bytes.Length && stray <= ToleratedBytes)
        {
            if (bytes[position++] is not 0xFF and var other)
            {
                if (other != 0) stray++;   // zeros are padding, any number of them
                continue;
            }
            while (position < bytes.Length && bytes[position] == 0xFF) position++;
            if (position == bytes.Length) break;
            if (bytes[position++] is not 0 and var marker)
            {
                Position = position;
                return marker;
            }
            stray++;   // FF 00 is a byte FF of entropy-coded data
        }
        if (stray > ToleratedBytes)
            throw JpegError.Damaged("it goes on where its picture should have ended; its size or its tables are wrong");
        throw JpegError.CutOff();
    }

    /// <summary>The content of the segment whose marker was just read, without its length.</summary>
    public ReadOnlySpan<byte> ReadSegment()
    {
        if (Remaining < 2) throw JpegError.CutOff();
        int length = BinaryPrimitives.ReadUInt16BigEndian(Bytes[Position..]);
        if (length < 2) throw JpegError.Damaged($"a segment says that it is {length} bytes long");
        if (length > Remaining) throw JpegError.CutOff();
        ReadOnlySpan<byte> content = Bytes.Slice(Position + 2, length - 2);
        Position += length;
        return content;
    }
}
