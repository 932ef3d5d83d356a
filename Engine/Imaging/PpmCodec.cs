using System.Buffers.Binary;
using System.Text;

namespace GatysGpu.Engine.Imaging;

/// <summary>Netpbm's binary formats: P6 (colour) read and written, P5 (grey) read; 8 and 16 bits a sample.</summary>
/// <remarks>
/// Netpbm manual pages ppm(5) and pgm(5): the magic number, width, height and the largest sample's value as decimal text, each after
/// white space or comments (from '#' to the end of the line), one white-space character, then the samples row by row, two bytes each
/// (the higher first) where the largest value is above 255. A sample v becomes 255·v/largest; as almost everyone does, samples are
/// taken as sRGB. Of a file with several pictures the first is read.
/// </remarks>
public sealed class PpmCodec : IPictureCodec
{
    private const int LargestMaximum = 65535;

    /// <inheritdoc/>
    public string Name => "PPM";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".ppm", ".pnm"];

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> head) =>
        head.Length >= 3 && head[0] == 'P' && head[1] is (byte)'5' or (byte)'6' && (IsSpace(head[2]) || head[2] == '#');

    /// <inheritdoc/>
    public Picture Decode(ReadOnlyMemory<byte> file, long maxPixels)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (!Recognises(bytes)) throw new PictureFormatException("it does not begin as a PPM or PGM file does");
        int channels = bytes[1] == '6' ? 3 : 1;
        int at = 2;
        long width = ReadNumber(bytes, ref at), height = ReadNumber(bytes, ref at), maximum = ReadNumber(bytes, ref at);
        PictureSize.Check(width, height, maxPixels);
        if (maximum is < 1 or > LargestMaximum)
            throw new PictureFormatException($"its largest value is {maximum}; 1 to {LargestMaximum} are possible");
        if (at == bytes.Length || !IsSpace(bytes[at])) throw new PictureFormatException("its header does not end with white space");
        ReadOnlySpan<byte> samples = bytes[(at + 1)..];
        long needed = checked(width * height * channels * (maximum > 255 ? 2 : 1));
        if (samples.Length < needed)
            throw new PictureFormatException(
                $"the file is cut off: {width}×{height} pixels need {needed} bytes, it holds {samples.Length}; copy or download it again");
        Picture picture = new((int)width, (int)height);
        Unpack(samples[..(int)needed], channels, (int)maximum, picture);
        return picture;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="PictureWriteOptions.BitDepth"/> is neither 8 nor 16.</exception>
    public void Encode(Picture picture, PictureWriteOptions options, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(picture);
        SampleDepth.Check(options);
        bool wide = options.BitDepth == 16;
        destination.Write(Encoding.ASCII.GetBytes($"P6\n{picture.Width} {picture.Height}\n{(wide ? 65535 : 255)}\n"));
        byte[] row = new byte[checked(picture.Width * (wide ? 6 : 3))];
        for (int y = 0; y < picture.Height; y++)
        {
            for (int c = 0; c < 3; c++)
            {
                ReadOnlySpan<float> samples = picture.Plane(c).Slice(y * picture.Width, picture.Width);
                for (int x = 0; x < samples.Length; x++)
                    if (wide) BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(6 * x + 2 * c), SampleDepth.To16(samples[x]));
                    else row[3 * x + c] = SampleDepth.To8(samples[x]);
            }
            destination.Write(row);
        }
    }

    // Samples lie pixel by pixel; a grey one goes to all three planes.
    private static void Unpack(ReadOnlySpan<byte> samples, int channels, int maximum, Picture picture)
    {
        int pixels = picture.Width * picture.Height;
        for (int c = 0; c < 3; c++)
        {
            Span<float> plane = picture.Plane(c);
            int from = channels == 3 ? c : 0;
            for (int i = 0; i < pixels; i++)
            {
                int index = i * channels + from;
                int value = maximum > 255 ? BinaryPrimitives.ReadUInt16BigEndian(samples[(2 * index)..]) : samples[index];
                if (value > maximum)
                    throw new PictureFormatException($"a sample is {value}, above the largest value {maximum} that its header gives");
                plane[i] = maximum == LargestMaximum ? value / 257f : value * 255f / maximum;
            }
        }
    }

    // White space and comments, then digits. Numbers too large for any header end at a value that later checks refuse.
    private static long ReadNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        for (; at < bytes.Length && (IsSpace(bytes[at]) || bytes[at] == '#'); at++)
            if (bytes[at] == '#')
                while (at < bytes.Length && bytes[at] is not ((byte)'\n' or (byte)'\r')) at++;
        if (at >= bytes.Length) throw new PictureFormatException("the file is cut off in its header; copy or download it again");
        long number = 0;
        int first = at;
        for (; at < bytes.Length && bytes[at] is >= (byte)'0' and <= (byte)'9'; at++)
            number = Math.Min(number * 10 + bytes[at] - '0', long.MaxValue / 100);
        if (at == first) throw new PictureFormatException("its header holds something that is not a number");
        return number;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);
}
