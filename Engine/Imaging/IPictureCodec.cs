namespace GatysGpu.Engine.Imaging;

/// <summary>One picture file format.</summary>
public interface IPictureCodec
{
    /// <summary>The format's name for people, such as <c>PNG</c>.</summary>
    string Name { get; }

    /// <summary>File name extensions that ask for this format when writing, lower case with the dot.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Whether a file that begins with these bytes is of this format.</summary>
    /// <param name="head">The file's first 16 bytes, or all of a shorter file.</param>
    bool Recognises(ReadOnlySpan<byte> head);

    /// <summary>Decodes a whole file.</summary>
    /// <param name="file">The file's bytes; nothing in it is trusted.</param>
    /// <param name="maxPixels">A header that claims more pixels than this is refused before memory is taken.</param>
    /// <exception cref="PictureFormatException">It is cut off, damaged, too large or uses a feature that is not supported.</exception>
    Picture Decode(ReadOnlyMemory<byte> file, long maxPixels);

    /// <summary>Encodes a picture. Samples are rounded to the nearest value of the file's depth and clamped.</summary>
    /// <param name="picture">What to write.</param>
    /// <param name="options">Depth and quality.</param>
    /// <param name="destination">Where the file's bytes go.</param>
    void Encode(Picture picture, PictureWriteOptions options, Stream destination);
}

/// <summary>How a picture is written.</summary>
/// <param name="BitDepth">8 or 16 bits a sample, where the format has a choice (PNG, PPM).</param>
/// <param name="Quality">1 to 100, the usual scale of JPEG.</param>
public sealed record PictureWriteOptions(int BitDepth = 8, int Quality = 95);

/// <summary>A file is not a picture that can be read. The message is the reason alone, without the file's name.</summary>
/// <param name="message">What is wrong with it.</param>
public sealed class PictureFormatException(string message) : Exception(message);
