namespace GatysGpu.Engine.Imaging;

/// <summary>Well-known formats that are not read here, so that a user is told what the file is and not only what it is not.</summary>
internal static class ForeignFormats
{
    /// <summary>The format's name, or null where the bytes say nothing.</summary>
    /// <param name="head">The file's first 16 bytes, or all of a shorter file.</param>
    public static string? NameOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("GIF8"u8)) return "a GIF picture";
        if (head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..].StartsWith("WEBP"u8)) return "a WebP picture";
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8)) return "a TIFF picture or a camera's raw file";
        if (head.StartsWith("BM"u8)) return "a BMP picture";
        if (head.StartsWith("%PDF"u8)) return "a PDF document";
        if (head.StartsWith("8BPS"u8)) return "a Photoshop file";
        if (head.StartsWith("qoif"u8)) return "a QOI picture";
        if (head.Length >= 3 && head[0] == 'P' && head[1] is >= (byte)'1' and <= (byte)'7' && head[2] <= ' ')
            return "a Netpbm picture of another kind than P5 and P6";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || head.StartsWith("\0\0\0\u000CJXL "u8)) return "a JPEG XL picture";
        if (head.Length >= 12 && head[4..].StartsWith("ftyp"u8)) return IsoMediaName(head[8..]);
        return null;
    }

    // ISO/IEC 14496-12 files carry a brand after 'ftyp'; those of pictures are few.
    private static string IsoMediaName(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("avi"u8) ? "an AVIF picture"
        : brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.StartsWith("mif1"u8) ? "a HEIC picture"
        : "a video";
}
