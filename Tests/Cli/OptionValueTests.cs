using GatysGpu.Cli;
using GatysGpu.Cli.Options;
using GatysGpu.Engine.Objective;

namespace GatysGpu.Tests.Cli;

/// <summary>Values that are allowed, and what they are read as.</summary>
public class OptionValueTests
{
    [Test]
    public void LayerList_NamesWithAndWithoutWeights()
    {
        LayerWeight[] expected = [new("conv1_1", 1), new("conv2_1", 0.5), new("conv5_4", 0)];
        Assert.That(LayerList.Read("conv1_1, conv2_1:0.5,conv5_4:0"), Is.EqualTo(expected));
        Assert.That(LayerList.ReadSharing("conv1_1, conv2_1:0.5,conv5_4:0"), Is.EqualTo(expected));
    }

    [Test]
    public void LayerList_StyleLayersWithoutAnyWeight_ShareOne() =>
        Assert.That(LayerList.ReadSharing("conv1_1,conv2_1,conv3_1,conv4_1"), Has.All.Property(nameof(LayerWeight.Weight)).EqualTo(0.25));

    [Test]
    public void StyleBlend_OneForEachPicture()
    {
        Assert.That(StyleBlend.For(StyleBlend.Read("1, 2.5,0"), 3), Is.EqualTo(new[] { 1, 2.5, 0 }));
        Assert.That(StyleBlend.For(null, 2), Is.EqualTo(new[] { 1.0, 1.0 }));
        Assert.Throws<InputException>(() => StyleBlend.For(StyleBlend.Read("1"), 2));
    }

    [TestCase("1", 1)]
    [TestCase("5000000", 5_000_000)]
    [TestCase("12k", 12_000)]
    [TestCase("200M", 200_000_000)]
    [TestCase("0.5m", 500_000)]
    public void Pixels_WithUnits(string text, long expected) => Assert.That(ValueReader.Pixels(text), Is.EqualTo(expected));

    [TestCase("0", 0)]
    [TestCase("1e-3", 0.001)]
    [TestCase("2.5", 2.5)]
    public void Weight_AnyNotation(string text, double expected) => Assert.That(ValueReader.Weight(text), Is.EqualTo(expected));

    [Test]
    public void Choice_InAnyCase() => Assert.That(ValueReader.Choice(("on", 1), ("off", 2))("OFF"), Is.EqualTo(2));

    [TestCase("--sise", "; did you mean --size?")]
    [TestCase("--style-weights", "; did you mean --style-weight?")]
    [TestCase("--zzzzzz", "")]
    public void Suggestion_OnlyWhatIsNear(string typed, string expected) =>
        Assert.That(UnknownOptions.Suggestion(typed, ["--size", "--style-weight", "--seed"]), Is.EqualTo(expected));
}
