namespace GatysGpu.Engine.Imaging;

/// <summary>One plane of the file: luma, a chroma difference, an ink.</summary>
internal sealed class JpegComponent
{
    /// <summary>In <see cref="PendingBits"/>: no scan has sent this coefficient.</summary>
    public const sbyte NothingSent = -1;

    /// <summary>The name that scans use for it.</summary>
    public required byte Id { get; init; }

    /// <summary>Blocks of it in one MCU, across: 1 to 4.</summary>
    public required int HorizontalFactor { get; init; }

    /// <summary>Blocks of it in one MCU, down: 1 to 4.</summary>
    public required int VerticalFactor { get; init; }

    /// <summary>Which of the four quantisation tables.</summary>
    public required int QuantisationIndex { get; init; }

    /// <summary>Columns of samples that belong to the picture: ⌈W·h/h_max⌉.</summary>
    public int Width { get; private set; }

    /// <summary>Rows of samples that belong to the picture: ⌈H·v/v_max⌉.</summary>
    public int Height { get; private set; }

    /// <summary>Blocks that cover <see cref="Width"/>; a scan of this component alone holds these.</summary>
    public int BlocksWide => (Width + 7) / 8;

    /// <summary>Blocks that cover <see cref="Height"/>.</summary>
    public int BlocksHigh => (Height + 7) / 8;

    /// <summary>Blocks across up to whole MCUs; the layout of the arrays below.</summary>
    public int StoredBlocksWide { get; private set; }

    /// <summary>Blocks down up to whole MCUs.</summary>
    public int StoredBlocksHigh { get; private set; }

    /// <summary>Distance between rows of <see cref="Samples"/>.</summary>
    public int Stride => StoredBlocksWide * 8;

    /// <summary>[8·StoredBlocksHigh, Stride], what the inverse transform gave.</summary>
    public byte[] Samples { get; private set; } = [];

    /// <summary>Progressive files only: [StoredBlocksHigh, StoredBlocksWide, 64], natural order, not dequantised.</summary>
    public short[] Coefficients { get; set; } = [];

    /// <summary>Steps, natural order; those in force at the component's first scan, as a later table is for later components.</summary>
    public int[]? Steps { get; set; }

    /// <summary>For each position in zigzag order, how many low bits are still missing, or <see cref="NothingSent"/>.</summary>
    public sbyte[] PendingBits { get; } = Enumerable.Repeat(NothingSent, 64).ToArray();

    /// <summary>Whether its samples can be computed: the mean of each block has come.</summary>
    public bool HasMeans => PendingBits[0] != NothingSent;

    /// <summary>Works out the sizes.</summary>
    public void Layout(int width, int height, int maxHorizontal, int maxVertical, int mcusWide, int mcusHigh)
    {
        (Width, Height) = (CeilingDivide(width * HorizontalFactor, maxHorizontal), CeilingDivide(height * VerticalFactor, maxVertical));
        (StoredBlocksWide, StoredBlocksHigh) = (mcusWide * HorizontalFactor, mcusHigh * VerticalFactor);
    }

    /// <summary>Takes the memory for the samples and, where asked, the coefficients.</summary>
    public void Allocate(bool coefficients)
    {
        int size = checked(StoredBlocksWide * StoredBlocksHigh * 64);
        Samples = GC.AllocateUninitializedArray<byte>(size);
        if (coefficients) Coefficients = new short[size];
    }

    internal static int CeilingDivide(int a, int b) => (a + b - 1) / b;
}
