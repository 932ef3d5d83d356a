using GatysGpu.Engine.Imaging;
using static GatysGpu.Tests.Imaging.JpegTestPictures;

namespace GatysGpu.Tests.Imaging;

public class JpegEncoderTests
{
    /// <summary>Bounds one dB below what was measured (24.6, 28.9, 31.4, 35.7, 39.8 and 51.2 dB).</summary>
    [TestCase(10, 23.5)]
    [TestCase(50, 27.9)]
    [TestCase(75, 30.4)]
    [TestCase(90, 34.7)]
    [TestCase(95, 38.8)]
    [TestCase(100, 50.2)]
    public void Encode_ThenDecode_IsAsCloseAsTheQualityAsks(int quality, double decibel)
    {
        Picture picture = Photo(200, 150);
        Assert.That(Psnr(Decode(Encode(picture, quality)), picture), Is.GreaterThan(decibel));
    }

    /// <summary>With all steps 1, what remains is the rounding of coefficients (±½) and of two colour conversions: measured 2.</summary>
    [Test]
    public void Encode_OddSizes_AtQuality100_AreWithinThree()
    {
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (7, 5), (8, 8), (9, 16), (17, 33), (1, 40), (40, 1), (65, 3)])
        {
            Picture picture = Photo(width, height);
            AssertClose(Decode(Encode(picture, 100)), picture, 3, $"{width}×{height}");
        }
    }

    [Test]
    public void Encode_EveryQuality_CanBeDecoded()
    {
        Picture picture = Small();
        for (int quality = 1; quality <= 100; quality++)
        {
            Picture decoded = Decode(Encode(picture, quality));
            Assert.That((decoded.Width, decoded.Height), Is.EqualTo((19, 13)), $"quality {quality}");
        }
    }

    /// <summary>Extreme blocks have the largest coefficients there are; noise has all symbols. More samples than above, so a rarer sum
    /// of roundings: measured 4.</summary>
    [Test]
    public void Encode_ExtremesAndNoise_AtQuality100_AreWithinFive()
    {
        Random random = new(7);
        Picture picture = new(128, 64);
        for (int i = 0; i < picture.Samples.Length; i++) picture.Samples[i] = i % 128 < 64 ? random.Next(2) * 255 : random.Next(256);
        AssertClose(Decode(Encode(picture, 100)), picture, 5, "seed 7");
    }

    [Test]
    public void Encode_SamePicture_GivesSameBytes()
    {
        Picture picture = Photo(70, 50);
        Assert.That(Encode(picture, 85), Is.EqualTo(Encode(picture, 85)));
    }

    [Test]
    public void Encode_SamplesOutOfRange_AreRoundedAndClamped()
    {
        Picture wild = Photo(33, 20), tame = Photo(33, 20);
        (wild.Samples[0], tame.Samples[0]) = (-1000, 0);
        (wild.Samples[1], tame.Samples[1]) = (1e9f, 255);
        (wild.Samples[2], tame.Samples[2]) = (float.PositiveInfinity, 255);
        (wild.Samples[32], tame.Samples[32]) = (12.4f, 12);   // column 32 is not in a whole register
        (wild.Samples[65], tame.Samples[65]) = (254.6f, 255);
        (wild.Samples[700], tame.Samples[700]) = (99.7f, 100);
        Assert.That(Encode(wild, 100), Is.EqualTo(Encode(tame, 100)));
    }

    [Test]
    public void Encode_NotANumber_IsWrittenAsSomething()
    {
        Picture picture = Photo(9, 9);
        Array.Fill(picture.Samples, float.NaN);
        Assert.That(Decode(Encode(picture, 90)).Width, Is.EqualTo(9));
    }

    [Test]
    public void Encode_ImpossibleArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(Small(), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(Small(), 101));
        ArgumentException tooWide = Assert.Throws<ArgumentException>(() => Encode(new Picture(65536, 1), 90))!;
        Assert.That(tooWide.Message, Does.Contain("65536×1").And.Contain("PNG"));
    }

    [Test]
    public void Encode_LongestSide_Works()
    {
        Picture picture = Photo(65535, 1);
        AssertClose(Decode(Encode(picture, 100)), picture, 3, "65535×1");
    }

    /// <summary>libjpeg's own program reads what we write, and sees the same pixels as we do.</summary>
    [Test]
    public void Encode_IsReadByLibjpeg()
    {
        string djpeg = RequireTool("djpeg");
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (7, 5), (64, 48), (201, 99)])
            foreach (int quality in (int[])[1, 30, 75, 95, 100])
            {
                byte[] file = Encode(Photo(width, height), quality);
                AssertClose(Decode(file), FromPpm(Run(djpeg, file, "-ppm")), 0, $"{width}×{height}, quality {quality}");
            }
    }

    /// <summary>The coefficients are those of libjpeg's accurate transform, so its decoder makes the same pixels of both files; and
    /// the tables are optimal, so ours is no larger but for chance: bytes FF, which are written twice.</summary>
    [Test]
    public void Encode_HoldsTheSameCoefficientsAsLibjpegs()
    {
        string cjpeg = RequireTool("cjpeg");
        Picture picture = Photo(201, 99);
        foreach (int quality in (int[])[5, 30, 50, 75, 92, 100])
        {
            byte[] ours = Encode(picture, quality);
            byte[] theirs = Run(cjpeg, Ppm(picture), "-quality", $"{quality}", "-baseline", "-optimize", "-sample", "1x1", "-dct", "int");
            AssertClose(Decode(ours), Decode(theirs), 0, $"quality {quality}");
            Assert.That(ours.Length, Is.LessThanOrEqualTo(theirs.Length * 1.002 + 8), $"quality {quality}");
        }
    }
}
