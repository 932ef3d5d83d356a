using System.Text.RegularExpressions;

namespace GatysGpu.Tests.Cli;

/// <summary>What the program says of itself.</summary>
public class HelpTests
{
    private static readonly string[] StylizeOptions =
    [
        "--output", "--size", "--iterations", "--optimizer", "--weights", "--content-weight", "--style-weight", "--tv-weight", "--content-layers",
        "--style-layers", "--style-blend", "--init", "--match-colors", "--complete", "--pooling", "--objective", "--seed", "--device", "--precision",
        "--threads", "--convolution", "--save-every", "--log", "--max-pixels", "--jpeg-quality", "--bit-depth", "--quiet",
        "--dry-run", "--json",
    ];

    [Test]
    public void Stylize_ListsEveryOptionOnce_WithDefaultsAndAnExample()
    {
        GatysRun help = GatysRun.Of("stylize", "--help").Succeeded();
        foreach (string option in StylizeOptions)
            Assert.That(Regex.Count(help.Output, $@"^  (-\w, )?{option}\b", RegexOptions.Multiline), Is.EqualTo(1), option);
        Assert.That(help.Output, Does.Contain("Usage: gatys stylize CONTENT STYLE [STYLE…] -o OUT").And.Contain("Examples:"));
        Assert.That(Regex.Replace(help.Output, @"\s+", " "), Does.Contain("[512]").And.Contain("[0.08; 1 with --objective paper]").And.Contain("[200M]"));
    }

    [TestCase("stylize")]
    [TestCase("evaluate")]
    [TestCase("devices")]
    [TestCase("weights")]
    [TestCase("weights fetch")]
    [TestCase("weights convert")]
    [TestCase("weights info")]
    [TestCase("weights verify")]
    [TestCase("kernels")]
    [TestCase("kernels list")]
    [TestCase("kernels show")]
    [TestCase("kernels check")]
    [TestCase("gradcheck")]
    [TestCase("bench")]
    [TestCase("bench kernels")]
    public void NoLine_IsWiderThanAHundredColumns(string command)
    {
        string help = GatysRun.Of([.. command.Split(' '), "--help"]).Succeeded().Output;
        Assert.That(help, Does.Contain($"Usage: gatys {command}").And.Contain("Example"));
        Assert.That(help.Split('\n').Where(line => !line.StartsWith("    gatys ", StringComparison.Ordinal)).Max(line => line.Length), Is.LessThanOrEqualTo(100));
    }

    [Test]
    public void Help_WinsOverMistakes() => GatysRun.Of("stylize", "--size", "0", "--help").Succeeded();

    [Test]
    public void Root_ListsTheCommands()
    {
        Assert.That(GatysRun.Of("--help").Succeeded().Output, Does.Contain("  stylize ").And.Contain("  evaluate ").And.Contain("  devices "));
        GatysRun bare = GatysRun.Of();
        Assert.That((bare.Code, bare.Output), Is.EqualTo((2, "")));
        Assert.That(bare.Error, Does.Contain("Usage: gatys COMMAND"));
    }

    [Test]
    public void Version_IsOneLine() => Assert.That(GatysRun.Of("--version").Succeeded().Output, Does.Match(@"^gatys \d+\.\d+\.\d+\S*\n$"));

    [Test]
    public void Devices_ListsTheCpuAndTheChecker() => Assert.That(GatysRun.Of("devices").Succeeded().Output, Does.Match(@"^cpu     CPU, \d+ threads?, \d+-bit SIMD\n(cuda:\d+ .*\n)*simt    checker"));
}
