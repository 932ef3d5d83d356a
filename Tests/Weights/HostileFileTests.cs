using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using GatysGpu.Weights;

namespace GatysGpu.Tests.Weights;

/// <summary>Files that were made to harm.</summary>
public class HostileFileTests
{
    [TestCase("cos\nsystem\n(X\x02\0\0\0lstR.", "os.system")]
    [TestCase("cposix\nsystem\n.", "posix.system")]
    [TestCase("cbuiltins\neval\n.", "builtins.eval")]
    [TestCase("c__builtin__\nexec\n.", "__builtin__.exec")]
    [TestCase("ctorch\nload\n.", "torch.load")]
    [TestCase("ctorch._utils\n_rebuild_tensor_v2.__globals__\n.", "__globals__")]
    [TestCase("\x8c\x02os\x8c\x06system\x93)R.", "os.system")]
    [TestCase("(ios\nsystem\n.", "instruction 0x69")]
    [TestCase("(cos\nsystem\no.", "os.system")]
    public void Pickle_NamingWhatItMustNot_IsRefusedByName(string code, string named) =>
        Refuse([0x80, 2, .. Encoding.Latin1.GetBytes(code)], named);

    [Test]
    public void Pickle_WithHugeLengths_IsRefusedWithoutAllocating()
    {
        foreach (string code in (string[])["X\xff\xff\xff\xff", "X\xff\xff\xff\x7f", "T\xff\xff\xff\xff", "B\0\0\0\x7f",
            "\x8d\xff\xff\xff\xff\xff\xff\xff\x7f",
            "\x8b\xff\xff\xff\x7f", "\x8a\xff", "h\xff", "j\xff\xff\xff\xff"])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Refuse([0x80, 2, .. Encoding.Latin1.GetBytes(code + new string('a', 300))], "");
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 << 20), code);
        }
    }

    [TestCase(']')]
    [TestCase('}')]
    [TestCase('(')]
    [TestCase('2')]
    public void Pickle_OfTenMegabytesOfInstructions_StaysSmall(char instruction)
    {
        byte[] pickle = new byte[10 << 20];
        pickle.AsSpan().Fill((byte)instruction);
        (pickle[0], pickle[1], pickle[2]) = (0x80, 2, (byte)'N');
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(pickle, "1,000,000 instructions");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(256L << 20));
    }

    [Test]
    public void Pickle_ThatDoublesATuple_StaysSmall()
    {
        // t = (t, t), sixty times: 2^60 leaves if anything walked them.
        string doubling = string.Concat(Enumerable.Repeat("2\x86", 60));
        Refuse([0x80, 2, .. Encoding.Latin1.GetBytes("N" + doubling + ".")], "expected a dictionary");
        // The same with dictionaries inside each other, which are walked.
        string nested = "}q\0" + string.Concat(Enumerable.Range(1, 60).Select(i =>
            $"}}(X\x01\0\0\0ah{(char)(i - 1)}X\x01\0\0\0bh{(char)(i - 1)}uq{(char)i}"));
        Refuse([0x80, 2, .. Encoding.Latin1.GetBytes(nested + ".")], "no convolution");
    }

    [Test]
    public void Zip_Compressed_IsRefused()
    {
        using ScratchFolder folder = new();
        // A gigabyte of zeros in a megabyte.
        using (FileStream stream = new(folder["bomb"], FileMode.Create))
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("net/data.pkl", CompressionLevel.Fastest).Open();
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) entry.Write(zeros);
        }
        Assert.That(() => WeightFile.Open(folder["bomb"]), Throws.TypeOf<WeightException>().With.Message.Contains(
            "compressed (method 8)"));
    }

    [Test]
    public void Zip_WithOverlappingEntries_IsRefused()
    {
        byte[] zip = Zip();
        // The directory's second entry is made to point to the first one's bytes.
        int directory = (int)BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(zip.Length - 6));
        int first = directory, second = first + 46 + BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(first + 28));
        foreach (int delta in (int[])[0, 1, 7])
        {
            byte[] changed = [.. zip];
            uint target = BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(first + 42));
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(second + 42), target + (uint)delta);
            Assert.That(() => Open(changed), Throws.TypeOf<WeightException>());
        }
        // The first entry is made to reach into the second: both lengths agree, the bytes are shared.
        byte[] longer = [.. zip];
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(first + 24)) + 40;
        foreach (int at in (int[])[20, 24]) BinaryPrimitives.WriteUInt32LittleEndian(longer.AsSpan(first + at), length);
        Assert.That(() => Open(longer), Throws.TypeOf<WeightException>().With.Message.Contains("overlaps"));
    }

    [Test]
    public void Zip_WithAnyByteOfItsNumbersChanged_FailsItsChecksum()
    {
        byte[] zip = Zip();
        int at = zip.AsSpan().IndexOf("data/0"u8) + 40;
        zip[at] ^= 1;
        Assert.That(() => Open(zip), Throws.TypeOf<WeightException>().With.Message.Contains("CRC-32"));
    }

    [Test]
    public void Tensor_ThatReachesOutOfItsStorage_IsRefused()
    {
        using ScratchFolder folder = new();
        TestArray small = new("conv1_1.weight", [1 << 10, 3, 3, 3], new float[27]);
        TestArray bias = new("conv1_1.bias", [1 << 10], new float[1 << 10]);
        using (FileStream stream = new(folder["a"], FileMode.Create)) TorchFiles.WriteZip(stream, [small, bias]);
        Assert.That(() => WeightFile.Open(folder["a"]), Throws.TypeOf<WeightException>().With.Message.Contains(
            "reaches out of its storage of 27"));
    }

    [Test]
    public void Protobuf_OfEmptyFields_EndsSoon()
    {
        using ScratchFolder folder = new();
        byte[] bytes = new byte[10 << 20];
        for (int i = 0; i < bytes.Length; i += 2) (bytes[i], bytes[i + 1]) = (0x0A, 0);
        Assert.That(() => WeightFile.Open(folder.Put("a", bytes)), Throws.TypeOf<WeightException>().With.Message.Contains(
            "100,000 protobuf fields"));
    }

    private static byte[] Zip()
    {
        using MemoryStream stream = new();
        TorchFiles.WriteZip(stream, PublishedFormatTests.Arrays("{0}"));
        return stream.ToArray();
    }

    private static void Open(byte[] bytes)
    {
        using ScratchFolder folder = new();
        using WeightTable table = WeightFile.Open(folder.Put("a", bytes));
        GatysGpu.Weights.Flat.FlatWriter.Write(Stream.Null, table);
    }

    // As the data.pkl of a zip, and as the object of a legacy file.
    private static void Refuse(byte[] pickle, string named)
    {
        using ScratchFolder folder = new();
        using (FileStream stream = new(folder["zip"], FileMode.Create))
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("net/data.pkl", CompressionLevel.NoCompression).Open();
            entry.Write(pickle);
        }
        Assert.That(() => WeightFile.Open(folder["zip"]), Throws.TypeOf<WeightException>().With.Message.Contains(named));
        using MemoryStream legacy = new();
        TorchFiles.WriteLegacy(legacy, []);
        // The system information ends with NEWTRUE, SETITEM, STOP; then comes the object.
        byte[] head = legacy.ToArray();
        int start = head.AsSpan().IndexOf((byte[])[0x88, (byte)'s', (byte)'.']) is var found and >= 0 ? found + 3
            : throw new AssertionException("writer changed");
        Assert.That(() => WeightFile.Open(folder.Put("legacy", [.. head.AsSpan(0, start), .. pickle, 0x80, 2, (byte)']',
            (byte)'.'])), Throws.TypeOf<WeightException>());
    }
}
