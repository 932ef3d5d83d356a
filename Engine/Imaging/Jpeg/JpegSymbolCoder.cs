using System.Numerics;
using System.Runtime.CompilerServices;

namespace GatysGpu.Engine.Imaging;

/// <summary>What becomes of a picture's symbols: they are counted first and written then. A struct, so that each is compiled
/// for itself.</summary>
internal interface IJpegSymbolSink
{
    /// <summary>Takes one symbol.</summary>
    /// <param name="table">Its Huffman table, see <see cref="JpegSymbolCoder"/>.</param>
    /// <param name="symbol">The symbol.</param>
    /// <param name="bits">Bits that follow its code.</param>
    /// <param name="count">How many, 0 to 11.</param>
    void Take(int table, int symbol, int bits, int count);
}

/// <summary>A block's coefficients to symbols (T.81, F.1.2). Tables: 0 means of luma, 1 its other coefficients, 2 means of chroma,
/// 3 its other coefficients.</summary>
internal static class JpegSymbolCoder
{
    /// <summary>How many tables there are.</summary>
    public const int Tables = 4;

    /// <summary>Sixteen zeros, and no coefficient after them.</summary>
    private const int SixteenZeros = 0xF0, EndOfBlock = 0;

    /// <summary>Codes one block.</summary>
    /// <param name="block">64 coefficients, zigzag order.</param>
    /// <param name="previousMean">The mean of the component's block before, 0 for the first.</param>
    /// <param name="chroma">Which tables.</param>
    /// <param name="sink">What takes the symbols.</param>
    public static void Code<TSink>(ReadOnlySpan<short> block, int previousMean, bool chroma, ref TSink sink)
        where TSink : struct, IJpegSymbolSink
    {
        int table = chroma ? 2 : 0, run = 0;
        int difference = block[0] - previousMean, size = Size(difference);
        sink.Take(table, size, ValueBits(difference, size), size);
        foreach (short value in block[1..])
        {
            if (value == 0)
            {
                run++;
                continue;
            }
            for (; run >= 16; run -= 16) sink.Take(table + 1, SixteenZeros, 0, 0);
            size = Size(value);
            sink.Take(table + 1, run << 4 | size, ValueBits(value, size), size);
            run = 0;
        }
        if (run > 0) sink.Take(table + 1, EndOfBlock, 0, 0);
    }

    /// <summary>Bits of the magnitude.</summary>
    private static int Size(int value) => 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));

    /// <summary>The value itself, or for a negative one its complement: value − 1 in <paramref name="size"/> bits.</summary>
    private static int ValueBits(int value, int size) => value >= 0 ? value : value - 1 & (1 << size) - 1;
}

/// <summary>Counts symbols.</summary>
internal readonly struct JpegSymbolCounter() : IJpegSymbolSink
{
    private readonly long[] counts = new long[JpegSymbolCoder.Tables * 256];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int table, int symbol, int bits, int count) => counts[table << 8 | symbol]++;

    /// <summary>The best table for what was counted.</summary>
    public HuffmanEncoder MakeTable(int table) => new(counts.AsSpan(table * 256, 256));
}

/// <summary>Writes symbols.</summary>
/// <param name="tables">One for each number.</param>
/// <param name="writer">Where the bits go.</param>
internal readonly struct JpegSymbolWriter(HuffmanEncoder[] tables, JpegBitWriter writer) : IJpegSymbolSink
{
    private readonly HuffmanEncoder[] tables = tables;
    private readonly JpegBitWriter writer = writer;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int table, int symbol, int bits, int count) =>
        writer.Bits(tables[table].Codes[symbol] << count | bits, tables[table].Lengths[symbol] + count);
}
