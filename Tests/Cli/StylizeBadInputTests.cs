using GatysGpu.Engine.Imaging;
using GatysGpu.Tests.Imaging;

namespace GatysGpu.Tests.Cli;

/// <summary>Files that cannot be used: exit code 2, one line, no output file.</summary>
public class StylizeBadInputTests() : TwoPictureTests((40, 30), (32, 32))
{
    [Test]
    public void APictureThatIsNone_IsRefused()
    {
        string text = Folder.File("text.png", "Dear reader, this is no picture."u8.ToArray());
        StylizeOf(text, Style).Refused(text, "is not a picture");
        StylizeOf(Content, text).Refused(text, "is not a picture");
        StylizeOf(Folder.File("none.png"), Style).Refused("none.png", "there is no such file");
        Stylize("--init", Folder.File("none.png")).Refused("none.png", "there is no such file");
        Stylize("--max-pixels", "1k").Refused(Content, "40×30", "--max-pixels");
        NothingWasWritten();
    }

    [Test]
    public void AnOutputThatCannotBeWritten_IsRefusedBeforeAPictureIsRead()
    {
        Directory.CreateDirectory(Folder.File("folder.png"));
        foreach ((string output, string reason) in new[] { ("folder.png", "is a folder"), ("out.gif", "'.gif'"), ("none/out.png", "its folder does not exist") })
            StylizeOf(Folder.File("absent.png"), Style, "-o", Folder.File(output)).Refused(output, reason);
        if (Directory.Exists("/proc"))
            Stylize("-o", "/proc/out.png").Refused("/proc/out.png", "no file can be made there");
    }

    [Test]
    public void AnOutputThatIsAnInput_IsRefused_UnderAnyName()
    {
        byte[] before = File.ReadAllBytes(Content);
        Directory.CreateDirectory(Folder.File("sub"));
        Stylize("-o", Folder.File("sub/../content.png")).Refused("--output", "the content picture");
        Stylize("-o", Style).Refused("--output", "a style picture");
        File.CreateSymbolicLink(Folder.File("link.png"), Content);
        Stylize("-o", Folder.File("link.png")).Refused("the content picture");
        Directory.CreateSymbolicLink(Folder.File("linked"), Folder.Path);
        Stylize("-o", Folder.File("linked/content.png")).Refused("the content picture");
        Stylize("--log", Content).Refused("--log", "the content picture");
        Stylize("--log", Output).Refused("--log", "--output");
        File.Copy(Content, Folder.File("out-0001.png"));
        StylizeOf(Folder.File("out-0001.png"), Style, "--save-every", "1").Refused("--save-every", "out-0001.png");
        Assert.That(File.ReadAllBytes(Content), Is.EqualTo(before));
        NothingWasWritten();
    }

    [Test]
    public void ALogThatCannotBeWritten_IsRefused() =>
        Stylize("--log", Folder.File("none/run.jsonl")).Refused("--log", "run.jsonl", "its folder does not exist");

    [Test]
    public void WeightsThatAreNone_AreRefused()
    {
        Stylize("--weights", Folder.File("none.pth")).Refused("--weights", "none.pth", "there is no such file");
        Stylize("--weights", Content).Refused(Content, "known format");
        NothingWasWritten();
    }

    [Test]
    public void ANarrowPicture_IsRefused_WithTheSizeThatWouldDo()
    {
        string narrow = Folder.File("narrow.png");
        PictureFile.Write(narrow, GatysRun.Scene(1000, 10, seed: 3));
        // 2 rows are needed for conv2_1: 10·size/1000 must round to 2.
        StylizeOf(narrow, Style).Refused(narrow, "1000×10 pixels become 40×1", "conv2_1", "--size 150 or more", "--content-layers");
        GatysRun.Of("stylize", narrow, Style, "-o", Output, "--size", "150", "--iterations", "1", "--weights", "self", "--content-layers",
            "conv2_1", "--style-layers", "conv1_1", "--quiet").Succeeded();
        Assert.That(PictureFile.Read(Output).Height, Is.EqualTo(2));
        GatysRun.Of("stylize", Content, narrow, "-o", Folder.File("other.png"), "--size", "40", "--content-layers", "conv1_1", "--style-layers", "conv2_1")
            .Refused(narrow, "--size 150 or more");
    }

    [Test]
    public void ATinyStyle_IsRefused_AsStylesAreNeverEnlarged()
    {
        string tiny = Folder.File("tiny.png");
        PictureFile.Write(tiny, GatysRun.Scene(9, 9, seed: 3));
        GatysRun.Of("stylize", Content, tiny, "-o", Output, "--size", "40", "--weights", "self")
            .Refused(tiny, "9×9 pixels, too few for conv5_1", "16×16");
        StylizeOf(Content, tiny).Succeeded();
    }

    [Test]
    public void AOnePixelPicture_BecomesAPainting()
    {
        string dot = Folder.File("dot.png");
        PictureFile.Write(dot, PictureAssert.Constant(1, 1, 90));
        Assert.That(StylizeOf(dot, Style).Succeeded().Error, Does.Contain("is of one colour").And.Contain("--init noise"));
        Assert.That(StylizeOf(dot, Style, "--init", "noise").Succeeded().Error, Does.Not.Contain("one colour"));
        Assert.That(PictureFile.Read(Output).Samples, Has.Length.EqualTo(3 * 40 * 40));
    }

    [Test]
    public void ASizeBeyondTheLimit_IsRefusedBeforeMemoryIsTaken() =>
        GatysRun.Of("stylize", Content, Style, "-o", Output, "--size", "60000")
            .Refused("--size '60000'", "60000×45000 = 2700 megapixels", "--max-pixels");

    [Test]
    public void APaintingThatCannotFit_IsToldBeforeTheSmallScalesArePainted()
    {
        GatysRun run = GatysRun.Of("stylize", Content, Style, "-o", Output, "--size", "29000", "--max-pixels", "700M", "--weights", "self");
        Assert.That(run.Code, Is.EqualTo(3), run.Error);
        Assert.That(run.Errors[^1], Does.StartWith("gatys: ").And.Contain("lower --size"));
        Assert.That(run.Error, Does.Not.Contain("iteration"));
        NothingWasWritten();
    }

    private void NothingWasWritten() => Assert.That(Folder.Names, Has.None.EqualTo("out.png").And.None.EndsWith(".tmp"));
}
