namespace GatysGpu.Weights.Flat;

/// <summary>How a flat binary keeps its filters. Biases are float32 always.</summary>
public enum FlatDtype
{
    /// <summary>IEEE 754 binary32: the published numbers, unchanged.</summary>
    Float32 = 0,

    /// <summary>IEEE 754 binary16: half the size, 11 bits of mantissa, magnitudes up to 65,504.</summary>
    Float16 = 1,

    /// <summary>The upper half of binary32: half the size, 8 bits of mantissa, all magnitudes.</summary>
    BFloat16 = 2,
}

/// <summary>Sizes and offsets of the flat binary. <c>FORMAT.md</c> is its specification; this is that page in numbers.</summary>
internal static class FlatFormat
{
    /// <summary>Format version that is written and read.</summary>
    public const uint Version = 1;

    public const int HeaderSize = 128;
    public const int RecordSize = 64;
    public const int NameSize = 24;
    public const int HashSize = 32;
    public const int Alignment = 64;
    public const int MaximumSourceLength = 4096;

    // Header fields.
    public const int VersionAt = 8, LayersAt = 12, FileLengthAt = 16, SourceLengthAt = 24, OrderAt = 28, ScaleAt = 32,
        MeanAt = 40, StdAt = 64, HeaderEndAt = 88;

    // Fields of a layer's record.
    public const int DtypeAt = 24, KAt = 28, CAt = 32, RAt = 36, SAt = 40, ReservedAt = 44, FiltersAt = 48, BiasesAt = 56;

    /// <summary>First bytes of a file: not text, and broken by any transfer that changes line ends.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'G', (byte)'A', (byte)'T', (byte)'Y', (byte)'S', 0x0D, 0x0A];

    /// <summary>Bytes of one filter value.</summary>
    public static int Size(FlatDtype dtype) => dtype == FlatDtype.Float32 ? 4 : 2;

    /// <summary>The next multiple of 64.</summary>
    public static long Align(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    /// <summary>Where everything lies: it follows from the layers' shapes alone.</summary>
    /// <param name="shapes">K, C and dtype of each layer; R = S = 3.</param>
    /// <param name="sourceLength">Bytes of the source text.</param>
    /// <returns>Offsets of each layer's filters and biases, and of the hash that ends the file.</returns>
    public static ((long Filters, long Biases)[] Layers, long Hash) Place(
        IReadOnlyList<(long K, long C, FlatDtype Dtype)> shapes, int sourceLength)
    {
        (long, long)[] layers = new (long, long)[shapes.Count];
        long end = HeaderSize + (long)RecordSize * shapes.Count + sourceLength;
        for (int i = 0; i < layers.Length; i++)
        {
            (long k, long c, FlatDtype dtype) = shapes[i];
            long filters = Align(end);
            long biases = Align(filters + k * c * WeightLayer.Taps * Size(dtype));
            layers[i] = (filters, biases);
            end = biases + k * sizeof(float);
        }
        return (layers, Align(end));
    }
}
