using System.Buffers.Binary;

namespace GatysGpu.Engine.Imaging;

/// <summary>Turns a PNG picture's rows of bytes into samples from 0 to 255 and puts them where they belong.</summary>
/// <remarks>
/// A sample v of d bits becomes 255·v/(2ᵈ−1); for 16 bits that is v/257 and keeps its fraction. A pixel of opacity α becomes
/// α·colour + (1−α)·255: transparent pictures are seen on white, blended in the file's own encoding as nearly all programs do.
/// Samples are taken as sRGB whatever gAMA, cHRM or an ICC profile say.
/// </remarks>
internal sealed class PngPixels
{
    private const float White = 255f;

    private readonly PngHeader header;
    private readonly Picture picture;

    // For one sample of up to 8 bits a pixel, what each of its values looks like: [3, 256].
    private readonly float[]? table;
    private readonly int tableEntries;

    // The pixel that tRNS declares transparent, as its samples in the file; null where there is none.
    private readonly int[]? colourKey;

    /// <summary>Prepares for the rows of one file.</summary>
    /// <exception cref="PictureFormatException">tRNS is too short for the colour type.</exception>
    public PngPixels(PngFile png, Picture picture)
    {
        header = png.Header;
        this.picture = picture;
        if (header.Colour is PngColour.Grey or PngColour.Rgb && png.Transparency.Length > 0) colourKey = ReadColourKey(png);
        if (header.Colour == PngColour.Palette)
        {
            tableEntries = Math.Min(png.Palette.Length / 3, 1 << header.BitDepth);
            table = PaletteTable(png.Palette.Span, png.Transparency.Span, tableEntries);
        }
        else if (header.Colour == PngColour.Grey && header.BitDepth <= 8)
        {
            tableEntries = 1 << header.BitDepth;
            table = GreyTable();
        }
    }

    /// <summary>Puts one row into the picture.</summary>
    /// <param name="row">The row's bytes, unfiltered.</param>
    /// <param name="pass">The grid that the row belongs to.</param>
    /// <param name="y">The row's number in the grid.</param>
    /// <exception cref="PictureFormatException">A pixel names a palette entry that does not exist.</exception>
    public void Store(ReadOnlySpan<byte> row, PngPass pass, int y)
    {
        int at = (pass.Y + y * pass.StepY) * picture.Width + pass.X;
        if (table is not null) StoreByTable(row, pass, at);
        else StoreDirectly(row, pass, at);
    }

    // Pixels lie in a byte from the highest bits down; the samples of a byte never straddle two.
    private void StoreByTable(ReadOnlySpan<byte> row, PngPass pass, int at)
    {
        Span<float> red = picture.Plane(0), green = picture.Plane(1), blue = picture.Plane(2);
        int bits = header.BitDepth, mask = (1 << bits) - 1, perByte = 8 / bits;
        for (int x = 0; x < pass.Width; x++, at += pass.StepX)
        {
            int value = row[x / perByte] >> 8 - bits * (x % perByte + 1) & mask;
            if (value >= tableEntries) throw new PictureFormatException($"a pixel has colour {value} of a palette of {tableEntries}");
            (red[at], green[at], blue[at]) = (table![value], table[256 + value], table[512 + value]);
        }
    }

    private void StoreDirectly(ReadOnlySpan<byte> row, PngPass pass, int at)
    {
        Span<float> red = picture.Plane(0), green = picture.Plane(1), blue = picture.Plane(2);
        int channels = header.Channels, sampleBytes = header.BitDepth / 8;
        int colours = channels >= 3 ? 3 : 1;
        for (int x = 0; x < pass.Width; x++, at += pass.StepX)
        {
            ReadOnlySpan<byte> pixel = row.Slice(x * channels * sampleBytes, channels * sampleBytes);
            int r = Raw(pixel, 0), g = colours == 3 ? Raw(pixel, 1) : r, b = colours == 3 ? Raw(pixel, 2) : r;
            float alpha = channels > colours ? Scale(Raw(pixel, colours)) / 255f : IsColourKey(r, g, b) ? 0f : 1f;
            red[at] = OnWhite(Scale(r), alpha);
            green[at] = OnWhite(Scale(g), alpha);
            blue[at] = OnWhite(Scale(b), alpha);
        }
    }

    private int Raw(ReadOnlySpan<byte> pixel, int channel) =>
        header.BitDepth == 16 ? BinaryPrimitives.ReadUInt16BigEndian(pixel[(2 * channel)..]) : pixel[channel];

    private float Scale(int value) => header.BitDepth == 16 ? value / 257f : value;

    private bool IsColourKey(int r, int g, int b) =>
        colourKey is not null && colourKey[0] == r && (colourKey.Length == 1 || (colourKey[1] == g && colourKey[2] == b));

    // Exact at both ends: opaque colours pass unchanged, wholly transparent ones become exactly white.
    private static float OnWhite(float colour, float alpha) => alpha * colour + (1f - alpha) * White;

    // Two bytes a sample whatever the depth; bits above the depth mean nothing (specification, 11.3.1.1).
    private static int[] ReadColourKey(PngFile png)
    {
        int[] key = new int[png.Header.Channels];
        if (png.Transparency.Length < 2 * key.Length)
            throw new PictureFormatException($"its transparent colour has {png.Transparency.Length} bytes, not {2 * key.Length}");
        int mask = (1 << png.Header.BitDepth) - 1;
        for (int c = 0; c < key.Length; c++)
            key[c] = BinaryPrimitives.ReadUInt16BigEndian(png.Transparency.Span[(2 * c)..]) & mask;
        return key;
    }

    // Entries beyond tRNS's length are opaque.
    private static float[] PaletteTable(ReadOnlySpan<byte> palette, ReadOnlySpan<byte> opacity, int entries)
    {
        float[] table = new float[3 * 256];
        for (int i = 0; i < entries; i++)
        {
            float alpha = i < opacity.Length ? opacity[i] / 255f : 1f;
            for (int c = 0; c < 3; c++) table[c * 256 + i] = OnWhite(palette[3 * i + c], alpha);
        }
        return table;
    }

    private float[] GreyTable()
    {
        float[] table = new float[3 * 256];
        int step = 255 / (tableEntries - 1);
        for (int v = 0; v < tableEntries; v++)
            for (int c = 0; c < 3; c++) table[c * 256 + v] = IsColourKey(v, v, v) ? White : v * step;
        return table;
    }
}
