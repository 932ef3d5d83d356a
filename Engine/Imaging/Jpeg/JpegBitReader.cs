using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace GatysGpu.Engine.Imaging;

/// <summary>Reads entropy-coded data bit by bit, highest first, up to a marker (T.81, F.2.2.5).</summary>
/// <remarks>Behind the data's end it gives zeros, so that no read has to check for it; whoever reads calls
/// <see cref="ThrowIfOverrun"/> once a block or so, which fails when one of those zeros was used.</remarks>
internal ref struct JpegBitReader
{
    /// <summary>A <see cref="Fill"/> leaves at least this many bits; a code and its value take at most 32.</summary>
    private const int FillTarget = 57;

    private readonly JpegSegmentReader segments;
    private readonly ReadOnlySpan<byte> data;
    private int position;
    private ulong buffer;    // the next bit is the highest
    private int available;   // bits in buffer that count, invented ones among them
    private int invented;    // the last bits of buffer, which do not come from the file

    /// <summary>Starts at the segment reader's position.</summary>
    public JpegBitReader(JpegSegmentReader segments)
    {
        this.segments = segments;
        data = segments.Bytes;
        position = segments.Position;
    }

    /// <summary>Makes sure that 32 bits can be taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Require32()
    {
        if (available < 32) Fill();
    }

    /// <summary>The next bits, not taken. 1 to 32 of them, after <see cref="Require32"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Peek(int count) => (int)(buffer >> (64 - count));

    /// <summary>Takes bits that were required before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        buffer <<= count;
        available -= count;
    }

    /// <summary>Takes 0 to 16 bits as a number.</summary>
    public int Read(int count)
    {
        if (count == 0) return 0;
        Require32();
        int value = Peek(count);
        Skip(count);
        return value;
    }

    /// <summary>Takes one Huffman code. 16 more bits can be taken after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSymbol(HuffmanDecoder table)
    {
        Require32();
        int entry = table.Codes[Peek(HuffmanDecoder.LookupBits)];
        if (entry == 0) return ReadLongSymbol(table);
        Skip(entry >> 8);
        return entry & 255;
    }

    /// <summary>Takes a coefficient's bits, 1 to 15 of them, right after its code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadValue(int size)
    {
        int bits = Peek(size);
        Skip(size);
        return Extend(bits, size);
    }

    /// <summary>The number that <paramref name="size"/> bits stand for: with the top bit clear, a negative one (T.81, table F.1).</summary>
    public static int Extend(int bits, int size) => bits >= 1 << (size - 1) ? bits : bits + 1 - (1 << size);

    /// <summary>Fails when bits behind the data's end were taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void ThrowIfOverrun()
    {
        if (available < invented) throw EndedEarly();
    }

    /// <summary>What to throw when the bits make no sense: they may be zeros behind the end.</summary>
    /// <param name="what">What is wrong with them otherwise.</param>
    public readonly PictureFormatException Nonsense(string what) =>
        available - invented < 16 && invented > 0 ? EndedEarly() : JpegError.Damaged(what);

    /// <summary>Drops the bits up to the next byte and takes a restart marker.</summary>
    /// <param name="number">The one that must come, 0 to 7.</param>
    public void TakeRestartMarker(int number)
    {
        byte marker = FinishAtMarker();
        if (marker == JpegMarker.EndOfImage) throw EndedEarly();
        if (marker != JpegMarker.Restart0 + number)
            throw JpegError.Damaged($"restart marker {number} is missing; there is marker FF{marker:X2}");
        position = segments.Position;
    }

    /// <summary>Ends reading: the segment reader steps over the next marker, which is returned.</summary>
    public byte FinishAtMarker()
    {
        int unread = Math.Max(0, available - invented) / 8;
        (buffer, available, invented) = (0, 0, 0);
        segments.Position = position;
        return segments.NextMarker(unread);
    }

    private int ReadLongSymbol(HuffmanDecoder table)
    {
        byte symbol = table.FindLong(Peek(16), out int length);
        if (length == 0) throw Nonsense("there is a Huffman code that its table does not have");
        Skip(length);
        return symbol;
    }

    private readonly PictureFormatException EndedEarly() =>
        position >= data.Length - 1 ? JpegError.CutOff() : JpegError.CutOff("its data end before the last pixel");

    private void Fill()
    {
        if (data.Length - position >= 8)
        {
            ulong next = BinaryPrimitives.ReadUInt64BigEndian(data[position..]);
            // A byte is FF where its complement is 0: the subtraction borrows into its top bit.
            if (((~next - 0x0101010101010101) & next & 0x8080808080808080) == 0)
            {
                // Bits below the whole bytes are left in the buffer uncounted; the next fill puts the same ones there again.
                int bytes = (64 - available) / 8;
                buffer |= next >> available;
                position += bytes;
                available += 8 * bytes;
                return;
            }
        }
        FillByBytes();
    }

    private void FillByBytes()
    {
        while (available < FillTarget)
        {
            if (!TryNextByte(out byte next))
            {
                invented += 64 - available;
                available = 64;
                return;
            }
            buffer |= (ulong)next << (56 - available);
            available += 8;
        }
    }

    /// <summary>The next data byte; FF is stored as FF 00, and FF before anything else begins a marker, which ends the data.</summary>
    private bool TryNextByte(out byte next)
    {
        next = 0;
        if (position >= data.Length) return false;
        next = data[position];
        if (next != 0xFF)
        {
            position++;
            return true;
        }
        int after = position + 1;
        while (after < data.Length && data[after] == 0xFF) after++;
        if (after >= data.Length || data[after] != 0) return false;
        position = after + 1;
        return true;
    }
}
