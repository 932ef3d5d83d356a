using System.Text.RegularExpressions;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Ptx;
using GatysGpu.Kernels.Compiler.Simt;
using Group = GatysGpu.Kernels.Compiler.Language.Group;

namespace GatysGpu.Tests.Kernels;

/// <summary>mean[c] = 1/M · Σ over m of x[c, m]; a group makes one channel.</summary>
public static class ChannelMean
{
    /// <summary>Threads of a group.</summary>
    public const int Threads = 256;

    /// <summary>Mean of each row of x.</summary>
    /// <param name="x">[C, M].</param>
    /// <param name="mean">[C]. Overwritten.</param>
    /// <param name="positions">M, at least 1.</param>
    public static void Forward(ArrayView<float> x, ArrayView<float> mean, int positions)
    {
        ArrayView<float> warps = SharedMemory.Allocate<float>(Threads / 32);
        int row = Grid.IdxX * positions;
        float sum = 0;
        for (int m = Group.IdxX; m < positions; m += Threads) sum += x[row + m];
        for (int step = 0; step < 5; step++) sum += Warp.ShuffleXor(sum, 16 >> step);
        if (Warp.LaneIdx == 0) warps[Group.IdxX / 32] = sum;
        // Thread 0 reads what the first lanes of the other warps wrote.
        Group.Barrier();
        if (Group.IdxX > 0) return;
        float total = 0;
        for (int w = 0; w < Threads / 32; w++) total += warps[w];
        mean[Grid.IdxX] = total / positions;
    }
}

/// <summary>The same with the fault that Kernels/README.md plants.</summary>
public static class ChannelMeanWithoutBarrier
{
    /// <inheritdoc cref="ChannelMean.Forward"/>
    public static void Forward(ArrayView<float> x, ArrayView<float> mean, int positions)
    {
        ArrayView<float> warps = SharedMemory.Allocate<float>(ChannelMean.Threads / 32);
        int row = Grid.IdxX * positions;
        float sum = 0;
        for (int m = Group.IdxX; m < positions; m += ChannelMean.Threads) sum += x[row + m];
        for (int step = 0; step < 5; step++) sum += Warp.ShuffleXor(sum, 16 >> step);
        if (Warp.LaneIdx == 0) warps[Group.IdxX / 32] = sum;
        if (Group.IdxX > 0) return;
        float total = 0;
        for (int w = 0; w < ChannelMean.Threads / 32; w++) total += warps[w];
        mean[Grid.IdxX] = total / positions;
    }
}

/// <summary>The worked example of Kernels/README.md: it runs, and the page says what is in this file and what it
/// prints.</summary>
public partial class ReadmeExampleTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "Kernels", "README.md"));

    [Test]
    public void Example_IsRightAndCountsWhatThePageSays()
    {
        float[] values = [.. Enumerable.Range(0, 3 * 1000).Select(i => i % 7 - 2f)];

        using Context context = Context.Create(builder => builder.CPU());
        using SimtAccelerator accelerator = context.CreateCPUAccelerator(0);
        using MemoryBuffer1D<float, Stride1D.Dense> x = accelerator.Allocate1D(values), mean = accelerator.Allocate1D<float>(3);
        var forward = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(ChannelMean.Forward);
        forward(new KernelConfig(new Index1D(3), new Index1D(ChannelMean.Threads)), x.View, mean.View, 1000);
        float[] result = mean.GetAsArray1D();
        SimtCounters counted = accelerator.Counters["ChannelMean_Forward"];

        for (int c = 0; c < 3; c++)
            Assert.That(result[c], Is.EqualTo(values.Skip(c * 1000).Take(1000).Average()).Within(1e-5), $"channel {c}");
        Assert.That(counted.GlobalLoads.Bytes, Is.EqualTo(4 * 3 * 1000));
        Assert.That(Page,
            Does.Contain($"{counted.GlobalLoads.Bytes} bytes in {counted.GlobalLoads.Requests} requests and {counted.GlobalLoads.Sectors} sectors"));
    }

    [Test]
    public void PlantedFault_IsReportedAsThePageSays()
    {
        using Context context = Context.Create(builder => builder.CPU());
        using SimtAccelerator accelerator = context.CreateCPUAccelerator(0);
        using MemoryBuffer1D<float, Stride1D.Dense> x = accelerator.Allocate1D(new float[3 * 1000]);
        using MemoryBuffer1D<float, Stride1D.Dense> mean = accelerator.Allocate1D<float>(3);
        var forward = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(ChannelMeanWithoutBarrier.Forward);
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() =>
            forward(new KernelConfig(new Index1D(3), new Index1D(ChannelMean.Threads)), x.View, mean.View, 1000))!;
        TestContext.Out.WriteLine(fault.Message);
        string message = Line().Replace(fault.Message.ReplaceLineEndings(" ").Replace("WithoutBarrier", ""), ".cs:N");
        Assert.That(Line().Replace(OneLine(Page), ".cs:N"), Does.Contain(OneLine(message)));
    }

    [Test]
    public void Ptx_IsWhatThePageShows()
    {
        string ptx = PtxPrinter.Print(KernelCompiler.Compile(typeof(ChannelMean).GetMethod(nameof(ChannelMean.Forward))!),
            PtxTarget.Sm80);
        TestContext.Out.WriteLine(ptx);
        string[] lines = [.. ptx.Split('\n').Select(Squeezed)];
        foreach (string line in Blocks("ptx").SelectMany(b => b)) Assert.That(lines, Has.Member(Squeezed(line)), line);
    }

    [Test]
    public void CodeOfThePage_IsCodeOfTheRepository()
    {
        string[] files = ["Tests/Kernels/ReadmeExampleTests.cs", "Kernels/Gpu/KernelCatalog.Elements.cs",
            "Kernels/GradientChecks/GradientCases.Pointwise.cs"];
        string[][] sources = [.. files.Select(f => File.ReadAllLines(Path.Combine(SharedData.RepositoryRoot,
            f)).Select(l => l.Trim()).ToArray())];
        string[][] blocks = [.. Blocks("csharp")];
        Assert.That(blocks, Has.Length.GreaterThanOrEqualTo(4));
        Assert.That(blocks.Take(2).All(b => Holds(sources[0], b)), "kernel and launch are in this file");
        foreach (string[] block in blocks)
            Assert.That(sources.Any(s => Holds(s, block)), $"no file has these lines:\n{string.Join('\n', block)}");
    }

    private static bool Holds(string[] source, string[] block)
    {
        string[] wanted = [.. block.Select(l => l.Trim())];
        return Enumerable.Range(0, source.Length - wanted.Length + 1).Any(i =>
            source.AsSpan(i, wanted.Length).SequenceEqual(wanted));
    }

    private static IEnumerable<string[]> Blocks(string language) =>
        Regex.Matches(Page, $"^ *```{language}\n(.*?)\n *```$",
            RegexOptions.Multiline | RegexOptions.Singleline).Select(m => m.Groups[1].Value.Split('\n'));

    private static string OneLine(string text) => Regex.Replace(text, @"\s+", " ");

    // Without the numbers of lines and registers, which any change elsewhere moves.
    private static string Squeezed(string line) => RegisterNumber().Replace(Line().Replace(OneLine(line).Trim(), ".cs:N"), "");

    [GeneratedRegex(@"\.cs:\d+")]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<=%\w+)_\d+")]
    private static partial Regex RegisterNumber();
}
