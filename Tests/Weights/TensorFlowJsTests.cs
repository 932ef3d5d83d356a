using System.Text;
using GatysGpu.Weights;

namespace GatysGpu.Tests.Weights;

public class TensorFlowJsTests
{
    [Test]
    public void Tfjs_RealPartialNetwork_ReachesConv3_4()
    {
        using WeightTable table = WeightFile.Open(SharedData.Require("data/weights/tfjs"));
        Assert.That(table.Extent, Is.EqualTo("conv1_1 to conv3_4"));
        Assert.That(table.HasPublishedWidths);
        Assert.That(table.Input, Is.EqualTo(InputConvention.Caffe));
        Assert.That(table.Warnings, Has.Length.EqualTo(1).And.Some.Contains("block4_conv1"));
        // The kernel's first numbers in the shard are those of tap (0, 0), channel B, outputs 0, 1, 2, …
        float[] shard = new float[64 * 27];
        Buffer.BlockCopy(File.ReadAllBytes(SharedData.Require("data/weights/tfjs/group1-shard1of1")), 0, shard, 0,
            shard.Length * 4);
        WeightLayer first = table["conv1_1"];
        for (int k = 0; k < 64; k++)
            for (int c = 0; c < 3; c++)
                for (int tap = 0; tap < 9; tap++)
                    Assert.That(first.Filters.Span[(k * 3 + c) * 9 + tap], Is.EqualTo(shard[(tap * 3 + c) * 64 + k]));
    }

    [TestCase("float32", 0)]
    [TestCase("float16", 1.0 / 2048)]
    // Half a step of a range of about 8: 8/255/2 and 8/65535/2, with room for the rounding of float32.
    [TestCase("uint8", 0.017)]
    [TestCase("uint16", 0.00007)]
    public void Tfjs_OfEachStorage_IsRead(string storage, double tolerance)
    {
        using ScratchFolder folder = new();
        WeightTable table = TestNetworks.Random(layers: 3);
        TfjsFiles.Write(folder, table, storage, shardLength: 100);
        using WeightTable opened = WeightFile.Open(folder["model.json"]);
        TestNetworks.AssertSame(opened, table, tolerance);
        Assert.That(opened.Layers[0].StoredAs, Is.EqualTo(storage));
    }

    [Test]
    public void Tfjs_WithoutItsLastGroups_IsAPartialNetwork()
    {
        using ScratchFolder folder = new();
        TfjsFiles.Write(folder, TestNetworks.Random(layers: 3));
        File.Delete(folder["group3-shard1of1"]);
        using WeightTable opened = WeightFile.Open(folder.Root);
        Assert.That(opened.Extent, Is.EqualTo("conv1_1 to conv1_2"));
        File.Delete(folder["group1-shard1of1"]);
        Assert.That(() => WeightFile.Open(folder.Root), Throws.TypeOf<WeightException>().With.Message.Contains(
            "group1-shard1of1"));
    }

    [Test]
    public void Tfjs_WithOneOfTwoShards_IsRefused()
    {
        using ScratchFolder folder = new();
        TfjsFiles.Write(folder, TestNetworks.Random(layers: 2), shardLength: 600);
        File.Delete(folder["group2-shard2of2"]);
        Assert.That(() => WeightFile.Open(folder.Root), Throws.TypeOf<WeightException>().With.Message.Contains(
            "1 of the 2 shards"));
    }

    [Test]
    public void Tfjs_WithShardOfWrongLength_SaysBothLengths()
    {
        using ScratchFolder folder = new();
        TfjsFiles.Write(folder, TestNetworks.Random(layers: 1));
        byte[] shard = File.ReadAllBytes(folder["group1-shard1of1"]);
        folder.Put("group1-shard1of1", shard.AsSpan(0, shard.Length - 1));
        Assert.That(() => WeightFile.Open(folder.Root), Throws.TypeOf<WeightException>().With.Message.Contains(
            $"hold {shard.Length - 1}"));
        folder.Put("group1-shard1of1", [.. shard, 0]);
        Assert.That(() => WeightFile.Open(folder.Root), Throws.TypeOf<WeightException>().With.Message.Contains(
            $"hold {shard.Length + 1}"));
    }

    [TestCase("../secret")]
    [TestCase("/etc/passwd")]
    [TestCase("..")]
    [TestCase(@"a\b")]
    public void Tfjs_WithShardOutsideItsFolder_IsRefused(string shard)
    {
        using ScratchFolder folder = new();
        TfjsFiles.Write(folder, TestNetworks.Random(layers: 1));
        string json = File.ReadAllText(folder["model.json"]).Replace("group1-shard1of1", shard.Replace(@"\", @"\\"));
        Assert.That(() => WeightFile.Open(folder.Put("model.json", Encoding.UTF8.GetBytes(json))),
            Throws.TypeOf<WeightException>().With.Message.Contains("without a folder"));
    }

    [TestCase("{}")]
    [TestCase("{\"weightsManifest\": 3}")]
    [TestCase("{\"weightsManifest\": [{\"paths\": []}]}")]
    [TestCase("{\"weightsManifest\": [{\"paths\": [\"a\"], \"weights\": [{\"name\": \"a\", \"shape\": [1e99], \"dtype\": "
        + "\"float32\"}]}]}")]
    [TestCase("{\"weightsManifest\": []}")]
    [TestCase("{\"weightsManifest\"")]
    public void Tfjs_WithBadJson_IsRefused(string json)
    {
        using ScratchFolder folder = new();
        Assert.That(() => WeightFile.Open(folder.Put("model.json", Encoding.UTF8.GetBytes(json))),
            Throws.TypeOf<WeightException>());
    }
}
