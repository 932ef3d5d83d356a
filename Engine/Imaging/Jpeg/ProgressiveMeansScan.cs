namespace GatysGpu.Engine.Imaging;

/// <summary>Blocks' means in a progressive file, first scan: as in a sequential one, without their low bits (T.81, G.1.2.1).</summary>
internal readonly struct ProgressiveMeansFirst : IJpegBlockDecoder
{
    private readonly HuffmanDecoder[] tables;
    private readonly int[] means;
    private readonly int lowBit;

    /// <summary>Takes the scan's tables.</summary>
    public ProgressiveMeansFirst(JpegScan scan, JpegTables tables)
    {
        this.tables = [.. scan.Parts.Select(p => tables.Dc(p.DcTable))];
        means = new int[scan.Parts.Length];
        lowBit = scan.LowBit;
    }

    /// <inheritdoc/>
    public void Restart() => Array.Clear(means);

    /// <inheritdoc/>
    public void Decode(ref JpegBitReader reader, int part, JpegComponent component, int block)
    {
        int size = reader.ReadSymbol(tables[part]);
        if (size > 0) means[part] += reader.ReadValue(size);
        component.Coefficients[block * 64] = (short)(means[part] << lowBit);
    }
}

/// <summary>Blocks' means, a later scan: one bare bit each, of the two's complement number.</summary>
/// <param name="scan">Which bit.</param>
internal readonly struct ProgressiveMeansRefinement(JpegScan scan) : IJpegBlockDecoder
{
    private readonly int lowBit = scan.LowBit;

    /// <inheritdoc/>
    public void Restart()
    {
    }

    /// <inheritdoc/>
    public void Decode(ref JpegBitReader reader, int part, JpegComponent component, int block) =>
        component.Coefficients[block * 64] |= (short)(reader.Read(1) << lowBit);
}
