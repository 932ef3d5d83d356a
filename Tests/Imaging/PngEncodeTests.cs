using System.Buffers.Binary;
using System.Text;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

public class PngEncodeTests
{
    [TestCase(1, 1)]
    [TestCase(3, 2)]
    [TestCase(2, 200)]
    [TestCase(257, 131)]
    public void Encode_ThenDecode_RoundsToTheNearestValue(int width, int height)
    {
        Picture picture = PictureAssert.Noise(width, height, seed: 1);
        // Half a step, and a float's rounding of the value itself.
        PictureAssert.Same(Decode(Encode(picture, 8)), picture, 0.5, "8 bits");
        PictureAssert.Same(Decode(Encode(picture, 16)), picture, 0.5 / 257 + 2e-5, "16 bits");
    }

    [Test]
    public void Encode_EveryValueOfTheDepth_ComesBackUnchanged()
    {
        Picture eight = new(256, 1), sixteen = new(256, 256);
        for (int i = 0; i < eight.Samples.Length; i++) eight.Samples[i] = i % 256;
        for (int i = 0; i < sixteen.Samples.Length; i++) sixteen.Samples[i] = i % 65536 / 257f;
        PictureAssert.Same(Decode(Encode(eight, 8)), eight, 0, "8 bits");
        PictureAssert.Same(Decode(Encode(sixteen, 16)), sixteen, 0, "16 bits");
    }

    [TestCase(8)]
    [TestCase(16)]
    public void Encode_SamplesOutOfRange_AreClampedAndNotANumberIsBlack(int bitDepth)
    {
        Picture picture = new(3, 1, [-1, 256, float.NaN, float.NegativeInfinity, float.PositiveInfinity, 300, -0f, 1e30f, -1e30f]);
        Assert.That(Decode(Encode(picture, bitDepth)).Samples, Is.EqualTo(new float[] { 0, 255, 0, 0, 255, 255, 0, 255, 0 }));
    }

    [Test]
    public void Encode_Twice_GivesTheSameBytes()
    {
        Picture picture = PictureAssert.Noise(300, 200, seed: 2);
        Assert.That(Encode(picture, 16), Is.EqualTo(Encode(picture, 16)));
    }

    [Test]
    public void Encode_WritesTheChunksOfAnSrgbPictureWithTheirChecksums()
    {
        byte[] file = Encode(PictureAssert.Noise(300, 200, seed: 3), 16);
        List<string> types = [];
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            types.Add(Encoding.ASCII.GetString(file, at + 4, 4));
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)),
                Is.EqualTo(PngTestWriter.Crc(file[(at + 4)..(at + 8 + length)])), types[^1]);
            at += 12 + length;
        }
        Assert.That(types.Distinct(), Is.EqualTo(new[] { "IHDR", "sRGB", "IDAT", "IEND" }));
        Assert.That(types.Count(type => type == "IDAT"), Is.GreaterThan(1), "the picture is large enough for several pieces");
    }

    [Test]
    public void Encode_SmoothPicture_IsMuchSmallerThanItsSamples()
    {
        Picture picture = new(256, 256);
        for (int i = 0; i < picture.Samples.Length; i++) picture.Samples[i] = (i % 256 + i / 256 % 256) / 2f;
        // With the best filters a slope becomes nearly constant; without any it would stay above a tenth.
        Assert.That(Encode(picture, 8), Has.Length.LessThan(256 * 256 * 3 / 100));
    }

    [TestCase(0)]
    [TestCase(12)]
    public void Encode_UnknownDepth_IsRefused(int bitDepth) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(new Picture(1, 1), bitDepth));

    private static byte[] Encode(Picture picture, int bitDepth)
    {
        MemoryStream stream = new();
        new PngCodec().Encode(picture, new PictureWriteOptions(bitDepth), stream);
        return stream.ToArray();
    }

    private static Picture Decode(byte[] file) => new PngCodec().Decode(file, maxPixels: 100_000);
}
