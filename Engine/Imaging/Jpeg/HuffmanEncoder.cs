namespace GatysGpu.Engine.Imaging;

/// <summary>The best Huffman table for symbols of known frequencies, codes of at most 16 bits.</summary>
/// <remarks>Lengths by package-merge (Larmore and Hirschberg, <i>A fast algorithm for optimal length-limited Huffman codes</i>, J. ACM
/// 1990), which is optimal under the limit; T.81's annex K.2 shortens an unlimited code by rule of thumb instead. JPEG forbids the code
/// of all ones, so a symbol that never occurs is added; it gets the longest and last code, and is left out of the table.</remarks>
internal sealed class HuffmanEncoder
{
    private const int LongestCode = 16, Reserved = 256;

    /// <summary>Makes the table.</summary>
    /// <param name="frequencies">How often each of 256 symbols occurs; one that does not occur gets no code.</param>
    public HuffmanEncoder(ReadOnlySpan<long> frequencies)
    {
        int[] lengths = CodeLengths(frequencies);
        IEnumerable<int> used = Enumerable.Range(0, Reserved).Where(s => lengths[s] > 0);
        Symbols = [.. used.OrderBy(s => lengths[s]).ThenBy(s => s).Select(s => (byte)s)];
        int code = 0, length = 0;
        foreach (byte symbol in Symbols)
        {
            code <<= lengths[symbol] - length;
            length = lengths[symbol];
            (Codes[symbol], Lengths[symbol]) = (code++, (byte)length);
            Counts[length - 1]++;
        }
    }

    /// <summary>Codes of each length, 1 to 16, as the file holds them.</summary>
    public byte[] Counts { get; } = new byte[LongestCode];

    /// <summary>The symbols in the order of their codes.</summary>
    public byte[] Symbols { get; }

    /// <summary>A symbol's code.</summary>
    public int[] Codes { get; } = new int[256];

    /// <summary>Its bits.</summary>
    public byte[] Lengths { get; } = new byte[256];

    /// <summary>A symbol, or two packages that are taken together.</summary>
    private sealed record Package(long Weight, int Symbol, Package? First = null, Package? Second = null)
    {
        /// <summary>Every package that holds a symbol makes its code one bit longer.</summary>
        public void LengthenCodes(int[] lengths)
        {
            if (First is null) lengths[Symbol]++;
            First?.LengthenCodes(lengths);
            Second?.LengthenCodes(lengths);
        }
    }

    private static int[] CodeLengths(ReadOnlySpan<long> frequencies)
    {
        List<Package> symbols = [new(0, Reserved)];
        for (int s = 0; s < Reserved; s++)
            if (frequencies[s] > 0) symbols.Add(new(frequencies[s], s));
        // A stable sort: equal frequencies keep their order, so the bytes are always the same.
        symbols = [.. symbols.OrderBy(p => p.Weight)];
        List<Package> level = symbols;
        for (int bits = 1; bits < LongestCode; bits++) level = Merge(symbols, level);
        var lengths = new int[Reserved + 1];
        foreach (Package package in level.Take(2 * symbols.Count - 2)) package.LengthenCodes(lengths);
        return lengths;
    }

    /// <summary>The symbols together with pairs of the level below, by weight; a symbol before a pair of equal weight.</summary>
    private static List<Package> Merge(List<Package> symbols, List<Package> below)
    {
        List<Package> merged = [];
        int next = 0;
        for (int i = 0; i + 1 < below.Count; i += 2)
        {
            Package pair = new(below[i].Weight + below[i + 1].Weight, -1, below[i], below[i + 1]);
            while (next < symbols.Count && symbols[next].Weight <= pair.Weight) merged.Add(symbols[next++]);
            merged.Add(pair);
        }
        merged.AddRange(symbols.Skip(next));
        return merged;
    }
}
