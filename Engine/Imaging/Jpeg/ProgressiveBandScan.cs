namespace GatysGpu.Engine.Imaging;

/// <summary>A band of coefficients of one component, first scan (T.81, G.1.2.2).</summary>
/// <param name="scan">Which band and bits.</param>
/// <param name="tables">The tables in force.</param>
/// <remarks>Symbols are run × 16 + size as in a sequential scan; with size 0 and run r below 15, this block and
/// 2^r − 1 + (r more bits) after it have nothing more in the band.</remarks>
internal struct ProgressiveBandFirst(JpegScan scan, JpegTables tables) : IJpegBlockDecoder
{
    private readonly HuffmanDecoder table = tables.Ac(scan.Parts[0].AcTable);
    private readonly int first = scan.FirstIndex, last = scan.LastIndex, lowBit = scan.LowBit;
    private int emptyBlocks;   // still to come

    /// <inheritdoc/>
    public void Restart() => emptyBlocks = 0;

    /// <inheritdoc/>
    public void Decode(ref JpegBitReader reader, int part, JpegComponent component, int block)
    {
        if (emptyBlocks > 0)
        {
            emptyBlocks--;
            return;
        }
        Span<short> coefficients = component.Coefficients.AsSpan(block * 64, 64);
        for (int k = first; k <= last; k++)
        {
            int symbol = reader.ReadSymbol(table), run = symbol >> 4, size = symbol & 15;
            if (size == 0 && run < 15)
            {
                emptyBlocks = (1 << run) - 1 + reader.Read(run);
                return;
            }
            k += run;   // run 15 with size 0: sixteen zeros, the last of them by the loop
            if (k > last) throw reader.Nonsense("a block has more coefficients than its scan");
            if (size > 0) coefficients[JpegZigzag.ToNatural[k]] = (short)(reader.ReadValue(size) << lowBit);
        }
    }
}

/// <summary>A band of coefficients of one component, a later scan: one more bit of each (T.81, G.1.2.3).</summary>
/// <param name="scan">Which band and bit.</param>
/// <param name="tables">The tables in force.</param>
/// <remarks>A coefficient that is not zero yet gets a bare bit, wherever the decoder passes it. Between them come symbols
/// run × 16 + size for those that become ±1 in this bit: size is 1 and the sign follows; the run counts zeros only.</remarks>
internal struct ProgressiveBandRefinement(JpegScan scan, JpegTables tables) : IJpegBlockDecoder
{
    private readonly HuffmanDecoder table = tables.Ac(scan.Parts[0].AcTable);
    private readonly int first = scan.FirstIndex, last = scan.LastIndex;
    private readonly short one = (short)(1 << scan.LowBit);
    private int emptyBlocks;   // in which nothing becomes ±1

    /// <inheritdoc/>
    public void Restart() => emptyBlocks = 0;

    /// <inheritdoc/>
    public void Decode(ref JpegBitReader reader, int part, JpegComponent component, int block)
    {
        Span<short> coefficients = component.Coefficients.AsSpan(block * 64, 64);
        int k = first;
        while (emptyBlocks == 0 && k <= last)
        {
            int symbol = reader.ReadSymbol(table), run = symbol >> 4, size = symbol & 15;
            short value = 0;
            if (size == 1) value = reader.Read(1) == 1 ? one : (short)-one;
            else if (size > 1) throw reader.Nonsense("a refining scan sends a whole coefficient");
            else if (run < 15) emptyBlocks = (1 << run) + reader.Read(run);   // this one is among them
            if (emptyBlocks == 0) k = Advance(ref reader, coefficients, k, run, value);
        }
        if (emptyBlocks == 0) return;
        RefineRest(ref reader, coefficients, k);
        emptyBlocks--;
    }

    /// <summary>Passes <paramref name="run"/> zeros and puts the value at the next zero, refining what is not zero on the way.</summary>
    /// <returns>The position after it.</returns>
    private readonly int Advance(ref JpegBitReader reader, Span<short> coefficients, int k, int run, short value)
    {
        for (; k <= last; k++)
        {
            ref short c = ref coefficients[JpegZigzag.ToNatural[k]];
            if (c != 0) Refine(ref reader, ref c);
            else if (run-- == 0)
            {
                c = value;
                return k + 1;
            }
        }
        if (value != 0) throw reader.Nonsense("a block has more coefficients than its scan");
        return k;
    }

    private readonly void RefineRest(ref JpegBitReader reader, Span<short> coefficients, int k)
    {
        for (; k <= last; k++)
        {
            ref short c = ref coefficients[JpegZigzag.ToNatural[k]];
            if (c != 0) Refine(ref reader, ref c);
        }
    }

    /// <summary>The bit belongs to the magnitude.</summary>
    private readonly void Refine(ref JpegBitReader reader, ref short coefficient)
    {
        if (reader.Read(1) == 1) coefficient += coefficient > 0 ? one : (short)-one;
    }
}
