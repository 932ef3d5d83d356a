using GatysGpu.Tests.Imaging;

namespace GatysGpu.Tests.Cli;

/// <summary>What is wrong on a command line is told in one line that names the option, the value and what is allowed.</summary>
public class OptionErrorTests
{
    [TestCase("--size", "0", "a whole number from 1 to 65535")]
    [TestCase("--size", "-5", "a whole number from 1 to 65535")]
    [TestCase("--size", "12.5", "a whole number")]
    [TestCase("--size", "99999999999999", "a whole number")]
    [TestCase("--size", "", "a whole number")]
    [TestCase("--iterations", "0", "a whole number from 1")]
    [TestCase("--iterations", "many", "a whole number from 1")]
    [TestCase("--optimizer", "sgd", "lbfgs, adam or gd")]
    [TestCase("--content-weight", "NaN", "a finite number, 0 or more")]
    [TestCase("--style-weight", "-1", "a finite number, 0 or more")]
    [TestCase("--tv-weight", "Infinity", "a finite number, 0 or more")]
    [TestCase("--style-weight", "1e999", "a finite number, 0 or more")]
    [TestCase("--content-weight", "1,5", "a finite number, 0 or more")]
    [TestCase("--content-layers", "conv9_1", "'conv9_1' is not a layer", "conv1_1 conv1_2")]
    [TestCase("--content-layers", "conv4_2:-1", "the weight '-1' of conv4_2", "0 or more")]
    [TestCase("--style-layers", "conv1_1,conv1_1:2", "conv1_1 is named twice")]
    [TestCase("--style-layers", "conv1_1:0,conv2_1:0", "all weights are 0")]
    [TestCase("--style-layers", "conv1_1:NaN", "the weight 'NaN' of conv1_1")]
    [TestCase("--style-layers", "conv1_1,,conv2_1", "'' is not a layer")]
    [TestCase("--style-blend", "1;2", "one number of at least 0 for each style picture")]
    [TestCase("--style-blend", "0,0", "not all 0")]
    [TestCase("--match-colors", "maybe", "on or off")]
    [TestCase("--complete", "all", "self or none")]
    [TestCase("--pooling", "median", "max, average or auto")]
    [TestCase("--objective", "gatys", "relative or paper")]
    [TestCase("--seed", "-1", "a whole number from 0")]
    [TestCase("--device", "tpu", "cuda:0 and so on, cpu or simt")]
    [TestCase("--device", "cuda:-1", "cuda:0 and so on, cpu or simt")]
    [TestCase("--precision", "bf16", "tf32 or fp32")]
    [TestCase("--threads", "0", "a whole number from 1")]
    [TestCase("--save-every", "0", "a whole number from 1")]
    [TestCase("--max-pixels", "0", "a number of pixels from 1")]
    [TestCase("--max-pixels", "200X", "a number of pixels from 1")]
    [TestCase("--jpeg-quality", "101", "a whole number from 1 to 100")]
    [TestCase("--bit-depth", "12", "8 or 16")]
    public void AValueThatIsNotAllowed_IsNamedWithWhatIs(string option, string value, params string[] allowed) =>
        GatysRun.Of("stylize", "a.png", "b.png", "-o", "out.png", option, value).Refused([$"{option} '{value}': ", .. allowed]);

    [Test]
    public void ShareCountsThatDiffer_NameBoth() =>
        GatysRun.Of("stylize", "a.png", "b.png", "-o", "out.png", "--style-blend", "1,2").Refused("--style-blend '1,2'", "2 shares for 1 style picture");

    [Test]
    public void NothingToMinimise_IsRefused() =>
        GatysRun.Of("stylize", "a.png", "b.png", "-o", "out.png", "--content-weight", "0", "--style-weight", "0")
            .Refused("--content-weight 0 and --style-weight 0");

    [Test]
    public void SixteenBitsOfAJpeg_AreRefused() =>
        GatysRun.Of("stylize", "a.png", "b.png", "-o", "out.jpg", "--bit-depth", "16").Refused("--bit-depth 16", ".png or .ppm");

    [Test]
    public void AMissingPicture_IsNamed()
    {
        GatysRun.Of("stylize", "-o", "out.png").Refused("CONTENT and STYLE are missing");
        GatysRun.Of("stylize", "a.png", "-o", "out.png").Refused("STYLE is missing");
        GatysRun.Of("evaluate", "a.png", "b.png").Refused("IMAGE is missing");
    }

    [Test]
    public void AMissingOutput_IsNamed() => GatysRun.Of("stylize", "a.png", "b.png").Refused("--output OUT is missing");

    [Test]
    public void AMissingOrRepeatedValue_IsNamed()
    {
        GatysRun.Of("stylize", "a.png", "b.png", "-o", "out.png", "--size").Refused("--size: its value is missing", "PIXELS");
        GatysRun.Of("stylize", "a.png", "b.png", "-o", "out.png", "--size", "1", "--size", "2").Refused("--size is given 2 times");
    }

    [Test]
    public void AnUnknownOption_IsNotTakenForAPicture_AndTheNearestIsNamed()
    {
        GatysRun.Of("stylize", "a.png", "b.png", "-o", "out.png", "--sise", "3").Refused("'--sise' is not an option", "did you mean --size?");
        GatysRun.Of("evaluate", "a.png", "b.png", "c.png", "--gradiant=g.npy").Refused("did you mean --gradient?");
        Assert.That(GatysRun.Of("stylize", "a.png", "b.png", "-o", "out.png", "--xyzzy").Error, Does.Not.Contain("did you mean"));
    }

    [Test]
    public void AnUnknownCommand_IsToldWithTheNearest() => GatysRun.Of("stylise", "a.png").Refused("'stylise' is not a command", "did you mean stylize?");

    [Test]
    public void TwoMistakes_AreBothTold() =>
        Assert.That(GatysRun.Of("stylize", "a.png", "b.png", "-o", "out.png", "--size", "x", "--threads", "y").Errors, Has.Length.EqualTo(2));

    [Test]
    public void AFileNameWithEscapes_CannotMoveTheCursor()
    {
        using TemporaryFolder folder = new();
        GatysRun run = GatysRun.Of("stylize", "a\u001b[2J\n.png", "b.png", "-o", folder.File("o.png"));
        run.Refused("a?[2J?.png");
    }
}
