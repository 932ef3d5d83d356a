using System.Security.Cryptography;
using GatysGpu.Weights;
using GatysGpu.Weights.Fetch;

namespace GatysGpu.Tests.Weights;

/// <summary>Downloads from a real server on the loopback interface that behaves well or badly.</summary>
[NonParallelizable]
public class FetchTests
{
    private static readonly byte[] File1 = Legacy(TestNetworks.Random(layers: 3, width: 8));

    [Test]
    public async Task Fetch_FromGoodServer_ConvertsAndLeavesNothingElse()
    {
        using LoopbackServer server = new(File1, _ => Manners.Good);
        using ScratchFolder folder = new();
        List<FetchProgress> told = [];
        (string path, ConvertReport report) = await Fetch(folder, Published(File1, server), told);
        AssertConverted(path, report);
        Assert.That(Directory.GetFiles(folder.Root), Is.EqualTo((string[])[path]));
        Assert.That(told[^1].Bytes, Is.EqualTo(File1.Length));
        Assert.That(told[^1].Total, Is.EqualTo(File1.Length));
    }

    [Test]
    public async Task Fetch_FromServerThatCuts_GoesOnWhereItStopped()
    {
        using LoopbackServer server = new(File1, i => i < 6 ? Manners.Cuts : Manners.Good);
        using ScratchFolder folder = new();
        (string path, ConvertReport report) = await Fetch(folder, Published(File1, server));
        AssertConverted(path, report);
        // More cuts than attempts are allowed without progress: each brought something.
        Assert.That(server.Starts, Is.EqualTo((long[])[0, 1000, 2000, 3000, 4000, 5000, 6000]));
    }

    [Test]
    public async Task Fetch_FromServerThatCutsAndIgnoresRanges_BeginsAgainAndSucceeds()
    {
        using LoopbackServer server = new(File1, i => i == 0 ? Manners.Cuts : Manners.IgnoresRanges);
        using ScratchFolder folder = new();
        (string path, ConvertReport report) = await Fetch(folder, Published(File1, server));
        AssertConverted(path, report);
        Assert.That(server.Requests, Is.EqualTo(2));
    }

    [TestCase(nameof(Manners.SaysWrongLength), "the published file has")]
    [TestCase(nameof(Manners.SendsWrongBytes), "whose SHA-256 is")]
    [TestCase(nameof(Manners.LacksIt), "404")]
    [TestCase(nameof(Manners.IsBusy), "503")]
    [TestCase(nameof(Manners.Stalls), "sent nothing for")]
    [TestCase(nameof(Manners.NeverAnswers), "sent nothing for")]
    public async Task Fetch_FromBadServer_SaysWhyAndTakesTheNextMirror(string manners, string reason)
    {
        Manners bad = Enum.Parse<Manners>(manners);
        using LoopbackServer first = new(File1, _ => bad) { PartLength = 0 };
        using LoopbackServer second = new(File1, _ => Manners.Good);
        using ScratchFolder folder = new();
        WeightException e = (await Assert.ThrowsAsync<WeightException>(() => Fetch(folder, Published(File1, first))))!;
        Assert.That(e.Message, Does.Contain(reason).And.Contain("127.0.0.1").And.Contain(
            "put one of these files into").And.Contain("GATYS_WEIGHTS"));
        Assert.That(Directory.GetFiles(folder.Root, "*.weights"), Is.Empty);
        (string path, ConvertReport report) = await Fetch(folder, Published(File1, first, second));
        AssertConverted(path, report);
    }

    [Test]
    public async Task Fetch_OfChangedFile_DoesNotMixVersions()
    {
        byte[] other = Legacy(TestNetworks.Random(layers: 3, width: 8, seed: 9));
        using ScratchFolder folder = new();
        using (LoopbackServer old = new(File1, _ => Manners.Cuts))
            await Assert.ThrowsAsync<WeightException>(() => Fetch(folder, Published(null, old),
                options: o => o with { Attempts = 0 }));
        Assert.That(new FileInfo(folder["test.pth.part"]).Length, Is.EqualTo(1000));
        using LoopbackServer server = new(other, _ => Manners.Good) { Tag = "\"2\"" };
        (string path, _) = await Fetch(folder, Published(null, server));
        using WeightTable table = WeightFile.Open(path);
        TestNetworks.AssertSame(table, TestNetworks.Random(layers: 3, width: 8, seed: 9));
    }

    [Test]
    public async Task Fetch_OfCompletePart_NeedsNoSecondDownload()
    {
        using ScratchFolder folder = new();
        folder.Put("test.pth.part", File1);
        using LoopbackServer server = new(File1, _ => Manners.LacksIt);
        (string path, ConvertReport report) = await Fetch(folder, Published(File1, server));
        AssertConverted(path, report);
        Assert.That(server.Requests, Is.Zero);
    }

    [Test]
    public void Fetch_OfWebPage_IsRefused()
    {
        using LoopbackServer server = new("<!DOCTYPE html><html>log in</html>"u8.ToArray(), _ => Manners.Good);
        using ScratchFolder folder = new();
        Assert.That(async () => await Fetch(folder, Published(null, server)),
            Throws.TypeOf<WeightException>().With.Message.Contains("web page"));
    }

    [Test]
    public async Task FetchParts_OfFileWithHugeOtherLayers_DownloadsOnlyTheConvolutions([Values] bool caffe, [Values] bool cuts)
    {
        byte[] big = WithClassifier(caffe);
        using LoopbackServer server = new(big, i => cuts && i % 3 == 1 ? Manners.Cuts : Manners.Good) { PartLength = 100_000 };
        using ScratchFolder folder = new();
        (string path, ConvertReport report) = await Fetch(folder, Published(big, server) with { OnlyConvolutions = false });
        AssertConverted(path, report);
        Assert.That(server.Sent, Is.LessThan(big.Length / 4), $"of {big.Length} bytes");
        Assert.That(Directory.GetFiles(folder.Root), Is.EqualTo((string[])[path]));
    }

    [Test]
    public async Task FetchParts_FromServerWithoutRanges_DownloadsAllAndChecksTheHash()
    {
        byte[] big = WithClassifier(true);
        using LoopbackServer server = new(big, _ => Manners.IgnoresRanges);
        using ScratchFolder folder = new();
        (string path, ConvertReport report) = await Fetch(folder, Published(big, server) with { OnlyConvolutions = false });
        AssertConverted(path, report);
        using LoopbackServer wrong = new(big, i => i == 0 ? Manners.IgnoresRanges : Manners.SendsWrongBytes);
        Assert.That(async () => await Fetch(folder, Published(big, wrong) with { OnlyConvolutions = false }),
            Throws.TypeOf<WeightException>().With.Message.Contains("SHA-256"));
    }

    [Test]
    public void FetchParts_WhereTheFileChangesMeanwhile_IsRefused()
    {
        byte[] big = WithClassifier(true);
        LoopbackServer? server = null;
        using ScratchFolder folder = new();
        using (server = new LoopbackServer(big, i =>
        {
            if (i == 2) server!.Tag = "\"2\"";
            return Manners.Good;
        }))
            Assert.That(async () => await Fetch(folder, Published(big, server) with { OnlyConvolutions = false }),
                Throws.TypeOf<WeightException>().With.Message.Contains("now sends another file"));
        Assert.That(Directory.GetFiles(folder.Root, "*.weights"), Is.Empty);
    }

    [Test]
    public void Fetch_Cancelled_KeepsWhatCame()
    {
        using LoopbackServer server = new(File1, _ => Manners.Stalls);
        using ScratchFolder folder = new();
        using CancellationTokenSource cancel = new(300);
        Assert.That(async () => await new WeightFetcher(Client()).Fetch(Published(File1, server),
            Options(folder) with { StallTimeout = TimeSpan.FromMinutes(1) },
            null, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(new FileInfo(folder["test.pth.part"]).Length, Is.EqualTo(1000));
    }

    [Test]
    public void PublishedFiles_HaveDistinctKeysAndPlausibleHashes()
    {
        Assert.That(PublishedFile.All.Select(f => f.Key), Is.Unique);
        foreach (PublishedFile file in PublishedFile.All)
        {
            Assert.That(file.Mirrors, Is.Not.Empty);
            Assert.That(file.Mirrors.Select(m => m.Scheme), Is.All.EqualTo("https"));
            Assert.That(file.Md5 is null || file.Md5.Length == 32);
            Assert.That(file.Sha256 is null || file.Sha256.Length is 8 or 64);
        }
        Assert.That(() => PublishedFile.Find("vgg16"), Throws.ArgumentException.With.Message.Contains("keras, caffe"));
    }

    private static void AssertConverted(string path, ConvertReport report)
    {
        using WeightTable table = WeightFile.Open(path);
        TestNetworks.AssertSame(table, TestNetworks.Random(layers: 3, width: 8));
        Assert.That(report.Extent, Is.EqualTo("conv1_1 to conv2_1"));
    }

    private static Task<(string, ConvertReport)> Fetch(ScratchFolder folder, PublishedFile file, List<FetchProgress>? told = null,
        Func<FetchOptions, FetchOptions>? options = null) =>
        new WeightFetcher(Client()).Fetch(file, options?.Invoke(Options(folder)) ?? Options(folder), new Listener(told ?? []));

    private static FetchOptions Options(ScratchFolder folder) => new()
    {
        Folder = folder.Root, StallTimeout = TimeSpan.FromMilliseconds(400), Attempts = 2, Pause = TimeSpan.FromMilliseconds(1),
    };

    private static HttpClient Client() => new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    // Null content: a file of which neither length nor hash is known.
    private static PublishedFile Published(byte[]? content, params LoopbackServer[] servers) =>
        new("test", "test.pth", "a test", content?.Length,
        content is null ? null : Convert.ToHexStringLower(SHA256.HashData(content)), null, true,
            [.. servers.Select(s => s.Address)]);

    private static byte[] Legacy(WeightTable table)
    {
        using MemoryStream stream = new();
        TorchFiles.WriteLegacy(stream, PublishedFormatTests.Arrays("{0}", table));
        return stream.ToArray();
    }

    private static byte[] WithClassifier(bool caffe)
    {
        using MemoryStream stream = new();
        TestArray[] arrays = [.. PublishedFormatTests.Arrays("{0}", TestNetworks.Random(layers: 3, width: 8)),
            new("fc6.weight", [1000, 500], new float[500_000]), new("fc6.bias", [1000], new float[1000]),
                new("fc7.weight", [1000, 500], new float[500_000])];
        if (caffe) CaffeFiles.Write(stream, arrays, new());
        else TorchFiles.WriteLegacy(stream, arrays);
        return stream.ToArray();
    }

    private sealed class Listener(List<FetchProgress> told) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value)
        {
            lock (told) told.Add(value);
        }
    }
}
