using System.Buffers.Binary;

namespace GatysGpu.Engine.Imaging;

/// <summary>Finds how the camera was held in an EXIF segment (Exif 2.3, tag 0112). What is malformed is taken as upright: the
/// picture is sound all the same.</summary>
internal static class ExifOrientation
{
    /// <summary>Stored as seen.</summary>
    public const int Upright = 1;

    private const int OrientationTag = 0x0112, ShortType = 3, EntrySize = 12;

    /// <summary>Whether an APP1 segment is EXIF (it may also hold XMP).</summary>
    public static bool IsExif(ReadOnlySpan<byte> app1) => app1.StartsWith("Exif\0\0"u8);

    /// <summary>Reads the orientation of an EXIF segment.</summary>
    /// <returns>1 to 8 as in the standard: 1 upright, 2 mirrored, 3 upside down, 4 flipped, 5 transposed, 6 to be turned clockwise,
    /// 7 transposed about the other diagonal, 8 to be turned counter-clockwise.</returns>
    public static int Read(ReadOnlySpan<byte> app1)
    {
        ReadOnlySpan<byte> tiff = app1[6..];
        if (tiff.Length < 8) return Upright;
        bool little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8)) return Upright;
        uint directory = UInt32(tiff[4..], little);
        if (directory > tiff.Length - 2) return Upright;
        int entries = UInt16(tiff[(int)directory..], little);
        ReadOnlySpan<byte> rest = tiff[((int)directory + 2)..];
        for (; entries > 0 && rest.Length >= EntrySize; entries--, rest = rest[EntrySize..])
        {
            if (UInt16(rest, little) != OrientationTag) continue;
            int value = UInt16(rest[8..], little);
            bool sound = UInt16(rest[2..], little) == ShortType && UInt32(rest[4..], little) == 1 && value is >= 1 and <= 8;
            return sound ? value : Upright;
        }
        return Upright;
    }

    private static int UInt16(ReadOnlySpan<byte> b, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(b) : BinaryPrimitives.ReadUInt16BigEndian(b);

    private static uint UInt32(ReadOnlySpan<byte> b, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(b) : BinaryPrimitives.ReadUInt32BigEndian(b);
}
