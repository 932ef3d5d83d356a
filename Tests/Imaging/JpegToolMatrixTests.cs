using GatysGpu.Engine.Imaging;
using static GatysGpu.Tests.Imaging.JpegTestPictures;

namespace GatysGpu.Tests.Imaging;

/// <summary>Files that <c>cjpeg</c> and ImageMagick write, decoded by us and by <c>djpeg</c>. Skipped where they are not installed;
/// <see cref="JpegDecoderTests"/> covers the same features without them.</summary>
public class JpegToolMatrixTests
{
    private static readonly (int Width, int Height)[] Sizes = [(1, 1), (7, 5), (8, 8), (17, 33), (1, 40), (40, 1), (3, 3), (61, 47)];

    private static readonly string[][] Storages =
    [
        ["-baseline"], ["-optimize", "-restart", "1B"], ["-progressive"], ["-progressive", "-restart", "2B"], ["-optimize", "-restart", "1"],
    ];

    /// <summary>Sampling factors of Y, or of Y, Cb and Cr.</summary>
    [TestCase("1x1")]
    [TestCase("2x1")]
    [TestCase("1x2")]
    [TestCase("2x2")]
    [TestCase("4x1")]
    [TestCase("1x4")]
    [TestCase("3x1")]
    [TestCase("4x2")]
    [TestCase("2x2,2x1,1x2")]
    [TestCase("1x1,2x2,1x2")]
    public void Decode_Sampling_EqualsLibjpeg(string sampling) => Compare("-sample", sampling);

    [Test]
    public void Decode_Grey_EqualsLibjpeg() => Compare("-grayscale");

    [Test]
    public void Decode_GreyWithSamplingFactors_EqualsLibjpeg() => Compare("-grayscale", "-sample", "2x2");

    [Test]
    public void Decode_Rgb_EqualsLibjpeg() => Compare("-rgb");

    [TestCase("1")]
    [TestCase("20")]
    [TestCase("100")]
    public void Decode_Quality_EqualsLibjpeg(string quality) => Compare("-quality", quality);

    /// <summary>ImageMagick's <c>-auto-orient</c> turns what djpeg shows as stored.</summary>
    [Test]
    public void Decode_ExifOrientation_EqualsImageMagick()
    {
        string convert = RequireTool("convert"), cjpeg = RequireTool("cjpeg");
        byte[] stored = Run(cjpeg, Ppm(Photo(61, 47)));
        for (byte orientation = 1; orientation <= 8; orientation++)
        {
            byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
            byte[] file = [.. stored[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. stored[2..]];
            byte[] turned = Run(convert, file, "jpeg:-", "-auto-orient", "ppm:-");
            AssertClose(Decode(file), FromPpm(turned), 0, $"orientation {orientation}");
        }
    }

    /// <summary>Inks: light passes colour and black, c·k/255. ImageMagick converts with more digits, so 1 is a rounding.</summary>
    [Test]
    public void Decode_Cmyk_EqualsImageMagick()
    {
        byte[] file = Run(RequireTool("convert"), Ppm(Photo(61, 47)), "ppm:-", "-colorspace", "CMYK", "-quality", "95", "jpeg:-");
        byte[] theirs = Run(RequireTool("convert"), file, "jpeg:-", "-colorspace", "sRGB", "-depth", "8", "ppm:-");
        AssertClose(Decode(file), FromPpm(theirs), 1, "CMYK");
    }

    [Test]
    public void Decode_Arithmetic_IsRefusedByName()
    {
        byte[] file = Run(RequireTool("cjpeg"), Ppm(Small()), "-arithmetic");
        Assert.That(() => Decode(file), Throws.TypeOf<PictureFormatException>().With.Message.Contains("arithmetic coding is not supported"));
    }

    /// <summary>Every size and way of storing, exactly equal.</summary>
    private static void Compare(params string[] options)
    {
        string cjpeg = RequireTool("cjpeg"), djpeg = RequireTool("djpeg");
        int compared = 0;
        foreach ((int width, int height) in Sizes)
            foreach (string[] storage in Storages)
            {
                byte[] file = Run(cjpeg, Ppm(Photo(width, height)), [.. options, .. storage]);
                string what = $"{width}×{height}, {string.Join(' ', options)} {string.Join(' ', storage)}";
                AssertClose(Decode(file), FromPpm(Run(djpeg, file)), 0, what);
                compared++;
            }
        Assert.That(compared, Is.EqualTo(Sizes.Length * Storages.Length));
    }
}
