namespace GatysGpu.Engine.Imaging;

/// <summary>Portable Network Graphics, all kinds when reading, RGB of 8 or 16 bits when writing.</summary>
/// <remarks>
/// <para>W3C, Portable Network Graphics (PNG) Specification (Third Edition). Reads every colour type and depth, interlaced or not;
/// of an animation the still picture. Checksums are compared; ancillary chunks that are not needed are skipped.</para>
/// <para>Transparent pictures are composited onto white. Samples are taken as sRGB: gamma, chromaticities and ICC profiles are not
/// applied, an orientation in eXIf is not either.</para>
/// </remarks>
public sealed class PngCodec : IPictureCodec
{
    /// <inheritdoc/>
    public string Name => "PNG";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".png"];

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(PngFile.Signature);

    /// <inheritdoc/>
    public Picture Decode(ReadOnlyMemory<byte> file, long maxPixels)
    {
        if (!Recognises(file.Span)) throw new PictureFormatException("it does not begin as a PNG file does");
        return PngDecoder.Decode(file, maxPixels);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="PictureWriteOptions.BitDepth"/> is neither 8 nor 16.</exception>
    public void Encode(Picture picture, PictureWriteOptions options, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(picture);
        SampleDepth.Check(options);
        PngEncoder.Encode(picture, options.BitDepth, destination);
    }
}
