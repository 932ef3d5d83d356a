using System.Buffers.Binary;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

public class PngDecodeTests
{
    // Opaque samples are exact but for the one rounding of v/257 to a float; blending rounds three times more, at up to 255.
    private const double Exact = 1.0 / 65536, Blended = 4.0 / 65536;

    private static readonly int[] Filters = [-1, 0, 1, 2, 3, 4];

    private static IEnumerable<TestCaseData> Kinds() =>
        PngKinds.All.SelectMany(kind => new[] { false, true }, (kind, interlaced) =>
            new TestCaseData(kind.ColourType, kind.BitDepth, interlaced));

    [TestCaseSource(nameof(Kinds))]
    public void Decode_EveryKindFilterAndSize_MatchesTheDefinition(int colourType, int bitDepth, bool interlaced)
    {
        // Sizes below 8 leave Adam7 passes out; widths that are no multiple of 8 leave bits of a row unused.
        foreach ((int width, int height) in new[] { (1, 1), (2, 1), (1, 5), (3, 2), (5, 5), (8, 8), (9, 7), (17, 13), (33, 20) })
            foreach (int filter in Filters)
            {
                int seed = width * 1000 + height * 10 + filter;
                PngTestWriter file = PngKinds.Random(colourType, bitDepth, width, height, interlaced, seed) with { Filter = filter };
                PictureAssert.Same(Decode(file), PngKinds.Expected(file), colourType >= 4 ? Blended : Exact, $"{file} seed {seed}");
            }
    }

    [Test]
    public void Decode_SixteenBits_KeepsTheFraction()
    {
        PngTestWriter file = new(3, 1, 2, 16) { Samples = [0, 1, 2, 256, 257, 258, 65533, 65534, 65535] };
        float[] expected = [0, 256 / 257f, 65533 / 257f, 1 / 257f, 1, 65534 / 257f, 2 / 257f, 258 / 257f, 255];
        Assert.That(Decode(file).Samples, Is.EqualTo(expected));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    [TestCase(8)]
    public void Decode_PaletteWithTransparency_IsCompositedOntoWhite(int bitDepth)
    {
        PngTestWriter file = PngKinds.Random(3, bitDepth, 19, 11, interlaced: true, seed: 5);
        byte[] opacity = new byte[1 << (bitDepth - 1)];
        new Random(6).NextBytes(opacity);
        opacity[0] = 0;
        file = file with { Transparency = opacity };
        PictureAssert.Same(Decode(file), PngKinds.Expected(file), Blended, $"{bitDepth} bits");
    }

    [TestCaseSource(nameof(KeyedKinds))]
    public void Decode_ColourKey_BecomesWhiteAndNearbyColoursDoNot(int colourType, int bitDepth)
    {
        PngTestWriter file = PngKinds.Random(colourType, bitDepth, 15, 9, interlaced: false, seed: 8);
        byte[] key = new byte[2 * file.Channels];
        for (int c = 0; c < file.Channels; c++) BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(2 * c), (ushort)file.Samples[c]);
        file = file with { Transparency = key };
        Picture picture = Decode(file);
        PictureAssert.Same(picture, PngKinds.Expected(file), Exact, $"{file}");
        Assert.That(picture.Samples[0], Is.EqualTo(255f), "the first pixel is the key");
    }

    private static IEnumerable<TestCaseData> KeyedKinds() =>
        PngKinds.All.Where(kind => kind.ColourType is 0 or 2).Select(kind => new TestCaseData(kind.ColourType, kind.BitDepth));

    [Test]
    public void Decode_WhollyTransparentPixels_AreExactlyWhiteAndOpaqueOnesUnchanged()
    {
        PngTestWriter file = new(2, 1, 6, 8) { Samples = [10, 20, 30, 0, 10, 20, 30, 255] };
        Assert.That(Decode(file).Samples, Is.EqualTo(new float[] { 255, 10, 255, 20, 255, 30 }));
    }

    [TestCase(1)]
    [TestCase(7)]
    public void Decode_DataInManyChunks_IsJoined(int chunkBytes)
    {
        PngTestWriter file = PngKinds.Random(2, 8, 30, 20, interlaced: true, seed: 9) with { ChunkBytes = chunkBytes };
        PictureAssert.Same(Decode(file), PngKinds.Expected(file), 0, $"{chunkBytes} bytes a chunk");
    }

    [Test]
    public void Decode_UnknownAncillaryChunkAndSuggestedPalette_AreSkipped()
    {
        PngTestWriter file = PngKinds.Random(6, 8, 4, 4, interlaced: false, seed: 10) with
        {
            Palette = [1, 2, 3],
            Extra = [("tEXt", "Title\0x"u8.ToArray()), ("xyZz", [1, 2, 3]), ("zTXt", [])],
        };
        PictureAssert.Same(Decode(file), PngKinds.Expected(file), Blended, "with chunks that do not matter");
    }

    [Test]
    public void Decode_BytesAfterThePictureOrTheFile_AreIgnored()
    {
        PngTestWriter file = PngKinds.Random(0, 8, 6, 5, interlaced: false, seed: 11) with { Surplus = new byte[100_000] };
        byte[] bytes = [.. file.Write(), .. "something else"u8];
        PictureAssert.Same(new PngCodec().Decode(bytes, 100), PngKinds.Expected(file), 0, "with surplus");
    }

    [TestCase("astronaut.png", 512, 512)]
    [TestCase("coffee.png", 600, 400)]
    public void Decode_PhotographsOfTheTestData_HaveTheirSize(string name, int width, int height)
    {
        Picture picture = PictureFile.Read(SharedData.Require($"data/images/{name}"));
        Assert.That((picture.Width, picture.Height), Is.EqualTo((width, height)));
        Assert.That(picture.Samples, Has.All.InRange(0f, 255f));
    }

    private static Picture Decode(PngTestWriter file) => new PngCodec().Decode(file.Write(), maxPixels: 10_000);
}
