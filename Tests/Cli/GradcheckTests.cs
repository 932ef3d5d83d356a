using System.Text.Json;
using GatysGpu.Cli.Display;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Kernels.GradientChecks;

namespace GatysGpu.Tests.Cli;

/// <summary><c>gatys gradcheck</c>: what it prints and returns. That the suite finds what is wrong is tested with the
/// suite.</summary>
public class GradcheckTests
{
    private static readonly GradientCheckResult Good =
        new("ReluBackward", "C1 1×2", "central differences", 2, 1e-7, "[0,0,1]", 1, 1.0000001, 1e-6);

    [Test]
    public void OneOperation_OnTheCpu_IsATableWithTotals()
    {
        string[] lines = GatysRun.Of("gradcheck", "--device", "cpu", "--operation",
            "totalvariation").Succeeded().Output.TrimEnd().Split('\n');
        Assert.That(lines[0], Does.StartWith("CPU, "));
        Assert.That(lines[1], Does.StartWith("operation ").And.Contain("worst at").And.Contain("allowed"));
        Assert.That(lines[2..^1], Has.Length.EqualTo(10).And.All.Match(@"^TotalVariation +\d+×\d+ .* \d+  \[0,\d+,\d+\] .* ok$"));
        Assert.That(lines[^1], Does.Match(@"^10 checks, 1002 elements, 0 failed; the worst used [\d.]+ % of what is allowed$"));
    }

    [Test]
    public void Json_Parses_AndHasTheSame()
    {
        JsonElement json = JsonDocument.Parse(GatysRun.Of("gradcheck", "--device", "cpu", "--operation", "ReluBackward",
            "--json").Succeeded().Output).RootElement;
        Assert.That(json.GetProperty("passed").GetBoolean());
        Assert.That(json.GetProperty("elements").GetInt32(), Is.EqualTo(315 + 96 + 64 + 64));
        JsonElement[] checks = [.. json.GetProperty("checks").EnumerateArray()];
        Assert.That(checks.Select(c => c.GetProperty("against").GetString()), Is.EqualTo(new[] { "the float64 reference",
            "central differences", "the float64 reference", "central differences" }));
        Assert.That(checks.Select(c => c.GetProperty("passed").GetBoolean()), Is.All.True);
    }

    [Test]
    public void TheChecker_Fp32_IsCheckedToo()
    {
        string output = GatysRun.Of("gradcheck", "--device", "simt", "--precision", "fp32", "--operation",
            "ReluBackward").Succeeded().Output;
        Assert.That(output, Does.StartWith("checker, FP32").And.Contain("539 elements, 0 failed"));
    }

    [Test]
    public void ForcedWinograd_IsMeasuredByWhatItCanDo() =>
        GatysRun.Of("gradcheck", "--device", "cpu", "--convolution", "winograd4", "--operation",
            "Conv3x3BackwardInput").Succeeded();

    [Test]
    public void UnknownOperation_ListsTheNames() =>
        GatysRun.Of("gradcheck", "--operation", "Conv").Refused("--operation 'Conv'", "Conv3x3BackwardInput, ",
            "TotalVariation, PoolConv3x3BackwardInput or ImageGramBackward");

    [Test]
    public void AFusedOperation_IsCheckedWhereTheDeviceOffersIt_AndRefusedElsewhere()
    {
        string output = GatysRun.Of("gradcheck", "--device", "cpu", "--operation", "ImageGramBackward").Succeeded().Output;
        Assert.That(output, Does.Contain("12 checks, 760 elements, 0 failed").And.Not.Contain("not offered"));
        GatysRun.Of("gradcheck", "--device", "simt", "--operation", "ImageGramBackward").Refused(
            "--operation ImageGramBackward", "checker", "ContentLoss or TotalVariation");
        GatysRun.Of("gradcheck", "--device", "cpu", "--convolution", "direct", "--operation", "PoolConv3x3BackwardInput").Refused(
            "--operation PoolConv3x3BackwardInput", "TotalVariation or ImageGramBackward");
    }

    [Test]
    public void AllOperations_OfADeviceThatLacksOne_NameIt()
    {
        GatysRun table = GatysRun.Of("gradcheck", "--device", "cpu", "--convolution", "direct").Succeeded();
        string[] lines = table.Output.TrimEnd().Split('\n');
        Assert.That(lines[^2], Is.EqualTo("not offered by this device, and so not checked: PoolConv3x3BackwardInput"));
        Assert.That(table.Output, Does.Contain("ImageGramBackward ").And.Contain("Conv3x3GramBackwardInput "));
        StringWriter json = new();
        Assert.That(new GradientReport(json, "device", ["PoolConv3x3BackwardInput"]).PrintJson([Good]));
        Assert.That(JsonDocument.Parse(json.ToString()).RootElement.GetProperty("not_offered").EnumerateArray()
            .Select(o => o.GetString()), Is.EqualTo(new[] { "PoolConv3x3BackwardInput" }));
    }

    [TestCase(2e-6)]
    [TestCase(double.NaN)]
    public void AFailure_IsNamedAndCounted(double difference)
    {
        StringWriter table = new(), json = new();
        GradientCheckResult[] results = [Good, Good with { Worst = difference }];
        Assert.That(new GradientReport(table, "device", []).PrintTable(results), Is.False);
        Assert.That(table.ToString(), Does.Contain("FAILED").And.Contain("2 checks, 4 elements, 1 failed"));
        Assert.That(new GradientReport(json, "device", []).PrintJson(results), Is.False);
        Assert.That(JsonDocument.Parse(json.ToString()).RootElement.GetProperty("failed").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public void NothingChecked_IsNoSuccess() =>
        Assert.That(new GradientReport(new StringWriter(), "device", []).PrintTable([]), Is.False);

    [Test]
    public void AFaultInTheChecker_EndsTheTable()
    {
        StringWriter table = new();
        Assert.That(new GradientReport(table, "device", []).PrintTable(Faulty()), Is.False);
        Assert.That(table.ToString(),
            Does.Contain("FAILED: ").And.Contain("File.cs:7").And.Contain("1 checks, 2 elements, 0 failed"));

        static IEnumerable<GradientCheckResult> Faulty()
        {
            yield return Good;
            throw new KernelFaultException(FaultKind.DivisionByZero, "Kernel",
                new SourceLocation("Kernel", "File.cs", 7, null), new Index3D(0, 0, 0), new Index3D(1, 0, 0), "a division by zero");
        }
    }
}
