using System.Buffers.Binary;

namespace GatysGpu.Engine.Imaging;

/// <summary>Writes bytes, segments and entropy-coded bits to a stream, through a buffer of its own.</summary>
/// <param name="destination">Where they go.</param>
internal sealed class JpegBitWriter(Stream destination)
{
    private readonly byte[] buffer = new byte[1 << 16];
    private int used, pending;   // bytes in the buffer; bits in the register
    private ulong register;      // the pending bits are the lowest

    /// <summary>Writes a marker without content.</summary>
    public void Marker(byte marker)
    {
        Byte(0xFF);
        Byte(marker);
    }

    /// <summary>Writes a marker, the length and the content.</summary>
    public void Segment(byte marker, params ReadOnlySpan<byte> content)
    {
        Marker(marker);
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(content.Length + 2));
        Byte(length[0]);
        Byte(length[1]);
        foreach (byte b in content) Byte(b);
    }

    /// <summary>Writes up to 32 bits of entropy-coded data.</summary>
    /// <param name="bits">The lowest <paramref name="count"/> of them; the others are 0.</param>
    /// <param name="count">How many.</param>
    public void Bits(int bits, int count)
    {
        register = register << count | (uint)bits;
        pending += count;
        while (pending >= 8)
        {
            pending -= 8;
            byte next = (byte)(register >> pending);
            Byte(next);
            if (next == 0xFF) Byte(0);   // or a decoder would take it for a marker
        }
    }

    /// <summary>Fills the last byte with ones, as T.81 asks.</summary>
    public void EndBits()
    {
        if (pending > 0) Bits((1 << (8 - pending)) - 1, 8 - pending);
    }

    /// <summary>Hands everything to the stream.</summary>
    public void Flush()
    {
        destination.Write(buffer, 0, used);
        used = 0;
    }

    private void Byte(byte value)
    {
        if (used == buffer.Length) Flush();
        buffer[used++] = value;
    }
}
