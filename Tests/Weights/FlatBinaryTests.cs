using System.Buffers.Binary;
using System.Security.Cryptography;
using GatysGpu.Weights;
using GatysGpu.Weights.Flat;

namespace GatysGpu.Tests.Weights;

public class FlatBinaryTests
{
    [TestCase(FlatDtype.Float32, 0)]
    // Half of the last place: 11 bits of mantissa; 8 bits of mantissa.
    [TestCase(FlatDtype.Float16, 1.0 / 2048)]
    [TestCase(FlatDtype.BFloat16, 1.0 / 256)]
    public void Flat_WrittenAndOpened_HoldsTheSameNetwork(FlatDtype dtype, double tolerance)
    {
        using ScratchFolder folder = new();
        WeightTable table = TestNetworks.Random(layers: 6, input: InputConvention.Torchvision);
        FlatWriter.Write(folder["a"], table, dtype);
        using WeightTable opened = WeightFile.Open(folder["a"]);
        TestNetworks.AssertSame(opened, table, tolerance);
        Assert.That(opened.Input, Is.EqualTo(table.Input));
        Assert.That(opened.Layers[0].StoredAs, Is.EqualTo(dtype.ToString().ToLowerInvariant()));
        Assert.That(FlatReader.VerifyHash(folder["a"]), Has.Length.EqualTo(64));
    }

    [Test]
    public void Flat_WrittenTwice_HasTheSameBytes()
    {
        using ScratchFolder folder = new();
        foreach (string name in (string[])["a", "b"]) FlatWriter.Write(folder[name], TestNetworks.Random());
        Assert.That(File.ReadAllBytes(folder["a"]), Is.EqualTo(File.ReadAllBytes(folder["b"])));
        Assert.That(Directory.GetFiles(folder.Root), Has.Length.EqualTo(2), "no temporary file stays");
    }

    [Test]
    public void Flat_BFloat16_RoundsToNearestEven()
    {
        using ScratchFolder folder = new();
        float[] filters = new float[27];
        // 1 + 2^-8 is halfway between 1 and 1 + 2^-7: to even, 1. 1 + 3·2^-8 is halfway too: to even, 1 + 2^-6.
        (filters[0], filters[1], filters[2]) = (1 + 1 / 256f, 1 + 3 / 256f, -1 - 1.01f / 256f);
        FlatWriter.Write(folder["a"], new WeightTable([new WeightLayer("conv1_1", 1, 3, filters, new float[1])],
            InputConvention.Caffe),
            FlatDtype.BFloat16);
        using WeightTable opened = WeightFile.Open(folder["a"]);
        Assert.That(opened.Layers[0].Filters.Span[..3].ToArray(), Is.EqualTo((float[])[1, 1 + 1 / 64f, -1 - 1 / 128f]));
    }

    [Test]
    public void Flat_WithBadNumbers_IsNotWritten()
    {
        using ScratchFolder folder = new();
        foreach ((float bad, FlatDtype dtype) in ((float, FlatDtype)[])[(float.NaN, 0), (float.NegativeInfinity, 0),
            (70000, FlatDtype.Float16)])
        {
            float[] filters = new float[27];
            filters[5] = bad;
            WeightTable table = new([new WeightLayer("conv1_1", 1, 3, filters, new float[1])], InputConvention.Caffe);
            Assert.That(() => FlatWriter.Write(folder["a"], table, dtype),
                Throws.TypeOf<WeightException>().With.Message.Contains("conv1_1's filters: value 5"));
        }
        Assert.That(Directory.GetFileSystemEntries(folder.Root), Is.Empty);
    }

    [Test]
    public void Flat_CutAnywhere_IsRefused()
    {
        using ScratchFolder folder = new();
        byte[] bytes = Write(TestNetworks.Random());
        for (int length = 0; length < bytes.Length; length += length < 600 ? 1 : 37)
            Assert.That(() => WeightFile.Open(folder.Put("a", bytes.AsSpan(0, length))).Dispose(),
                Throws.TypeOf<WeightException>(), $"{length} bytes");
    }

    [Test]
    public void Flat_WithAnyByteChanged_FailsOpeningOrItsHash()
    {
        using ScratchFolder folder = new();
        byte[] bytes = Write(TestNetworks.Random(layers: 2));
        for (int i = 0; i < bytes.Length; i += i < 400 ? 1 : 11)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0x10;
            folder.Put("a", changed);
            Assert.That(() =>
            {
                WeightFile.Open(folder["a"]).Dispose();
                FlatReader.VerifyHash(folder["a"]);
            }, Throws.TypeOf<WeightException>(), $"byte {i}");
        }
    }

    [Test]
    public void Flat_WithHugeOffsetsAndCounts_IsRefused()
    {
        using ScratchFolder folder = new();
        byte[] bytes = Write(TestNetworks.Random());
        foreach (int at in (int[])[8, 12, 24, 28, 128 + 24, 128 + 28, 128 + 32, 128 + 36])
            foreach (uint value in (uint[])[uint.MaxValue, 0x80000000, 0x7FFFFFFF, 1 << 19])
            {
                byte[] changed = [.. bytes];
                BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(at), value);
                Assert.That(() => WeightFile.Open(folder.Put("a", changed)).Dispose(), Throws.TypeOf<WeightException>(),
                    $"{value} at {at}");
            }
        foreach (int at in (int[])[16, 128 + 48, 128 + 56])
            foreach (long value in (long[])[-1, long.MinValue, long.MaxValue, 1L << 40])
            {
                byte[] changed = [.. bytes];
                BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(at), value);
                Assert.That(() => WeightFile.Open(folder.Put("a", changed)).Dispose(), Throws.TypeOf<WeightException>(),
                    $"{value} at {at}");
            }
    }

    [Test]
    public void Flat_AfterDispose_RefusesAccess()
    {
        using ScratchFolder folder = new();
        FlatWriter.Write(folder["a"], TestNetworks.Random());
        WeightTable opened = WeightFile.Open(folder["a"]);
        ReadOnlyMemory<float> kept = opened.Layers[0].Filters;
        opened.Dispose();
        Assert.That(() => kept.Span.Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => opened.Layers[0].Filters, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Flat_EndsWithTheHashOfTheRest()
    {
        byte[] bytes = Write(TestNetworks.Random());
        Assert.That(bytes[^32..], Is.EqualTo(SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32))));
        Assert.That((bytes.Length - 32) % 64, Is.Zero);
    }

    private static byte[] Write(WeightTable table)
    {
        using MemoryStream stream = new();
        FlatWriter.Write(stream, table);
        return stream.ToArray();
    }
}
