using System.Buffers.Binary;

namespace GatysGpu.Engine.Imaging;

/// <summary>What a pixel of a PNG file is made of; the numbers are the file's.</summary>
internal enum PngColour
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    Rgba = 6,
}

/// <summary>A PNG file's first chunk, IHDR, checked.</summary>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="BitDepth">Bits a sample (a palette's index): 1, 2, 4, 8 or 16, as the colour type allows.</param>
/// <param name="Colour">What a pixel is made of.</param>
/// <param name="Interlaced">Whether the pixels come in Adam7's seven passes.</param>
internal sealed record PngHeader(int Width, int Height, int BitDepth, PngColour Colour, bool Interlaced)
{
    private const int Length = 13;

    /// <summary>Samples a pixel in the file, 1 to 4.</summary>
    public int Channels => Colour switch
    {
        PngColour.Rgb => 3,
        PngColour.GreyAlpha => 2,
        PngColour.Rgba => 4,
        _ => 1,
    };

    /// <summary>Bits a pixel in the file, 1 to 64.</summary>
    public int BitsPerPixel => Channels * BitDepth;

    /// <summary>How far back a filter looks for "the same byte of the pixel to the left": whole bytes, at least 1.</summary>
    public int FilterDistance => Math.Max(1, BitsPerPixel / 8);

    /// <summary>Bytes of a row of the given width, without the filter's byte; its last bits may be unused.</summary>
    public long RowBytes(long width) => (width * BitsPerPixel + 7) / 8;

    /// <summary>Reads and checks the chunk's data.</summary>
    /// <param name="data">IHDR's data.</param>
    /// <param name="maxPixels">More pixels than this are refused.</param>
    /// <exception cref="PictureFormatException">A field has a value that the specification (section 11.2.1) does not allow.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> data, long maxPixels)
    {
        if (data.Length != Length) throw new PictureFormatException($"its header has {data.Length} bytes, not {Length}");
        long width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        (int depth, int colour, int compression, int filter, int interlace) = (data[8], data[9], data[10], data[11], data[12]);
        if (!IsAllowed(colour, depth))
            throw new PictureFormatException($"its header asks for colour type {colour} with {depth} bits, which PNG does not have");
        if (compression != 0 || filter != 0 || interlace > 1)
            throw new PictureFormatException(
                $"its header asks for compression {compression}, filter {filter}, interlace {interlace}, which PNG does not have");
        PictureSize.Check(width, height, maxPixels);
        return new PngHeader((int)width, (int)height, depth, (PngColour)colour, interlace == 1);
    }

    private static bool IsAllowed(int colour, int depth) => (PngColour)colour switch
    {
        PngColour.Grey => depth is 1 or 2 or 4 or 8 or 16,
        PngColour.Palette => depth is 1 or 2 or 4 or 8,
        PngColour.Rgb or PngColour.GreyAlpha or PngColour.Rgba => depth is 8 or 16,
        _ => false,
    };
}
