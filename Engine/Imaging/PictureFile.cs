using GatysGpu.Weights;

namespace GatysGpu.Engine.Imaging;

/// <summary>Reads and writes picture files by name. All that can go wrong comes out as one <see cref="PictureException"/>.</summary>
public static class PictureFile
{
    /// <summary>The limit of <see cref="Read"/> where the caller gives none: about 2.4 GB of samples.</summary>
    public const long DefaultMaxPixels = 200_000_000;

    private const int HeadBytes = 16;
    private const string IsFolder = "is a folder; name a picture file in it";

    // "No space left on device" and "disk quota exceeded" as errno of Linux and macOS, and Windows' ERROR_DISK_FULL.
    private static readonly int[] DiskFull = [28, 122, 69, unchecked((int)0x80070070)];

    // Every format is named here and nowhere else. Where two claim the same extension the first writes it.
    private static readonly IPictureCodec[] Codecs = [new PngCodec(), new PpmCodec(), new JpegCodec()];

    /// <summary>The formats that are read, for people: <c>PNG, PPM</c>.</summary>
    public static string FormatNames { get; } = string.Join(", ", Codecs.Select(codec => codec.Name));

    /// <summary>The extensions that are written, for people: <c>.png, .ppm</c>.</summary>
    public static string ExtensionNames { get; } = string.Join(", ", Codecs.SelectMany(codec => codec.Extensions));

    /// <summary>Reads a picture. The format is told from the file's content; its name does not matter.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxPixels">A file whose header claims more pixels is refused before memory is taken for them.</param>
    /// <returns>Three planes from 0 to 255; transparent pictures are on white.</returns>
    /// <exception cref="PictureException">The file is absent, may not be read, is no picture of a known format, is damaged or cut
    /// off, or is too large.</exception>
    public static Picture Read(string path, long maxPixels = DefaultMaxPixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        try
        {
            CheckName(path);
            if (Directory.Exists(path)) throw new PictureFormatException(IsFolder);
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return Decode(stream, maxPixels);
        }
        catch (Exception e) when (Reason(e) is not null)
        {
            throw new PictureException(path, Reason(e)!, e);
        }
    }

    /// <summary>Writes a picture in the format that the extension names. The name stands for the old file until the new one is
    /// complete on the disk; where writing fails the old file stays.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="picture">What to write; samples are rounded to the file's depth and clamped.</param>
    /// <param name="options">Depth and quality; the defaults of <see cref="PictureWriteOptions"/> where null.</param>
    /// <exception cref="PictureException">The extension is unknown, the folder is absent or may not be written to, or the
    /// disk is full.</exception>
    public static void Write(string path, Picture picture, PictureWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        try
        {
            IPictureCodec codec = CodecFor(path);
            AtomicFile.Write(path, stream => codec.Encode(picture, options ?? new PictureWriteOptions(), stream));
        }
        catch (Exception e) when (Reason(e) is not null)
        {
            throw new PictureException(path, WriteReason(e), e);
        }
    }

    /// <summary>Finds out before any work starts whether <see cref="Write"/> to this name can succeed: the extension is known, the
    /// folder exists and a file can be made in it. Leaves nothing behind.</summary>
    /// <param name="path">The file that will be written.</param>
    /// <exception cref="PictureException">It cannot, with the reason.</exception>
    public static void CheckWritable(string path)
    {
        try
        {
            CodecFor(path);
            AtomicFile.CheckWritable(path);
        }
        catch (Exception e) when (Reason(e) is not null)
        {
            throw new PictureException(path, WriteReason(e), e);
        }
    }

    private static IPictureCodec CodecFor(string path)
    {
        CheckName(path);
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (Directory.Exists(path)) throw new PictureFormatException(IsFolder);
        if (Codecs.FirstOrDefault(codec => codec.Extensions.Contains(extension)) is { } found) return found;
        string what = extension.Length == 0
            ? "has no extension that tells the format"
            : $"'{extension}' is not a format that is written here";
        throw new PictureFormatException($"{what}; use one of {ExtensionNames}");
    }

    private static void CheckName(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0) throw new PictureFormatException("no file name was given");
        if (path.Contains('\0')) throw new PictureFormatException("is not a possible file name");
    }

    // The head is looked at first: what is no picture is refused without reading gigabytes of it, or an endless device.
    private static Picture Decode(FileStream stream, long maxPixels)
    {
        byte[] head = new byte[HeadBytes];
        int length = stream.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        head = head[..length];
        if (length == 0) throw new PictureFormatException("the file is empty; copy or download it again");
        foreach (IPictureCodec codec in Codecs)
            if (codec.Recognises(head)) return codec.Decode(ReadAll(stream, head), maxPixels);
        throw new PictureFormatException(ForeignFormats.NameOf(head) is { } name
            ? $"is {name}, which cannot be read; convert it to one of {FormatNames}"
            : $"is not a picture of a known format ({FormatNames})");
    }

    private static ReadOnlyMemory<byte> ReadAll(FileStream stream, byte[] head)
    {
        // A pipe has no length; it grows the buffer as it goes.
        long expected = stream.CanSeek ? stream.Length : 0;
        if (expected > Array.MaxLength) throw new PictureFormatException("the file is larger than the 2 GB that can be read");
        MemoryStream all = new((int)Math.Max(expected, HeadBytes));
        all.Write(head);
        try
        {
            stream.CopyTo(all);
        }
        catch (IOException) when (all.Length >= Array.MaxLength - (1 << 20))
        {
            throw new PictureFormatException("the file is larger than the 2 GB that can be read");
        }
        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    // Folders that are no real ones, such as /proc, say of a file that cannot be made in them that it does not exist.
    private static string WriteReason(Exception e) =>
        e is FileNotFoundException ? "no file can be made there; name another folder" : Reason(e)!;

    // What to tell a user of an exception; null for those that are this program's own mistakes.
    internal static string? Reason(Exception e) => e switch
    {
        PictureFormatException => e.Message,
        FileNotFoundException => "there is no such file; check the name",
        DirectoryNotFoundException => "its folder does not exist; make it first or check the name",
        PathTooLongException => "the name is too long",
        UnauthorizedAccessException => "may not be accessed; check its permissions and its folder's",
        IOException when DiskFull.Contains(e.HResult) => "the disk is full; make room and try again",
        IOException => e.Message,
        OutOfMemoryException => "there is not enough memory for it; make it smaller first",
        _ => null,
    };
}
