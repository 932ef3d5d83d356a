using System.Text.Json;
using GatysGpu.Engine.Imaging;
using GatysGpu.Tests.Imaging;

namespace GatysGpu.Tests.Cli;

/// <summary>Whole runs of <c>gatys stylize</c> on pictures of a few thousand pixels.</summary>
public class StylizeTests() : TwoPictureTests((60, 45), (50, 50))
{
    [Test]
    public void APainting_HasTheSizeAskedFor_AndIsNotTheContent()
    {
        GatysRun run = Stylize().Succeeded();
        Picture painting = PictureFile.Read(Output);
        Assert.That((painting.Width, painting.Height), Is.EqualTo((40, 30)));
        Assert.That(painting.Samples, Is.Not.EqualTo(Resampler.Resize(PictureFile.Read(Content), 40, 30).Samples));
        Assert.That(run.Output, Does.StartWith($"{Output}: 40×30, 2 iterations, loss "));
        Assert.That(run.Errors[0], Does.Contain("learned from these pictures").And.Contain("'gatys weights fetch'"));
        Assert.That(run.Errors[1], Does.StartWith("scale 1/1, 40×30, iteration 1/2, loss "));
    }

    [Test]
    public void TheSameSeed_GivesTheSameBytes_OnAnyNumberOfThreads()
    {
        byte[] first = Painted("--threads", "1"), second = Painted("--threads", "1"), parallel = Painted("--threads", "2");
        Assert.That(second, Is.EqualTo(first));
        Assert.That(parallel, Is.EqualTo(first));
        Assert.That(Painted("--threads", "2", "--seed", "7"), Is.Not.EqualTo(first));
    }

    [Test]
    public void Quiet_PrintsNothingButErrors()
    {
        GatysRun run = Stylize("--quiet").Succeeded();
        Assert.That(run.Output + run.Error, Is.Empty);
        Stylize("--quiet", "--style-blend", "1,2").Refused("--style-blend");
    }

    [TestCase("--optimizer", "adam")]
    [TestCase("--optimizer", "gd")]
    [TestCase("--init", "style")]
    [TestCase("--init", "noise")]
    [TestCase("--weights", "random")]
    [TestCase("--objective", "paper")]
    [TestCase("--pooling", "max")]
    [TestCase("--match-colors", "off")]
    [TestCase("--tv-weight", "0.1")]
    [TestCase("--content-weight", "1")]
    public void AnOption_ChangesThePainting(string option, string value)
    {
        byte[] usual = Painted();
        Assert.That(Painted(option, value), Is.Not.EqualTo(usual));
    }

    [Test]
    public void SeveralStyles_AreBlendedByTheirShares()
    {
        string second = Folder.File("second.png");
        PictureFile.Write(second, GatysRun.Scene(40, 60, seed: 5));
        GatysRun.Of(["stylize", Content, Style, second, "-o", Output, "--style-blend", "1,2", .. GatysRun.Short]).Succeeded();
        byte[] oneTwo = File.ReadAllBytes(Output);
        GatysRun.Of(["stylize", Content, Style, second, "-o", Output, "--style-blend", "2,1", .. GatysRun.Short]).Succeeded();
        Assert.That(File.ReadAllBytes(Output), Is.Not.EqualTo(oneTwo));
        GatysRun.Of(["stylize", Content, Style, second, "-o", Output, "--style-blend", "1,0", .. GatysRun.Short]).Succeeded();
        Assert.That(File.ReadAllBytes(Output), Is.EqualTo(Painted()), "a share of 0 leaves the picture out");
    }

    [Test]
    public void Init_OfAPicture_StartsThere()
    {
        PictureFile.Write(Folder.File("start.png"), PictureAssert.Constant(3, 3, 128));
        byte[] usual = Painted();
        Assert.That(Painted("--init", Folder.File("start.png")), Is.Not.EqualTo(usual));
    }

    [Test]
    public void SaveEvery_WritesNumberedPictures()
    {
        Stylize("--save-every", "1").Succeeded();
        Assert.That(Folder.Names, Is.SupersetOf(new[] { "out-0001.png", "out-0002.png", "out.png" }));
        Assert.That(Folder.Names, Has.None.EqualTo("out-0003.png"));
        Assert.That(PictureFile.Read(Folder.File("out-0002.png")).Samples, Is.EqualTo(PictureFile.Read(Output).Samples));
    }

    [Test]
    public void Log_HasOneObjectAnIteration()
    {
        Stylize("--log", Folder.File("run.jsonl"), "--tv-weight", "0.1").Succeeded();
        JsonElement[] lines = [.. File.ReadLines(Folder.File("run.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines.Select(l => l.GetProperty("iteration").GetInt32()), Is.EqualTo(new[] { 1, 2 }));
        foreach (JsonElement line in lines)
        {
            Assert.That(new[] { "scale", "width", "height" }.Select(name => line.GetProperty(name).GetInt32()), Is.EqualTo(new[] { 1, 40, 30 }));
            Assert.That(line.GetProperty("loss").GetDouble(), Is.Positive);
            Assert.That(line.GetProperty("gradient_norm").GetDouble(), Is.Positive);
            Assert.That(line.GetProperty("evaluations").GetInt32(), Is.Positive);
            Assert.That(line.GetProperty("seconds").GetDouble(), Is.Positive);
            Assert.That(line.GetProperty("terms").EnumerateArray().Select(t => $"{t.GetProperty("kind")} {t.GetProperty("layer")}".TrimEnd()),
                Is.EquivalentTo(new[] { "style conv1_1", "style conv2_1", "content conv2_1", "tv" }));
        }
        Assert.That(lines[1].GetProperty("loss").GetDouble(), Is.LessThan(lines[0].GetProperty("loss").GetDouble()));
    }

    [TestCase("out.jpg", "--jpeg-quality", "30", "95")]
    [TestCase("out.png", "--bit-depth", "16", "8")]
    public void FileOptions_ChangeTheFile(string name, string option, string one, string other)
    {
        Assert.That(Written(one), Is.Not.EqualTo(Written(other)));

        byte[] Written(string value)
        {
            Stylize("-o", Folder.File(name), option, value).Succeeded();
            return File.ReadAllBytes(Folder.File(name));
        }
    }

    [Test]
    public void APartialFile_IsCompletedAndSaysSo_OrRefused()
    {
        string weights = NarrowWeights(layers: 2);
        GatysRun run = Stylize("--weights", weights).Succeeded();
        Assert.That(run.Errors[0], Does.Contain($"{weights} ends at conv1_2; conv2_1 is learned").And.Contain("--complete self"));
        Stylize("--weights", weights, "--complete", "none").Refused($"--weights '{weights}' ends at conv1_2", "conv2_1 is asked for", "--complete self");
        Assert.That(Stylize("--weights", weights, "--complete", "none", "--content-layers", "conv1_2", "--style-layers", "conv1_1").Succeeded().Error,
            Does.Not.Contain("learned"));
    }

    private byte[] Painted(params string[] options)
    {
        Stylize(options).Succeeded();
        return File.ReadAllBytes(Output);
    }
}
