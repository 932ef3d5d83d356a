using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

/// <summary>Our PNG files read by other programs and theirs by us.</summary>
[Category("ExternalTools")]
public class PngExternalTests
{
    // ImageMagick computes with 16-bit whole numbers: half a step of 1/257 for the scaling and as much for the blending.
    private const double SixteenBits = 1.1 / 257;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private static IEnumerable<TestCaseData> Kinds() =>
        PngKinds.All.SelectMany(kind => new[] { false, true }, (kind, interlaced) =>
            new TestCaseData(kind.ColourType, kind.BitDepth, interlaced));

    [TestCaseSource(nameof(Kinds))]
    public void Decode_EveryKind_AgreesWithImageMagick(int colourType, int bitDepth, bool interlaced)
    {
        ExternalTool convert = ExternalTool.ImageMagick();
        PngTestWriter file = PngKinds.Random(colourType, bitDepth, 45, 31, interlaced, seed: 1);
        if (colourType == 3) file = file with { Transparency = [0, 128] };
        PictureAssert.Same(PictureFile.Read(folder.File("a.png", file.Write())), Seen(convert, "a.png"), SixteenBits, $"{file}");
    }

    [TestCaseSource(nameof(Kinds))]
    public void Decode_FilesThatImageMagickWrote_AgreesWithIt(int colourType, int bitDepth, bool interlaced)
    {
        ExternalTool convert = ExternalTool.ImageMagick();
        // Without a picture that fits the kind exactly ImageMagick writes another one than it was asked for.
        string[] look = colourType switch
        {
            0 when bitDepth < 8 => ["-alpha", "off", "-colorspace", "Gray", "+dither", "-posterize", $"{1 << bitDepth}"],
            0 => ["-alpha", "off", "-colorspace", "Gray"],
            2 => ["-alpha", "off"],
            3 => ["-alpha", "off", "+dither", "-colors", $"{1 << bitDepth}"],
            4 => ["-alpha", "set", "-colorspace", "Gray", "-channel", "A", "-fx", "i/w", "+channel"],
            _ => ["-alpha", "set", "-channel", "A", "-fx", "i/w", "+channel"],
        };
        string[] kind = ["-define", $"png:color-type={colourType}", "-define", $"png:bit-depth={bitDepth}",
            "-define", "png:exclude-chunks=bKGD,gAMA,cHRM"];
        convert.Run(["-seed", "7", "-size", "41x23", "plasma:red-blue", .. look, "-interlace", interlaced ? "PNG" : "none", .. kind,
            folder.File("b.png")]);
        byte[] written = File.ReadAllBytes(folder.File("b.png"));
        Assert.That(((int)written[25], (int)written[24], written[28] == 1), Is.EqualTo((colourType, bitDepth, interlaced)), "the kind");
        PictureAssert.Same(PictureFile.Read(folder.File("b.png")), Seen(convert, "b.png"), SixteenBits, "ImageMagick's file");
    }

    [TestCase(8)]
    [TestCase(16)]
    public void Encode_IsReadByLibpngAsTheSameSamples(int bitDepth)
    {
        ExternalTool reader = ExternalTool.PngToPnm();
        Picture picture = PictureAssert.Noise(133, 71, seed: 2);
        // Smooth halves make the encoder choose other filters than noise does.
        for (int i = 0; i < picture.Samples.Length / 2; i++) picture.Samples[i] = i % 133 * 1.9f;
        PictureWriteOptions options = new(bitDepth);
        PictureFile.Write(folder.File("c.png"), picture, options);
        PictureFile.Write(folder.File("c.ppm"), picture, options);
        Assert.That(reader.RunForBytes(folder.File("c.png")), Is.EqualTo(File.ReadAllBytes(folder.File("c.ppm"))));
    }

    // What ImageMagick makes of a file, on white, with 16 bits.
    private Picture Seen(ExternalTool convert, string name)
    {
        convert.Run(folder.File(name), "-background", "white", "-alpha", "remove", "-depth", "16", folder.File("seen.ppm"));
        return PictureFile.Read(folder.File("seen.ppm"));
    }
}
