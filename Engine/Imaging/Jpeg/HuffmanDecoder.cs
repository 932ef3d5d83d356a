namespace GatysGpu.Engine.Imaging;

/// <summary>A Huffman table made ready for decoding (T.81, annex C and F.2.2.3).</summary>
/// <remarks>Codes of one length are consecutive numbers, so a table is a count for each length 1 to 16 and the symbols in order.
/// Codes of up to <see cref="LookupBits"/> bits are looked up; longer ones, rare by construction, are found by their length.</remarks>
internal sealed class HuffmanDecoder
{
    /// <summary>Bits that index the lookup tables. With 10 of them a table takes 6 KiB of the first cache.</summary>
    public const int LookupBits = 10;

    private readonly ushort[] codes = new ushort[1 << LookupBits];
    private readonly int[] coefficients = new int[1 << LookupBits];
    private readonly int[] limits = new int[17];    // the first 16-bit prefix that no code of this length or less begins
    private readonly int[] offsets = new int[17];   // index of a length's first symbol, minus its first code
    private readonly byte[] symbols;

    /// <summary>Builds the tables.</summary>
    /// <param name="counts">Codes of each length, 1 to 16.</param>
    /// <param name="symbols">As many as the counts sum to.</param>
    /// <exception cref="PictureFormatException">There are more codes than their lengths leave room for.</exception>
    public HuffmanDecoder(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        this.symbols = symbols.ToArray();
        int code = 0, index = 0;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            offsets[length] = index - code;
            if (code + counts[length - 1] > 1 << length)
                throw JpegError.Damaged($"a Huffman table has too many codes of {length} bits");
            for (int i = 0; i < counts[length - 1]; i++, code++, index++)
                if (length <= LookupBits) FillLookup(code, length, symbols[index]);
            limits[length] = code << (16 - length);
        }
        foreach (byte symbol in symbols) LargestSymbol = Math.Max(LargestSymbol, symbol);
    }

    /// <summary>The largest symbol in the table.</summary>
    public int LargestSymbol { get; }

    /// <summary>By the next <see cref="LookupBits"/> bits: code length × 256 + symbol, or 0 where the code is longer.</summary>
    public ushort[] Codes => codes;

    /// <summary>By the next <see cref="LookupBits"/> bits, where they hold a whole AC coefficient, code and value:
    /// value × 65536 + run of zeros × 256 + bits taken; otherwise 0.</summary>
    public int[] Coefficients => coefficients;

    /// <summary>Finds a code by its length.</summary>
    /// <param name="prefix">The next 16 bits.</param>
    /// <param name="length">The code's bits, or 0 where no code begins like this.</param>
    public byte FindLong(int prefix, out int length)
    {
        for (length = 1; length <= 16; length++)
            if (prefix < limits[length]) return symbols[offsets[length] + (prefix >> (16 - length))];
        length = 0;
        return 0;
    }

    private void FillLookup(int code, int length, byte symbol)
    {
        int spare = LookupBits - length, run = symbol >> 4, size = symbol & 15;
        for (int tail = 0; tail < 1 << spare; tail++)
        {
            int i = code << spare | tail;
            codes[i] = (ushort)(length << 8 | symbol);
            if (size == 0 || size > spare) continue;
            int value = JpegBitReader.Extend(tail >> (spare - size), size);
            coefficients[i] = value * 65536 + (run << 8 | (length + size));
        }
    }
}
