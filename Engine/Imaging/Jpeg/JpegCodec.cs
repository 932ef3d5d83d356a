namespace GatysGpu.Engine.Imaging;

/// <summary>JPEG (ITU-T T.81), read and written without a library.</summary>
/// <remarks>
/// <para>Reads baseline, extended sequential and progressive Huffman files of 8 bits: grey, YCbCr, RGB, CMYK and YCCK, any sampling
/// factors, restart intervals; the EXIF orientation is applied. The pixels are those of libjpeg-turbo's default decoder (its
/// accurate integer transform and its triangle upsampling). Arithmetic coding, lossless, hierarchical and 12-bit files are refused.</para>
/// <para>Writes baseline YCbCr 4:4:4 with Huffman tables made for the picture; the same picture gives the same bytes.</para>
/// <para>Stricter than libjpeg where that would guess: a file whose data end early, or go on after the last pixel, is an error.</para>
/// </remarks>
public sealed class JpegCodec : IPictureCodec
{
    /// <inheritdoc/>
    public string Name => "JPEG";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg"];

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> head) =>
        head.Length >= 3 && head[0] == 0xFF && head[1] == JpegMarker.StartOfImage && head[2] == 0xFF;

    /// <inheritdoc/>
    public Picture Decode(ReadOnlyMemory<byte> file, long maxPixels) => new JpegDecoder(file, maxPixels).Decode();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The picture has more than 65,535 columns or rows, or the quality is not 1 to 100.</exception>
    public void Encode(Picture picture, PictureWriteOptions options, Stream destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Quality, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Quality, 100, nameof(options));
        if (Math.Max(picture.Width, picture.Height) > ushort.MaxValue)
            throw new ArgumentException(
                $"JPEG holds at most 65535×65535 pixels, the picture has {picture.Width}×{picture.Height}: write PNG", nameof(picture));
        new JpegEncoder(picture, options.Quality).Write(destination);
    }
}
