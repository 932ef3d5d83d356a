using System.IO.Compression;

namespace GatysGpu.Engine.Imaging;

/// <summary>From a PNG file's chunks to a picture, row by row; two rows of bytes are all that is kept beside the result.</summary>
internal static class PngDecoder
{
    // Deflate's shortest code is 2 bits (one for the length 258, one for the distance): 258 bytes from 1/4 byte.
    private const long LargestDeflateRatio = 1032;
    private const int BufferBytes = 1 << 16;

    /// <summary>Decodes a whole file.</summary>
    /// <exception cref="PictureFormatException">As <see cref="IPictureCodec.Decode"/>.</exception>
    public static Picture Decode(ReadOnlyMemory<byte> file, long maxPixels)
    {
        PngFile png = PngFile.Parse(file, maxPixels);
        PngHeader header = png.Header;
        PngPass[] passes = [.. PngPass.Of(header)];
        CheckDataCanSuffice(png, passes);
        if (header.RowBytes(header.Width) > Array.MaxLength) throw new PictureFormatException("its rows are too long for this program");

        Picture picture = new(header.Width, header.Height);
        PngPixels pixels = new(png, picture);
        using Stream data = new BufferedStream(
            new ZLibStream(new SegmentStream(png.ImageData), CompressionMode.Decompress), BufferBytes);
        try
        {
            foreach (PngPass pass in passes) DecodePass(header, pass, data, pixels);
            // Lets the decompressor reach and compare its own checksum. What follows the last row is ignored, as libpng does.
            data.ReadByte();
        }
        // The second is what zlib's remaining error codes become; no file or device is read here.
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new PictureFormatException("its compressed data are damaged; copy or download the file again");
        }
        return picture;
    }

    private static void DecodePass(PngHeader header, PngPass pass, Stream data, PngPixels pixels)
    {
        int rowBytes = (int)header.RowBytes(pass.Width);
        byte[] row = new byte[rowBytes], above = new byte[rowBytes];
        for (int y = 0; y < pass.Height; y++)
        {
            int filter = data.ReadByte();
            if (filter < 0 || data.ReadAtLeast(row, rowBytes, throwOnEndOfStream: false) < rowBytes)
                throw new PictureFormatException(
                    $"its picture data end early, at row {y + 1} of {pass.Height}; copy or download the file again");
            PngFilter.Undo(filter, row, above, header.FilterDistance);
            pixels.Store(row, pass, y);
            (row, above) = (above, row);
        }
    }

    // A few bytes that claim a huge picture are refused before memory is taken for it.
    private static void CheckDataCanSuffice(PngFile png, PngPass[] passes)
    {
        long needed = passes.Sum(pass => pass.Height * (1 + png.Header.RowBytes(pass.Width)));
        long present = png.ImageData.Sum(piece => (long)piece.Length);
        if (present * LargestDeflateRatio < needed)
            throw new PictureFormatException(
                $"{present} bytes of data cannot hold the {png.Header.Width}×{png.Header.Height} pixels that it claims; "
                + "copy or download the file again");
    }
}
