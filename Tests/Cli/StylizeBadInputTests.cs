using GatysGpu.Engine.Imaging;
using GatysGpu.Tests.Imaging;

namespace GatysGpu.Tests.Cli;

/// <summary>Files that cannot be used: exit code 2, one line, no output file.</summary>
public class StylizeBadInputTests
{
    private TemporaryFolder folder = null!;
    private string content = "", style = "";

    [SetUp]
    public void MakePictures()
    {
        folder = new TemporaryFolder();
        (content, style) = (folder.File("content.png"), folder.File("style.png"));
        PictureFile.Write(content, GatysRun.Scene(40, 30, seed: 1));
        PictureFile.Write(style, GatysRun.Scene(32, 32, seed: 2));
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void APictureThatIsNone_IsRefused()
    {
        string text = folder.File("text.png", "Dear reader, this is no picture."u8.ToArray());
        Stylize(text, style).Refused(text, "is not a picture");
        Stylize(content, text).Refused(text, "is not a picture");
        Stylize(folder.File("none.png"), style).Refused("none.png", "there is no such file");
        Stylize(content, style, "--init", folder.File("none.png")).Refused("none.png", "there is no such file");
        Stylize(content, style, "--max-pixels", "1k").Refused(content, "40×30", "--max-pixels");
        NothingWasWritten();
    }

    [Test]
    public void AnOutputThatCannotBeWritten_IsRefusedBeforeAPictureIsRead()
    {
        Directory.CreateDirectory(folder.File("folder.png"));
        foreach ((string output, string reason) in new[] { ("folder.png", "is a folder"), ("out.gif", "'.gif'"), ("none/out.png", "its folder does not exist") })
            GatysRun.Of(["stylize", folder.File("absent.png"), style, "-o", folder.File(output), .. GatysRun.Short]).Refused(output, reason);
        if (Directory.Exists("/proc"))
            GatysRun.Of(["stylize", content, style, "-o", "/proc/out.png", .. GatysRun.Short]).Refused("/proc/out.png", "no file can be made there");
    }

    [Test]
    public void AnOutputThatIsAnInput_IsRefused_UnderAnyName()
    {
        byte[] before = File.ReadAllBytes(content);
        Directory.CreateDirectory(folder.File("sub"));
        GatysRun.Of(["stylize", content, style, "-o", folder.File("sub/../content.png"), .. GatysRun.Short]).Refused("--output", "the content picture");
        GatysRun.Of(["stylize", content, style, "-o", style, .. GatysRun.Short]).Refused("--output", "a style picture");
        File.CreateSymbolicLink(folder.File("link.png"), content);
        GatysRun.Of(["stylize", content, style, "-o", folder.File("link.png"), .. GatysRun.Short]).Refused("the content picture");
        Directory.CreateSymbolicLink(folder.File("linked"), folder.Path);
        GatysRun.Of(["stylize", content, style, "-o", folder.File("linked/content.png"), .. GatysRun.Short]).Refused("the content picture");
        Stylize(content, style, "--log", content).Refused("--log", "the content picture");
        Stylize(content, style, "--log", folder.File("out.png")).Refused("--log", "--output");
        File.Copy(content, folder.File("out-0001.png"));
        Stylize(folder.File("out-0001.png"), style, "--save-every", "1").Refused("--save-every", "out-0001.png");
        Assert.That(File.ReadAllBytes(content), Is.EqualTo(before));
        NothingWasWritten();
    }

    [Test]
    public void ALogThatCannotBeWritten_IsRefused() =>
        Stylize(content, style, "--log", folder.File("none/run.jsonl")).Refused("--log", "run.jsonl", "its folder does not exist");

    [Test]
    public void WeightsThatAreNone_AreRefused()
    {
        Stylize(content, style, "--weights", folder.File("none.pth")).Refused("--weights", "none.pth", "there is no such file");
        Stylize(content, style, "--weights", content).Refused(content, "known format");
        NothingWasWritten();
    }

    [Test]
    public void ANarrowPicture_IsRefused_WithTheSizeThatWouldDo()
    {
        string narrow = folder.File("narrow.png");
        PictureFile.Write(narrow, GatysRun.Scene(1000, 10, seed: 3));
        // 2 rows are needed for conv2_1: 10·size/1000 must round to 2.
        Stylize(narrow, style).Refused(narrow, "1000×10 pixels become 40×1", "conv2_1", "--size 150 or more", "--content-layers");
        GatysRun.Of("stylize", narrow, style, "-o", folder.File("out.png"), "--size", "150", "--iterations", "1", "--weights", "self", "--content-layers",
            "conv2_1", "--style-layers", "conv1_1", "--quiet").Succeeded();
        Assert.That(PictureFile.Read(folder.File("out.png")).Height, Is.EqualTo(2));
        GatysRun.Of("stylize", content, narrow, "-o", folder.File("other.png"), "--size", "40", "--content-layers", "conv1_1", "--style-layers", "conv2_1")
            .Refused(narrow, "--size 150 or more");
    }

    [Test]
    public void ATinyStyle_IsRefused_AsStylesAreNeverEnlarged()
    {
        string tiny = folder.File("tiny.png");
        PictureFile.Write(tiny, GatysRun.Scene(9, 9, seed: 3));
        GatysRun.Of("stylize", content, tiny, "-o", folder.File("out.png"), "--size", "40", "--weights", "self")
            .Refused(tiny, "9×9 pixels, too few for conv5_1", "16×16");
        Stylize(content, tiny).Succeeded();
    }

    [Test]
    public void AOnePixelPicture_BecomesAPainting()
    {
        string dot = folder.File("dot.png");
        PictureFile.Write(dot, PictureAssert.Constant(1, 1, 90));
        Assert.That(Stylize(dot, style).Succeeded().Error, Does.Contain("is of one colour").And.Contain("--init noise"));
        Assert.That(Stylize(dot, style, "--init", "noise").Succeeded().Error, Does.Not.Contain("one colour"));
        Assert.That(PictureFile.Read(folder.File("out.png")).Samples, Has.Length.EqualTo(3 * 40 * 40));
    }

    [Test]
    public void ASizeBeyondTheLimit_IsRefusedBeforeMemoryIsTaken() =>
        GatysRun.Of("stylize", content, style, "-o", folder.File("out.png"), "--size", "60000")
            .Refused("--size '60000'", "60000×45000 = 2700 megapixels", "--max-pixels");

    [Test]
    public void APaintingThatCannotFit_IsToldBeforeTheSmallScalesArePainted()
    {
        GatysRun run = GatysRun.Of("stylize", content, style, "-o", folder.File("out.png"), "--size", "29000", "--max-pixels", "700M", "--weights", "self");
        Assert.That(run.Code, Is.EqualTo(3), run.Error);
        Assert.That(run.Errors[^1], Does.StartWith("gatys: ").And.Contain("lower --size"));
        Assert.That(run.Error, Does.Not.Contain("iteration"));
        NothingWasWritten();
    }

    private GatysRun Stylize(string contentFile, string styleFile, params string[] options)
    {
        List<string> args = ["stylize", contentFile, styleFile, "-o", folder.File("out.png"), .. options];
        foreach (string[] pair in GatysRun.Short.Chunk(2))
            if (!options.Contains(pair[0])) args.AddRange(pair);
        return GatysRun.Of([.. args]);
    }

    private void NothingWasWritten() => Assert.That(folder.Names, Has.None.EqualTo("out.png").And.None.EndsWith(".tmp"));
}
