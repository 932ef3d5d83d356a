using GatysGpu.Weights;
using GatysGpu.Weights.Flat;
using GatysGpu.Weights.Recognition;

namespace GatysGpu.Tests.Weights;

/// <summary>Damaged files of every format: a clear error or a correct result, in bounded time and memory.</summary>
public class BadInputTests
{
    private const int Seed = 20260;
    private const long MaximumAllocation = 256L << 20;
    private static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(20);

    /// <summary>How a damaged file was dealt with.</summary>
    private enum Result
    {
        Refused,
        Correct,
        Shorter,
        Warned,
        SilentlyWrong,
    }

    private static readonly string[] Kinds = ["caffe", "caffe-new-unpacked", "zip", "legacy", "tar", "safetensors", "tfjs",
        "flat", "hdf5"];

    [Test]
    public void SmallFiles_CutEverywhere_NeverCrash([ValueSource(nameof(Kinds))] string kind)
    {
        using ScratchFolder folder = new();
        (string open, string damage) = Make(folder, kind);
        byte[] whole = File.ReadAllBytes(damage);
        int refused = 0, tried = 0;
        for (int length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 300), tried++)
        {
            File.WriteAllBytes(damage, whole.AsSpan(0, length));
            if (Try(open, null, $"{kind} cut to {length}") == Result.Refused) refused++;
        }
        Assert.That(tried, Is.GreaterThanOrEqualTo(200));
        // Protobuf has no end mark: cut between two layers it is a shorter network. A tar ends with zeros that nothing needs, a
        // quarter of so small a file. All else must notice.
        double share = kind == "tar" ? 0.7 : kind.StartsWith("caffe", StringComparison.Ordinal) ? 0.9 : 1;
        Assert.That(refused, Is.GreaterThanOrEqualTo(share * tried));
    }

    [Test]
    public void SmallFiles_WithNumbersReplacedEverywhere_NeverCrash([ValueSource(nameof(Kinds))] string kind)
    {
        using ScratchFolder folder = new();
        (string open, string damage) = Make(folder, kind);
        byte[] whole = File.ReadAllBytes(damage);
        byte[][] values = [[0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 0, 1, 0, 0]];
        int tried = 0;
        for (int at = 0; at < whole.Length; at += 1 + whole.Length / 500)
        {
            byte[] value = values[tried++ % values.Length];
            if (at + value.Length > whole.Length) break;
            byte[] changed = [.. whole];
            value.CopyTo(changed, at);
            File.WriteAllBytes(damage, changed);
            Try(open, null, $"{kind} with {Convert.ToHexString(value)} at {at}");
        }
        Assert.That(tried, Is.GreaterThanOrEqualTo(200));
    }

    [Test]
    public void RealFiles_Damaged_AreNeverSilentlyWrong([ValueSource(typeof(SharedFilesTests),
        nameof(SharedFilesTests.Names))] string name) =>
        DamageRealFile(name, cuts: 20, changes: 60);

    [Test, Category("Long")]
    public void RealFiles_DamagedAtLength_AreNeverSilentlyWrong([ValueSource(typeof(SharedFilesTests),
        nameof(SharedFilesTests.Names))] string name) =>
        DamageRealFile(name, cuts: 200, changes: 2000);

    private static void DamageRealFile(string name, int cuts, int changes)
    {
        using ScratchFolder folder = new();
        string source = SharedData.Require($"data/weights/{name}");
        using WeightTable reference = WeightFile.Open(source);
        foreach (WeightLayer layer in reference.Layers) _ = (layer.Filters, layer.Biases);
        string open = Copy(source, folder);
        // A TensorFlow.js model is several files; the damage goes from one to the next.
        string[] files = [.. Directory.GetFiles(folder.Root).Order()];
        Random random = new(Seed);
        Dictionary<Result, int> counts = [];
        for (int i = 0; i < cuts; i++)
        {
            string file = files[i % files.Length];
            byte[] whole = File.ReadAllBytes(file);
            // A third of the cuts near the ends, where tables are.
            long length = i % 3 == 0 ? random.Next(Math.Min(4096, whole.Length)) : random.Next(whole.Length);
            File.WriteAllBytes(file, whole.AsSpan(0, (int)length));
            Count(Try(open, reference, $"seed {Seed}: {name}, {Path.GetFileName(file)} cut to {length}"));
            File.WriteAllBytes(file, whole);
        }
        Assert.That(counts.GetValueOrDefault(Result.Refused), Is.EqualTo(cuts), "every cut must be refused");
        for (int i = 0; i < changes; i++)
        {
            string file = files[i % files.Length];
            using FileStream stream = new(file, FileMode.Open, FileAccess.ReadWrite);
            // Most bytes are numbers; half of the changes aim at the first or the last 8 kB.
            long near = Math.Min(8192, stream.Length);
            long at = (i & 3) switch { 0 => random.NextInt64(near), 1 => stream.Length - 1 - random.NextInt64(near),
                _ => random.NextInt64(stream.Length) };
            stream.Position = at;
            int old = stream.ReadByte(), value = (old + random.Next(1, 256)) & 255;
            Write(stream, at, value);
            stream.Close();
            Count(Try(open, reference, $"seed {Seed}: {name}, {Path.GetFileName(file)} byte {at} from {old} to {value}"));
            using FileStream back = new(file, FileMode.Open, FileAccess.ReadWrite);
            Write(back, at, old);
        }
        TestContext.Out.WriteLine($"{name}: {string.Join(", ", counts.Select(c => $"{c.Value} {c.Key}"))}");

        void Count(Result result) => counts[result] = counts.GetValueOrDefault(result) + 1;
    }

    /// <summary>Does what the converter does, and judges the outcome. Null reference: only crashes, time and memory
    /// count.</summary>
    private static Result Try(string path, WeightTable? reference, string what)
    {
        Task<(Result Result, long Allocated)> task = Task.Factory.StartNew(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            return (Judge(path, reference), GC.GetAllocatedBytesForCurrentThread() - before);
        }, TaskCreationOptions.LongRunning);
        bool ended;
        try
        {
            ended = task.Wait(MaximumTime);
        }
        catch (AggregateException e)
        {
            throw new AssertionException($"{what}: {e.InnerException}");
        }
        Assert.That(ended, $"{what}: still running after {MaximumTime.TotalSeconds} s");
        // All that is allocated, even if it was let go again: above what is held at any time.
        Assert.That(task.Result.Allocated, Is.LessThan(MaximumAllocation), $"{what}: bytes allocated");
        Assert.That(task.Result.Result, Is.Not.EqualTo(Result.SilentlyWrong), what);
        return task.Result.Result;
    }

    private static Result Judge(string path, WeightTable? reference)
    {
        try
        {
            using WeightTable table = WeightFile.Open(path);
            if (reference is null)
            {
                PublishedComparison.Compare(table);
                FlatWriter.Write(Stream.Null, table);
                if (table.Format.StartsWith("flat", StringComparison.Ordinal)) FlatReader.VerifyHash(path);
                return Result.Correct;
            }
            bool equal = table.Input.Equals(reference.Input) && table.Layers.Zip(reference.Layers).All(pair =>
                Same(pair.First, pair.Second));
            if (equal && table.Layers.Length == reference.Layers.Length) return Result.Correct;
            bool warned = !table.Warnings.SequenceEqual(reference.Warnings)
                || PublishedComparison.Compare(table).Warning is not null;
            return !warned ? Result.SilentlyWrong : equal ? Result.Shorter : Result.Warned;
        }
        catch (WeightException)
        {
            return Result.Refused;
        }
    }

    private static bool Same(WeightLayer a, WeightLayer b)
    {
        if (a.ToString() != b.ToString()) return false;
        float[] filters = new float[b.Filters.Length], biases = new float[b.K];
        a.CopyFilters(filters);
        a.CopyBiases(biases);
        return filters.AsSpan().SequenceEqual(b.Filters.Span) && biases.AsSpan().SequenceEqual(b.Biases.Span);
    }

    // Writes a small network; returns what to open and which file to damage.
    private static (string Open, string Damage) Make(ScratchFolder folder, string kind)
    {
        WeightTable table = TestNetworks.Random(layers: 2, width: 2);
        TestArray[] arrays = PublishedFormatTests.Arrays("{0}", table);
        string path = folder["file"];
        if (kind == "tfjs")
        {
            TfjsFiles.Write(folder, table);
            return (folder["model.json"], folder["model.json"]);
        }
        if (kind == "flat") FlatWriter.Write(path, table);
        else if (kind == "safetensors") GatysGpu.Weights.Safetensors.SafetensorsWriter.Write(path, table);
        else
        {
            using FileStream stream = new(path, FileMode.Create);
            switch (kind)
            {
                case "caffe": CaffeFiles.Write(stream, arrays, new()); break;
                case "caffe-new-unpacked": CaffeFiles.Write(stream, arrays, new(true, true, false)); break;
                case "zip": TorchFiles.WriteZip(stream, arrays); break;
                case "legacy": TorchFiles.WriteLegacy(stream, arrays); break;
                case "tar": TorchFiles.WriteTar(stream, arrays); break;
                default: Hdf5Files.Write(stream, table); break;
            }
        }
        return (path, path);
    }

    private static string Copy(string source, ScratchFolder folder)
    {
        bool isModel = source.EndsWith("model.json", StringComparison.Ordinal);
        foreach (string file in isModel ? Directory.GetFiles(Path.GetDirectoryName(source)!) : [source])
            folder.Put(Path.GetFileName(file), File.ReadAllBytes(file));
        return folder[Path.GetFileName(source)];
    }

    private static void Write(FileStream stream, long at, int value)
    {
        stream.Position = at;
        stream.WriteByte((byte)value);
    }
}
