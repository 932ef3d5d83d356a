using System.Text;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

public class PpmCodecTests
{
    private const long MaxPixels = 100_000;

    [TestCase("P6 2 1 255 ")]
    [TestCase("P6\n2 1\n255\n")]
    [TestCase("P6\n# by hand\n2 # width\r 1\n#\n\n255\n")]
    [TestCase("P6\t\v\f\r\n0002 1 0255\t")]
    public void Decode_AnyWhiteSpaceAndComments_ReadsTheHeader(string header)
    {
        Picture picture = Decode([.. Encoding.ASCII.GetBytes(header), 1, 2, 3, 10, 11, 12]);
        Assert.That(picture.Samples, Is.EqualTo(new float[] { 1, 10, 2, 11, 3, 12 }));
    }

    [Test]
    public void Decode_Grey_FillsAllPlanes() =>
        Assert.That(Decode([.. "P5 3 1 255\n"u8, 0, 10, 35]).Samples, Is.EqualTo(new float[] { 0, 10, 35, 0, 10, 35, 0, 10, 35 }));

    [TestCase(1, 1, 255f)]
    [TestCase(15, 7, 119f)]
    [TestCase(100, 50, 127.5f)]
    [TestCase(1023, 341, 85f)]
    [TestCase(65535, 300, 300 / 257f)]
    public void Decode_AnyLargestValue_ScalesTo255(int maximum, int value, float expected)
    {
        byte[] sample = maximum > 255 ? [(byte)(value >> 8), (byte)value] : [(byte)value];
        Picture picture = Decode([.. Encoding.ASCII.GetBytes($"P5 1 1 {maximum}\n"), .. sample]);
        Assert.That(picture.Samples, Is.All.EqualTo(expected));
    }

    [Test]
    public void Decode_ASecondPictureInTheFile_IsIgnored() =>
        Assert.That(Decode([.. "P5 1 1 255\n"u8, 7, .. "P5 1 1 255\n"u8, 8]).Samples, Is.All.EqualTo(7f));

    [TestCase(8)]
    [TestCase(16)]
    public void Encode_ThenDecode_RoundsToTheNearestValue(int bitDepth)
    {
        Picture picture = PictureAssert.Noise(37, 21, seed: 1);
        double tolerance = bitDepth == 8 ? 0.5 : 0.5 / 257 + 2e-5;
        PictureAssert.Same(Decode(Encode(picture, bitDepth)), picture, tolerance, $"{bitDepth} bits");
    }

    [Test]
    public void Encode_WritesTheFormatsOwnBytes()
    {
        Picture picture = new(2, 1, [0, 255, 1, 254, 2, 253]);
        Assert.That(Encode(picture, 8), Is.EqualTo((byte[])[.. "P6\n2 1\n255\n"u8, 0, 1, 2, 255, 254, 253]));
        Assert.That(Encode(picture, 16), Is.EqualTo((byte[])[.. "P6\n2 1\n65535\n"u8, 0, 0, 1, 1, 2, 2, 255, 255, 254, 254, 253, 253]));
    }

    [TestCase("P6 x 1 255\n", "not a number")]
    [TestCase("P6 -1 1 255\n", "not a number")]
    [TestCase("P6 1 1 0\n", "largest value is 0")]
    [TestCase("P6 1 1 65536\n", "largest value is 65536")]
    [TestCase("P6 0 1 255\n", "0×1")]
    [TestCase("P6 1 99999999999999999999999999 255\n", "impossible size")]
    [TestCase("P6 100000 100000 255\n", "10000 megapixels, the limit is 0.1; raise --max-pixels")]
    [TestCase("P6 300 300 255\nabc", "need 270000 bytes, it holds 3")]
    [TestCase("P6 1 1 255#\n", "white space")]
    [TestCase("P6 1 1", "cut off in its header")]
    [TestCase("P6 1 # never ends", "cut off in its header")]
    [TestCase("P6 1 1 255", "white space")]
    [TestCase("P5 1 1 90\nz", "122, above the largest value 90")]
    [TestCase("P7 1 1 255\n", "does not begin")]
    public void Decode_AWrongFile_IsRefusedWithTheReason(string file, string reason) =>
        Assert.That(Assert.Throws<PictureFormatException>(() => Decode(Encoding.ASCII.GetBytes(file)))!.Message, Does.Contain(reason));

    [Test]
    public void Decode_EveryPrefixOfAFile_IsRefused()
    {
        byte[] file = [.. "P6 #c\n 3 2 65535\n"u8, .. new byte[36]];
        Assert.DoesNotThrow(() => Decode(file));
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<PictureFormatException>(() => Decode(file[..length]), $"{length} bytes");
    }

    [Test]
    [CancelAfter(60_000)]
    public void Decode_RandomChanges_GiveAPictureOrAReason()
    {
        int refusals = 0;
        for (int seed = 0; seed < 5000; seed++)
        {
            byte[] file = [.. "P6\n#c\n3 2\n200\n"u8, .. new byte[18]];
            Random random = new(seed);
            for (int change = random.Next(1, 4); change > 0; change--) file[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                Decode(file);
            }
            catch (PictureFormatException)
            {
                refusals++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }
        Assert.That(refusals, Is.InRange(1000, 4900));
    }

    private static Picture Decode(byte[] file) => new PpmCodec().Decode(file, MaxPixels);

    private static byte[] Encode(Picture picture, int bitDepth)
    {
        MemoryStream stream = new();
        new PpmCodec().Encode(picture, new PictureWriteOptions(bitDepth), stream);
        return stream.ToArray();
    }
}
