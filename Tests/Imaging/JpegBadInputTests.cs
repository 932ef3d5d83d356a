using System.Diagnostics;
using GatysGpu.Engine.Imaging;
using static GatysGpu.Tests.Imaging.JpegTestPictures;

namespace GatysGpu.Tests.Imaging;

/// <summary>Nothing but <see cref="PictureFormatException"/> comes out of the decoder, soon and without much memory.</summary>
public class JpegBadInputTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(3);

    /// <summary>A file of n bytes can claim 8n blocks of 64 pixels at 12 bytes of result, 6 of coefficients and samples and as much
    /// again for planes of unequal sampling: for the 700 bytes used here, far less than this.</summary>
    private const long MemoryLimit = 32 << 20;

    [Test]
    public void Decode_EveryPrefix_IsCutOff()
    {
        foreach (JpegEmbeddedFiles.Example e in JpegEmbeddedFiles.All)
            for (int length = 2; length < e.File.Length; length++)
                Assert.That(Attempt(e.File[..length], $"{e.Name}, {length} bytes"), Does.Contain("cut off"), $"{e.Name}, {length} bytes");
    }

    [Test]
    public void Decode_RandomChanges_FailCleanlyOrDecode([Range(1, 4)] int seed)
    {
        const int Files = 5000;
        Random random = new(seed);
        int failed = 0;
        for (int i = 0; i < Files; i++)
        {
            JpegEmbeddedFiles.Example e = JpegEmbeddedFiles.All[random.Next(JpegEmbeddedFiles.All.Length)];
            byte[] file = [.. e.File];
            for (int changes = random.Next(1, 6); changes > 0; changes--) Change(ref file, random);
            if (Attempt(file, $"seed {seed}, file {i}, {e.Name}") is not null) failed++;
        }
        // Changed coefficients still make a picture; most changes of tables, headers and markers do not. Measured: 83 to 84% are refused.
        Assert.That(failed, Is.InRange(Files / 4, Files - Files / 20), $"seed {seed}");
    }

    [Test]
    public void Decode_RandomBytesAfterAHeader_FailCleanly()
    {
        Random random = new(11);
        foreach (JpegEmbeddedFiles.Example e in JpegEmbeddedFiles.All)
            for (int i = 0; i < 200; i++)
            {
                byte[] file = [.. e.File];
                random.NextBytes(file.AsSpan(random.Next(2, file.Length)));
                Attempt(file, $"seed 11, {e.Name}, {i}");
            }
    }

    [TestCase(0, 1, "cut off")]
    [TestCase(1, 0, "cut off")]
    [TestCase(0, -1, "its size or its tables are wrong")]
    [TestCase(-1, 0, "its size or its tables are wrong")]
    public void Decode_WrongSize_IsFound(int columns, int rows, string message)
    {
        byte[] file = Encode(Photo(200, 152), 90);
        int at = IndexOfMarker(file, 0xC0) + 5;
        (file[at + 1], file[at + 3]) = ((byte)(152 + 16 * rows), (byte)(200 + 16 * columns));
        Assert.That(Attempt(file, "size"), Does.Contain(message));
    }

    [Test]
    public void Decode_HugeSize_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] file = [.. JpegEmbeddedFiles.Get("Progressive420").File];
        file.AsSpan(IndexOfMarker(file, 0xC2) + 5, 4).Fill(0xFF);
        foreach ((long limit, string message) in ((long, string)[])[(MaxPixels, "65535×65535"), (long.MaxValue, "65535×65535")])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            PictureFormatException e = Assert.Throws<PictureFormatException>(() => new JpegCodec().Decode(file, limit))!;
            Assert.That(e.Message, Does.Contain(message));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        }
        file[IndexOfMarker(file, 0xC2) + 5] = 0;   // 255 rows of 65,535: allowed, but 600 bytes cannot hold them
        Assert.That(Attempt(file, "255 rows"), Does.Contain("cut off").And.Contain("65535×255"));
    }

    [Test]
    public void Decode_MaxPixels_IsTheLargestAllowed()
    {
        byte[] file = JpegEmbeddedFiles.Get("Baseline420").File;
        Assert.DoesNotThrow(() => new JpegCodec().Decode(file, 19 * 13));
        Assert.Throws<PictureFormatException>(() => new JpegCodec().Decode(file, 19 * 13 - 1));
    }

    [Test]
    public void Decode_OtherFiles_AreNotJpeg()
    {
        foreach (byte[] file in (byte[][])[[], [0xFF], "not a picture"u8.ToArray(), [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]])
            Assert.That(Attempt(file, "text"), Is.EqualTo("it is not a JPEG file"));
        Assert.That(Attempt([0xFF, 0xD8, 0xFF, 0xD9], "empty"), Does.Contain("cut off"));
    }

    [TestCase(0xC3, "lossless JPEG")]
    [TestCase(0xC5, "hierarchical JPEG")]
    [TestCase(0xC9, "arithmetic coding")]
    [TestCase(0xCA, "arithmetic coding")]
    public void Decode_OtherKindOfFrame_IsRefusedByName(int marker, string feature)
    {
        byte[] file = [.. JpegEmbeddedFiles.Get("Baseline444").File];
        file[IndexOfMarker(file, 0xC0) + 1] = (byte)marker;
        Assert.That(Attempt(file, feature), Does.StartWith($"{feature} is not supported"));
    }

    /// <summary>One byte at an offset from a marker, and what must be said about it.</summary>
    [TestCase("Baseline444", 0xC0, 4, 12, "12-bit JPEG is not supported")]
    [TestCase("Baseline444", 0xC0, 4, 7, "7 bits")]
    [TestCase("Baseline444", 0xC0, 6, 0, "gives its height after its data")]
    [TestCase("Baseline444", 0xC0, 8, 0, "no columns")]
    [TestCase("Baseline444", 0xC0, 9, 2, "two components")]
    [TestCase("Baseline444", 0xC0, 9, 9, "9 components")]
    [TestCase("Baseline444", 0xC0, 11, 0x51, "sampling factors 5×1")]
    [TestCase("Baseline444", 0xC0, 11, 0x10, "sampling factors 1×0")]
    [TestCase("Baseline444", 0xC0, 12, 4, "quantisation table 4")]
    [TestCase("Baseline444", 0xC0, 12, 3, "quantisation table 3, which the file does not have")]
    [TestCase("Baseline444", 0xC0, 13, 1, "two components have the number 1")]
    [TestCase("Baseline444", 0xC4, 5, 3, "more symbols than bytes")]
    [TestCase("Baseline444", 0xDA, 5, 9, "component 9, which the frame does not have")]
    [TestCase("Baseline444", 0xDA, 7, 1, "component 1 twice")]
    [TestCase("Baseline444", 0xDA, 6, 0x20, "DC Huffman table 2, which the file does not have")]
    [TestCase("Baseline444", 0xDA, 6, 0x03, "AC Huffman table 3, which the file does not have")]
    [TestCase("Baseline444", 0xDA, 6, 0x40, "Huffman table above 3")]
    [TestCase("Baseline444", 0xDB, 4, 0x20, "a quantisation table is not one")]
    [TestCase("Baseline444", 0xDB, 3, 1, "a segment says that it is 1 bytes long")]
    [TestCase("Restart420", 0xD0, 1, 0xD1, "restart marker 0 is missing")]
    [TestCase("Progressive420", 0xDA, 12, 1, "asks for coefficients 0 to 1")]
    [TestCase("Progressive420", 0xDA, 13, 0x10, "again, or leaves one out")]
    [TestCase("Progressive420", 0xDA, 13, 0x0E, "bits 0 to 14")]
    public void Decode_OneWrongByte_IsNamed(string name, int marker, int offset, int value, string message)
    {
        byte[] file = [.. JpegEmbeddedFiles.Get(name).File];
        if (marker == 0xDB && offset == 3) file[IndexOfMarker(file, 0xDB) + 2] = 0;
        file[IndexOfMarker(file, marker) + offset] = (byte)value;
        string? error = Attempt(file, message);
        Assert.That(error, Does.Contain(message));
        Assert.That(error, Does.Not.Contain("\n"), "one line");
    }

    /// <summary>2048×2048 pixels, then hundreds of scans that each say in 21 bytes that nothing changes: 880 times 65,536 blocks.</summary>
    [Test]
    public void Decode_ManyEmptyScans_AreRefusedSoon()
    {
        List<byte> file = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64)];
        file.AddRange([0xFF, 0xC2, 0, 11, 8, 8, 0, 8, 0, 1, 1, 0x11, 0]);
        file.AddRange([0xFF, 0xC4, 0, 20, 0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);      // DC: 0 → no difference
        file.AddRange([0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0]);   // AC: 0 → 2^14 + 14 bits empty blocks
        AddScan(0, 0, new byte[65536 / 8]);
        for (int k = 1; k < 64; k++)
            for (int bit = 13; bit >= 0; bit--) AddScan(k, bit == 13 ? 13 : (bit + 1) << 4 | bit, new byte[8]);   // 4 runs of 2^14: 60 bits
        file.AddRange([0xFF, 0xD9]);
        Assert.That(Attempt([.. file], "bomb", memoryLimit: 256 << 20), Does.Contain("far too many scans"));

        void AddScan(int k, int bits, byte[] data) => file.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0, (byte)k, (byte)k, (byte)bits, .. data]);
    }

    /// <returns>What was wrong, or null if it was decoded.</returns>
    private static string? Attempt(byte[] file, string what, long memoryLimit = MemoryLimit)
    {
        // On a thread of its own, so that a decoder that hangs fails the test and not the run.
        Task<(string? Error, long Memory)> attempt = Task.Run(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            string? error = null;
            try
            {
                Decode(file);
            }
            catch (PictureFormatException e)
            {
                error = e.Message;
            }
            return (error, GC.GetAllocatedBytesForCurrentThread() - before);
        });
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            if (!attempt.Wait(TimeLimit)) Assert.Fail($"{what}: still decoding after {watch.Elapsed.TotalSeconds:F1} s");
        }
        catch (AggregateException e)
        {
            Assert.Fail($"{what}: {e.InnerException}");
        }
        Assert.That(attempt.Result.Memory, Is.LessThan(memoryLimit), what);
        return attempt.Result.Error;
    }

    /// <summary>A byte anew, a bit turned, a byte lost or one more.</summary>
    private static void Change(ref byte[] file, Random random)
    {
        int at = random.Next(2, file.Length);
        switch (random.Next(6))
        {
            case 0: file = [.. file[..at], .. file[(at + 1)..]]; break;
            case 1: file = [.. file[..at], (byte)random.Next(256), .. file[at..]]; break;
            case 2: file[at] = 0xFF; break;
            case 3: file[at] ^= (byte)(1 << random.Next(8)); break;
            default: file[at] = (byte)random.Next(256); break;
        }
    }

    private static int IndexOfMarker(byte[] file, int marker)
    {
        int at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, (byte)marker]);
        Assert.That(at, Is.GreaterThan(0), $"marker FF{marker:X2}");
        return at;
    }
}
