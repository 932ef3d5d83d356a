using System.Buffers.Binary;
using System.Text;

namespace GatysGpu.Engine.Imaging;

/// <summary>A PNG file taken apart into the chunks that make the picture; every chunk's checksum was right.</summary>
/// <param name="Header">IHDR.</param>
/// <param name="Palette">PLTE's data, 3 bytes an entry; empty where there is none.</param>
/// <param name="Transparency">tRNS's data; empty where there is none.</param>
/// <param name="ImageData">The data of the IDAT chunks in order: one zlib stream in pieces.</param>
internal sealed record PngFile(
    PngHeader Header, ReadOnlyMemory<byte> Palette, ReadOnlyMemory<byte> Transparency, IReadOnlyList<ReadOnlyMemory<byte>> ImageData)
{
    private const string CutOff = "the file is cut off; copy or download it again";

    /// <summary>The eight bytes that every PNG file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Walks over the chunks up to IEND; what follows IEND is ignored.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="maxPixels">A header that claims more pixels than this is refused.</param>
    /// <exception cref="PictureFormatException">The file is cut off, a checksum is wrong, a chunk that is needed is absent or out
    /// of place, or there is a critical chunk that this program does not know.</exception>
    public static PngFile Parse(ReadOnlyMemory<byte> file, long maxPixels)
    {
        PngHeader? header = null;
        ReadOnlyMemory<byte> palette = default, transparency = default;
        List<ReadOnlyMemory<byte>> imageData = [];
        bool imageDataEnded = false;
        foreach ((string type, ReadOnlyMemory<byte> data) in Chunks(file))
        {
            if (header is null != (type == "IHDR"))
                throw new PictureFormatException("its header is not the first chunk, or not the only one");
            imageDataEnded |= imageData.Count > 0 && type != "IDAT";
            switch (type)
            {
                case "IHDR":
                    header = PngHeader.Parse(data.Span, maxPixels);
                    break;
                case "PLTE" when imageData.Count == 0:
                    palette = CheckPalette(data);
                    break;
                case "tRNS" when imageData.Count == 0:
                    transparency = data;
                    break;
                case "IDAT" when !imageDataEnded:
                    imageData.Add(data);
                    break;
                case "PLTE" or "IDAT":
                    throw new PictureFormatException($"a chunk '{type}' is out of place; the file is damaged");
                case "IEND":
                    return Complete(new PngFile(header!, palette, transparency, imageData));
                // A capital first letter means that the picture cannot be understood without the chunk (specification, 5.4).
                case var _ when char.IsAsciiLetterUpper(type[0]):
                    throw new PictureFormatException(
                        $"it uses the extension '{type}', which this program does not know; save it as plain PNG");
            }
        }
        throw new PictureFormatException(CutOff);
    }

    // A chunk: length (4), type (4), data (length), checksum of type and data (4).
    private static IEnumerable<(string Type, ReadOnlyMemory<byte> Data)> Chunks(ReadOnlyMemory<byte> file)
    {
        ReadOnlyMemory<byte> rest = file[Math.Min(Signature.Length, file.Length)..];
        while (rest.Length > 0)
        {
            if (rest.Length < 12) throw new PictureFormatException(CutOff);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span);
            ReadOnlyMemory<byte> type = rest.Slice(4, 4);
            foreach (byte letter in type.Span)
                if (!char.IsAsciiLetter((char)letter))
                    throw new PictureFormatException("a chunk's name is not four letters; the file is damaged");
            string name = Encoding.ASCII.GetString(type.Span);
            if (length > int.MaxValue)
                throw new PictureFormatException($"chunk '{name}' claims an impossible length; the file is damaged");
            if (length > rest.Length - 12) throw new PictureFormatException($"chunk '{name}' is not whole: {CutOff}");
            ReadOnlyMemory<byte> data = rest.Slice(8, (int)length);
            uint stored = BinaryPrimitives.ReadUInt32BigEndian(rest.Span[(8 + (int)length)..]);
            if (stored != PngCrc.Of(type.Span, data.Span))
                throw new PictureFormatException($"chunk '{name}' is damaged (its checksum is wrong); copy or download the file again");
            yield return (name, data);
            rest = rest[(12 + (int)length)..];
        }
    }

    private static ReadOnlyMemory<byte> CheckPalette(ReadOnlyMemory<byte> data)
    {
        if (data.Length is 0 or > 256 * 3 || data.Length % 3 != 0)
            throw new PictureFormatException($"its palette has {data.Length} bytes, which is not 3 for each of 1 to 256 colours");
        return data;
    }

    private static PngFile Complete(PngFile file)
    {
        if (file.ImageData.Count == 0) throw new PictureFormatException("it holds no picture data");
        if (file.Header.Colour == PngColour.Palette && file.Palette.Length == 0)
            throw new PictureFormatException("its colours come from a palette, but it holds none");
        return file;
    }
}
