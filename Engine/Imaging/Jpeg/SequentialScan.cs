namespace GatysGpu.Engine.Imaging;

/// <summary>Blocks of a baseline or extended sequential scan: all 64 coefficients at once (T.81, F.2.2). They are transformed right
/// away, so that the file's coefficients never lie in memory.</summary>
internal readonly struct SequentialScan : IJpegBlockDecoder
{
    private readonly HuffmanDecoder[] dc, ac;
    private readonly int[] means;     // of each component's block before: the file holds differences
    private readonly short[] block;   // natural order

    /// <summary>Takes the scan's tables.</summary>
    public SequentialScan(JpegScan scan, JpegTables tables)
    {
        dc = [.. scan.Parts.Select(p => tables.Dc(p.DcTable))];
        ac = [.. scan.Parts.Select(p => tables.Ac(p.AcTable))];
        means = new int[scan.Parts.Length];
        block = new short[64];
    }

    /// <inheritdoc/>
    public void Restart() => Array.Clear(means);

    /// <inheritdoc/>
    public void Decode(ref JpegBitReader reader, int part, JpegComponent component, int block)
    {
        Array.Clear(this.block);
        int size = reader.ReadSymbol(dc[part]);
        if (size > 0) means[part] += reader.ReadValue(size);
        this.block[0] = (short)means[part];
        bool flat = ReadCoefficients(ref reader, ac[part], this.block);

        int row = block / component.StoredBlocksWide, column = block % component.StoredBlocksWide;
        Span<byte> samples = component.Samples.AsSpan(row * 8 * component.Stride + column * 8);
        if (flat) InverseDct.TransformFlat(this.block[0], component.Steps![0], samples, component.Stride);
        else InverseDct.Transform(this.block, component.Steps, samples, component.Stride);
    }

    /// <returns>Whether there are none.</returns>
    private static bool ReadCoefficients(ref JpegBitReader reader, HuffmanDecoder table, Span<short> block)
    {
        int[] coefficients = table.Coefficients;
        ReadOnlySpan<byte> natural = JpegZigzag.ToNatural;
        int k = 1;
        while (k < 64)
        {
            reader.Require32();
            int whole = coefficients[reader.Peek(HuffmanDecoder.LookupBits)];
            int run, value;
            if (whole != 0)
            {
                reader.Skip(whole & 255);
                (run, value) = ((whole >> 8) & 255, whole >> 16);
            }
            else
            {
                int symbol = reader.ReadSymbol(table), size = symbol & 15;
                run = symbol >> 4;
                if (size == 0)
                {
                    if (run != 15) return k == 1;   // the rest is zero
                    k += 16;
                    if (k > 64) throw reader.Nonsense("a block has more than 64 coefficients");
                    continue;
                }
                value = reader.ReadValue(size);
            }
            k += run;
            if (k > 63) throw reader.Nonsense("a block has more than 64 coefficients");
            block[natural[k++]] = (short)value;
        }
        return false;
    }
}
