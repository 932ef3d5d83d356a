using System.Buffers.Binary;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

/// <summary>Whatever stands in a file, the codec gives a picture or says what is wrong; it never crashes, hangs or takes memory that
/// the file does not justify.</summary>
public class PngDamageTests
{
    private const long MaxPixels = 1_000_000;

    [Test]
    public void Decode_EveryPrefixOfAFile_IsRefused()
    {
        int count = 0;
        foreach ((int colourType, int bitDepth) in PngKinds.All)
        {
            byte[] file = (PngKinds.Random(colourType, bitDepth, 9, 6, interlaced: true, seed: 1) with { ChunkBytes = 40 }).Write();
            for (int length = 0; length < file.Length; length++, count++)
                Assert.Throws<PictureFormatException>(() => Decode(file[..length]), $"type {colourType}, {length} of {file.Length} bytes");
        }
        TestContext.Out.WriteLine($"{count} prefixes");
    }

    [TestCase(false)]
    [TestCase(true)]
    [CancelAfter(60_000)]
    public void Decode_RandomChanges_GiveAPictureOrAReason(bool repairChecksums)
    {
        (int pictures, int refusals) = (0, 0);
        foreach ((int colourType, int bitDepth) in PngKinds.All)
            for (int seed = 0; seed < 300; seed++)
            {
                byte[] file = (PngKinds.Random(colourType, bitDepth, 11, 7, seed % 2 == 0, seed) with { ChunkBytes = 60 }).Write();
                Random random = new(seed);
                for (int change = random.Next(1, 4); change > 0; change--) file[random.Next(8, file.Length)] = (byte)random.Next(256);
                // With right checksums the changes reach the code behind them.
                if (repairChecksums) RepairChecksums(file);
                try
                {
                    Decode(file);
                    pictures++;
                }
                catch (PictureFormatException)
                {
                    refusals++;
                }
                catch (Exception e)
                {
                    Assert.Fail($"type {colourType}, {bitDepth} bits, seed {seed}: {e}");
                }
            }
        TestContext.Out.WriteLine($"{pictures} pictures, {refusals} refusals");
        Assert.That(refusals, Is.GreaterThan(1000));
        if (repairChecksums) Assert.That(pictures, Is.GreaterThan(50), "some changes must reach the decoder's end");
    }

    [Test]
    public void Decode_AHugeClaim_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] file = WithSize(100_000, 90_000);
        string message = Refusal(file);
        Assert.That(message, Is.EqualTo("claims 100000×90000 = 9000 megapixels, the limit is 1; raise --max-pixels"));
        Assert.That(Assert.Throws<PictureFormatException>(() => new PngCodec().Decode(file, long.MaxValue))!.Message,
            Does.Contain("more than"));
    }

    [Test]
    public void Decode_AClaimThatTheDataCannotFill_TakesNoMemory()
    {
        byte[] file = WithSize(14_000, 14_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(Assert.Throws<PictureFormatException>(() => new PngCodec().Decode(file, PictureFile.DefaultMaxPixels))!.Message,
            Does.Contain("cannot hold the 14000×14000 pixels"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000_000));
    }

    [TestCase(0u, 5u)]
    [TestCase(5u, 0u)]
    [TestCase(0x80000000u, 1u)]
    [TestCase(0xFFFFFFFFu, 0xFFFFFFFFu)]
    public void Decode_AnImpossibleSize_IsRefused(uint width, uint height) =>
        Assert.That(Refusal(WithSize(width, height)), Does.Contain($"{width}×{height}"));

    [Test]
    public void Decode_ABombOfZeros_IsReadNoFurtherThanThePicture()
    {
        PngTestWriter file = PngKinds.Random(0, 8, 6, 5, interlaced: false, seed: 3) with { Surplus = new byte[30_000_000] };
        byte[] bytes = file.Write();
        // The second half of the compressed data is damaged: who goes on to decompress it will find out.
        bytes.AsSpan(bytes.Length / 2, bytes.Length / 2 - 100).Fill(0xFF);
        RepairChecksums(bytes);
        PictureAssert.Same(Decode(bytes), PngKinds.Expected(file), 0, "a bomb's first rows");
    }

    private static IEnumerable<TestCaseData> WrongFiles()
    {
        PngTestWriter rgb = PngKinds.Random(2, 8, 5, 4, interlaced: false, seed: 4), indexed = PngKinds.Random(3, 4, 5, 4, false, 4);
        yield return Case("no palette", (indexed with { Palette = null }).Write(), "palette");
        yield return Case("short palette", (indexed with { Palette = [1, 2, 3], Samples = [.. Enumerable.Repeat(7, 20)] }).Write(),
            "colour 7 of a palette of 1");
        yield return Case("odd palette", (indexed with { Palette = [1, 2, 3, 4] }).Write(), "4 bytes");
        yield return Case("short colour key", (rgb with { Transparency = [0, 1] }).Write(), "2 bytes, not 6");
        yield return Case("unknown critical chunk", (rgb with { Extra = [("CgBI", [])] }).Write(), "'CgBI'");
        yield return Case("second header", (rgb with { Extra = [("IHDR", new byte[13])] }).Write(), "header");
        yield return Case("chunk name that is none", (rgb with { Extra = [("a b1", [])] }).Write(), "four letters");
        yield return Case("filter 9", (rgb with { Filter = 9 }).Write(), "filter 9");
        yield return Case("too few rows", Changed(rgb.Write(), 23, 5), "row 5 of 5");
        yield return Case("7 bits", Changed(rgb.Write(), 24, 7), "7 bits");
        yield return Case("colour type 5", Changed(rgb.Write(), 25, 5), "colour type 5");
        yield return Case("compression 1", Changed(rgb.Write(), 26, 1), "compression 1");
        yield return Case("filter method 1", Changed(rgb.Write(), 27, 1), "filter 1");
        yield return Case("interlace 2", Changed(rgb.Write(), 28, 2), "interlace 2");
        yield return Case("not zlib", Build(("IHDR", rgb.Write()[16..29]), ("IDAT", new byte[200]), ("IEND", [])), "compressed data");
        yield return Case("no data", Build(("IHDR", rgb.Write()[16..29]), ("IEND", [])), "no picture data");
        yield return Case("no end", Build(("IHDR", rgb.Write()[16..29]), ("IDAT", [1])), "cut off");
        yield return Case("no header", Build(("IDAT", [1]), ("IEND", [])), "header");
        yield return Case("parted data", Build(("IHDR", rgb.Write()[16..29]), ("IDAT", [1]), ("tEXt", []), ("IDAT", [1])), "out of place");
    }

    [TestCaseSource(nameof(WrongFiles))]
    public void Decode_AWrongFile_IsRefusedWithTheReason(byte[] file, string reason) => Assert.That(Refusal(file), Does.Contain(reason));

    [Test]
    public void Decode_AWrongChecksum_NamesTheChunk()
    {
        byte[] file = PngKinds.Random(2, 8, 5, 4, interlaced: false, seed: 5).Write();
        file[^14] ^= 1;
        Assert.That(Refusal(file), Does.Contain("'IDAT' is damaged"));
    }

    private static TestCaseData Case(string name, byte[] file, string reason) => new TestCaseData(file, reason).SetArgDisplayNames(name);

    private static Picture Decode(byte[] file) => new PngCodec().Decode(file, MaxPixels);

    private static string Refusal(byte[] file) => Assert.Throws<PictureFormatException>(() => Decode(file))!.Message;

    private static byte[] WithSize(uint width, uint height)
    {
        byte[] file = PngKinds.Random(2, 8, 5, 4, interlaced: false, seed: 2).Write();
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(20), height);
        RepairChecksums(file);
        return file;
    }

    private static byte[] Changed(byte[] file, int at, byte value)
    {
        file[at] = value;
        RepairChecksums(file);
        return file;
    }

    private static byte[] Build(params (string Type, byte[] Data)[] chunks)
    {
        MemoryStream file = new();
        file.Write([137, 80, 78, 71, 13, 10, 26, 10]);
        foreach ((string type, byte[] data) in chunks) PngTestWriter.WriteChunk(file, type, data);
        return file.ToArray();
    }

    private static void RepairChecksums(byte[] file)
    {
        for (int at = 8; at + 12 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12) return;
            int end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(end), PngTestWriter.Crc(file[(at + 4)..end]));
            at = end + 4;
        }
    }
}
