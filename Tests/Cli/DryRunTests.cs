using System.Diagnostics;
using System.Text.Json;
using GatysGpu.Tests.Weights;
using GatysGpu.Weights;
using GatysGpu.Weights.Flat;

namespace GatysGpu.Tests.Cli;

/// <summary><c>gatys stylize --dry-run</c> beside what the run then takes.</summary>
[NonParallelizable]
public class DryRunTests() : TwoPictureTests((640, 480), (500, 500))
{
    [Test]
    public void PublishedFilters_ThePeakIsWithinFivePercentOfTheEstimate() => CheckPeak("--weights", Weights(), "--complete", "none");

    [Test]
    public void LearnedFilters_ThePeakIsWithinFivePercentOfTheEstimate() => CheckPeak("--weights", "self");

    [Test]
    public void ADryRun_WritesNothing_AndItsTableAddsUp()
    {
        string[] options = ["--log", Folder.File("run.jsonl"), "--dry-run"];
        GatysRun text = Stylize(options).Succeeded(), json = Stylize([.. options, "--json"]).Succeeded();
        Assert.That(Folder.Names, Is.EquivalentTo(new[] { "content.png", "style.png" }));
        Assert.That(text.Error + json.Error, Does.Not.Contain("iteration"));
        Assert.That(text.Output, Does.Contain("runtime and code").And.Contain("activations").And.Contain("together").And.Contain("MiB"));
        JsonElement estimate = JsonDocument.Parse(json.Output).RootElement;
        Assert.That(estimate.GetProperty("uses").EnumerateArray().Sum(u => u.GetProperty("bytes").GetInt64()),
            Is.EqualTo(estimate.GetProperty("bytes").GetInt64()));
    }

    [Test]
    public void MoreOfAnything_NeedsMore()
    {
        string weights = Weights();
        long usual = Estimate("--size", "640", "--weights", weights);
        Assert.That(Estimate("--size", "1024", "--weights", weights), Is.GreaterThan(usual));
        Assert.That(Estimate("--size", "640", "--weights", weights, "--optimizer", "gd"), Is.LessThan(usual));
        Assert.That(Estimate("--size", "640", "--weights", weights, "--convolution", "winograd2"), Is.LessThan(usual));
    }

    [Test]
    public void JsonWithoutADryRun_IsRefused() => Stylize("--json").Refused("--json", "--dry-run");

    private void CheckPeak(params string[] options)
    {
        if (!File.Exists("/proc/self/status")) Assert.Ignore("only Linux tells a process' peak memory");
        string[] run = ["--size", "640", "--iterations", "2", .. options];
        double estimate = Estimate(run), peak = Peak([.. run]);
        TestContext.Out.WriteLine($"estimate {estimate / 1048576:F0} MiB, peak {peak / 1048576:F0} MiB, {estimate / peak - 1:P1}");
        Assert.That(estimate, Is.EqualTo(peak).Within(0.05 * peak));
    }

    private long Estimate(params string[] options) => JsonDocument.Parse(GatysRun.Of(
        ["stylize", Content, Style, "-o", Output, "--dry-run", "--json", .. Layers, .. options]).Succeeded().Output)
        .RootElement.GetProperty("bytes").GetInt64();

    /// <summary>VmHWM of the program in a process of its own.</summary>
    private long Peak(string[] options)
    {
        ProcessStartInfo start = new("dotnet");
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "gatys.dll"),
            "stylize", Content, Style, "-o", Output, "--quiet", .. Layers, .. options])
            start.ArgumentList.Add(argument);
        using Process program = Process.Start(start)!;
        long peak = 0;
        while (!program.WaitForExit(20)) peak = Math.Max(peak, HighWater(program.Id));
        Assert.That(program.ExitCode, Is.Zero);
        return peak;
    }

    // What the kernel has counted so far; the program's last moments, when it writes the picture, are not its peak.
    private static long HighWater(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string[] Layers => ["--content-layers", "conv3_2", "--style-layers", "conv1_1,conv2_1,conv3_1"];

    private string Weights()
    {
        string path = Folder.File("seven.weights");
        Random random = new(1);
        List<WeightLayer> layers = [];
        for (int i = 0, c = 3; i < 7; c = Vgg19.Widths[i++])
        {
            int k = Vgg19.Widths[i];
            double scale = Math.Sqrt(2.0 / (9 * c)) / (i == 0 ? 64 : 1);
            layers.Add(new WeightLayer(Vgg19.LayerNames[i], k, c, Array.ConvertAll(TestNetworks.Values(random, k * c * 9), v => (float)(v * scale)), new float[k]));
        }
        using WeightTable table = new(layers, InputConvention.Caffe);
        FlatWriter.Write(path, table);
        return path;
    }
}
