using System.Buffers.Binary;
using System.Security.Cryptography;
using GatysGpu.Engine.Imaging;
using static GatysGpu.Tests.Imaging.JpegTestPictures;

namespace GatysGpu.Tests.Imaging;

public class JpegDecoderTests
{
    private static JpegEmbeddedFiles.Example[] Examples => JpegEmbeddedFiles.All;

    /// <summary>Exactly: the transform, the upsampling and the conversion are the same integer arithmetic as libjpeg's.</summary>
    [TestCaseSource(nameof(Examples))]
    public void Decode_EmbeddedFile_EqualsLibjpeg(object example)
    {
        var (name, file, pixels) = (JpegEmbeddedFiles.Example)example;
        AssertClose(Decode(file), FromInterleaved(19, 13, pixels), 0, name);
    }

    /// <summary>Guards the expected pixels themselves: they must look like the picture, which is hard on chroma of a quarter: 18 dB
    /// (4:1:1) to 27 dB (RGB). An unrelated picture has 7.</summary>
    [Test]
    public void EmbeddedFiles_LookLikeThePicture()
    {
        foreach (JpegEmbeddedFiles.Example e in Examples.Where(e => e.Name is not ("WideSteps" or "ProgressiveGrey")))
            Assert.That(Psnr(FromInterleaved(19, 13, e.Pixels), Small()), Is.GreaterThan(17), e.Name);
    }

    /// <summary>Where the standard's words put the stored row 0 and column 0 for each orientation.</summary>
    [Test]
    public void Decode_ExifOrientation_TurnsThePicture([Range(1, 8)] int orientation, [Values] bool littleEndian)
    {
        string row0 = ((string[])["top", "top", "bottom", "bottom", "left", "right", "right", "left"])[orientation - 1];
        string column0 = ((string[])["left", "right", "right", "left", "top", "top", "bottom", "bottom"])[orientation - 1];
        foreach (JpegEmbeddedFiles.Example e in Examples)
        {
            Picture stored = Decode(e.File), shown = Decode(WithExif(e.File, Exif(orientation, littleEndian)));
            bool turned = orientation >= 5;
            Picture expected = turned ? new(stored.Height, stored.Width) : new(stored.Width, stored.Height);
            for (int i = 0; i < stored.Samples.Length; i++)
            {
                int x = i % stored.Width, y = i / stored.Width % stored.Height, channel = i / (stored.Width * stored.Height);
                int fromColumn = column0 is "left" or "top" ? x : stored.Width - 1 - x;
                int fromRow = row0 is "left" or "top" ? y : stored.Height - 1 - y;
                int at = turned ? fromColumn * expected.Width + fromRow : fromRow * expected.Width + fromColumn;
                expected.Plane(channel)[at] = stored.Samples[i];
            }
            AssertClose(shown, expected, 0, $"{e.Name}, orientation {orientation}");
        }
    }

    [Test]
    public void Decode_MalformedExif_IsTakenAsUpright()
    {
        byte[] file = JpegEmbeddedFiles.Get("Baseline444").File, exif = Exif(6, littleEndian: true);
        Picture upright = Decode(file);
        for (int length = 0; length < exif.Length - 4; length++)
            AssertClose(Decode(WithExif(file, exif[..length])), upright, 0, $"{length} bytes");
        // Byte order, magic, directory offset, type, count, value: whatever stands there must not throw.
        for (int i = 6; i < exif.Length; i++)
            foreach (byte value in (byte[])[0, 9, 0x7F, 0xFF])
                Assert.DoesNotThrow(() => Decode(WithExif(file, [.. exif[..i], value, .. exif[(i + 1)..]])), $"byte {i} = {value}");
    }

    [Test]
    public void Decode_FillBytesCommentsAndTrailingBytes_AreSkipped()
    {
        JpegEmbeddedFiles.Example e = JpegEmbeddedFiles.Get("Restart420");
        byte[] comment = [0xFF, 0xFF, 0xFF, 0xFE, 0, 5, 1, 2, 3];
        byte[] file = [.. e.File[..2], .. comment, .. e.File[2..], 1, 2, 3];
        AssertClose(Decode(file), FromInterleaved(19, 13, e.Pixels), 0, "with a comment");
    }

    /// <summary>Values from Pillow 9.4 (libjpeg-turbo): mean of each channel, 100 pixels of a grid, SHA-256 of all pixels.</summary>
    [TestCase("shipwreck", 960, 662, 78.49175478, 85.87020707, 59.5774657, "119be01253c9578e5c8990f3531c18dee2b21e03e5842d18f0c03778f0f9b205",
        "ZWhLa3VacXtiR1hGUWRONUc3S11HSVg3S2A3N002eHVChYVRbXdUaXpnWWxZPVRESF1ORmFSM01AIj0uChcfQEYqcnZdcX1naHhdZnVeYXVZUmlXOlRRPFNLCw8Y" +
        "DBMZExogYmAl0alS/9pf48l1W21FSWBEP1ZECxAWPCwsIywrWVkn7rlFwJAS68phknYTYVUZY3ZjCBAbFh0jXUkAIicheotnDhwFkIlFaWYfhI1eSFc4Cw8YEB8m" +
        "aEoYCg4NDBAZBxwVQVYvdpFeBxschJWCEiAjCxIcJTgiCxAWPkEKWFsmN0FDDhghCxgRR2E0CREcRVxUCxEhRlY5VGY+kp9aS15ABg4QUGdLRlhACg4aCw8YKjo5" +
        "Y3FgS2BBS1k2TV9JCREcDQ8bESca")]
    [TestCase("starry_night", 1024, 640, 86.26364288, 113.87021027, 125.41635742, "1f9857979d2870cd818084c6eb897c02453fef083730a380a2863435dde3633a",
        "e4PUKT18//bdg8P/SXShOUt7erb1UHvK0MRK//+MIDp1ETyKACxrUanxIFOSQpPLJ0l30P7a//+v7rEbKHTCju7/lM/NChIdHW2ger3ObrjfeJCcBThJtrht0/zc" +
        "BktbXpDXVIKzMoDAf9X/O3ivCUxVI0SHHyhRsszDLigoHSxB3PLBAC9WD0B6Opa/q+fx8fKw//2pBi1uJRgIHVuk/+yOwdfUO3SrFmdrK1qI/v+0HhMPztnVCRUl" +
        "FBQ4cJynNTkW/v/sttTSEDEmHRczHxEOea+5BQ0YtaafFjVhIF+kGx4vJ01YJDxoKUpzAC5dERMoAhQsinpjHyEeLjtMXYiB9///BBISAAENenpiS1VXBAoWQSUz" +
        "CAYUYWuOBDFSDhMmBAgrAh0uAAoq")]
    [TestCase("tubingen", 1024, 768, 103.3073705, 115.23383713, 120.44074885, "e4c5d5dd019764bbd3c9ad64265d67901608a8e6cdf22b80d315bfff40882fdb",
        "Mlh9Sn2sTYOyTYW4S4K6Soe+TIS/S4i/S4O8RXixJkBbTYK0XY29VYm7W4++VI7AVI3CU4e3WIvEUYO2V3GMUX6lVo6zX5HCYZG/X5HCl4dlXpK6aJLEf25nWGt5" +
        "X4alZ5S7a5m6bJnCapvEeG1ZblVYWEA8n5iOLjc0gZynbpOwhUtKSU5Ii2dZFhodsqyg8e/gS1BKbk9MWlBHLjIz/vr7/+nAfmVHvqd+29fM6b2yppujLC8kr5dp" +
        "OzgpfmxUWlZKgXVfzrKL5NnTtLea9PLlHyAbHSAZNzctOTIqamRUXk05V148+fPlkWdBXFA4Jichal40MzYvUVNFQUg4nZF3xqqDjYNqZGNOY1ZDGigpHysnMjot" +
        "VFhJc3ZXJCwdVFI7MzsjPUEqUUgn")]
    public void Decode_SharedPicture_EqualsPillow(
        string name, int width, int height, double red, double green, double blue, string hash, string grid)
    {
        Picture picture = Decode(File.ReadAllBytes(SharedData.Require($"data/images/{name}.jpg")));
        Assert.That((picture.Width, picture.Height), Is.EqualTo((width, height)));
        byte[] expected = Convert.FromBase64String(grid);
        for (int i = 0; i < 100; i++)
            for (int c = 0; c < 3; c++)
            {
                int x = (2 * (i % 10) + 1) * width / 20, y = (2 * (i / 10) + 1) * height / 20;
                Assert.That(picture.Plane(c)[y * width + x], Is.EqualTo(expected[3 * i + c]), $"channel {c} at ({x}, {y})");
            }
        double[] means = [.. Enumerable.Range(0, 3).Select(c => picture.Plane(c).ToArray().Average(v => (double)v))];
        Assert.That(means, Is.EqualTo((double[])[red, green, blue]).Within(1e-6));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Interleaved(picture))), Is.EqualTo(hash));
    }

    [Test]
    public void Recognises_OnlyJpeg()
    {
        JpegCodec codec = new();
        Assert.That(codec.Recognises(JpegEmbeddedFiles.Get("Rgb").File.AsSpan(0, 16)), Is.True);
        foreach (byte[] head in (byte[][])[[], [0xFF], [0xFF, 0xD8], [0x89, (byte)'P', (byte)'N', (byte)'G'], [0xFF, 0xD8, 0]])
            Assert.That(codec.Recognises(head), Is.False);
    }

    /// <summary>An EXIF segment's content: one directory with the image width, as a decoy, and the orientation.</summary>
    private static byte[] Exif(int orientation, bool littleEndian)
    {
        var tiff = new byte[8 + 2 + 2 * 12 + 4];
        (littleEndian ? "II"u8 : "MM"u8).CopyTo(tiff);
        Put16(2, 42);
        Put32(4, 8);
        Put16(8, 2);
        PutEntry(10, 0x0100, 640);
        PutEntry(22, 0x0112, orientation);
        return [.. "Exif\0\0"u8, .. tiff];

        void PutEntry(int at, int tag, int value)
        {
            Put16(at, tag);
            Put16(at + 2, 3);
            Put32(at + 4, 1);
            Put16(at + 8, value);
        }

        void Put16(int at, int v)
        {
            if (littleEndian) BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), (ushort)v);
            else BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), (ushort)v);
        }

        void Put32(int at, int v)
        {
            if (littleEndian) BinaryPrimitives.WriteInt32LittleEndian(tiff.AsSpan(at), v);
            else BinaryPrimitives.WriteInt32BigEndian(tiff.AsSpan(at), v);
        }
    }

    private static byte[] WithExif(byte[] file, byte[] content) =>
        [.. file[..2], 0xFF, 0xE1, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. file[2..]];
}
