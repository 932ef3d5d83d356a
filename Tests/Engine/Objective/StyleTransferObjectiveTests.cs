using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Tests.Engine.Network;

namespace GatysGpu.Tests.Engine.Objective;

/// <summary>Each term's definition, blends, left-out terms, degenerate pictures, and settings that make no sense.</summary>
public class StyleTransferObjectiveTests
{
    private const string TermReason = "float32 maps against float64 ones, relative";
    private static readonly LayerWeight[] Content = [new("conv2_1", 2), new("conv3_1", 1)];
    private static readonly LayerWeight[] Style = [new("conv1_1", 1), new("conv2_1", 3), new("conv2_2", 0.5)];
    private IDevice? device;

    private IDevice Device => device!;

    [OneTimeSetUp]
    public void MakeDevice() => device = HostDevice.Create(2);

    [OneTimeTearDown]
    public void DisposeDevice() => device?.Dispose();

    [TestCase(ObjectiveKind.Paper)]
    [TestCase(ObjectiveKind.Relative)]
    public void Terms_OfSeveralStylesOfOtherSizes_AreThoseOfTheFormulas(ObjectiveKind kind)
    {
        NetworkParameters network = SmallNetworks.Random(5);
        Picture content = SmallNetworks.Forms(22, 17, 1), image = SmallNetworks.Noise(22, 17, 2);
        StylePicture[] styles =
            [new(SmallNetworks.Noise(9, 31, 3), 1), new(SmallNetworks.Forms(40, 12, 4), 2.5), new(SmallNetworks.Flat(8, 8), 0)];
        ObjectiveSettings settings = new(kind, [.. Content], [.. Style], 0.7, 3, 0.02);

        Evaluation actual = Evaluation.Of(Device, network, content, styles, settings, image);

        AssertTerms(new Float64Objective(network, content, styles, settings).Terms(image.Samples.ToDouble()), actual);
        Assert.That(actual.Terms, Has.Count.EqualTo(6));
    }

    [Test]
    public void Shares_OfRelativeTerms_AddUpToTheWeights()
    {
        ObjectiveSettings settings = new(ObjectiveKind.Relative, [.. Content], [.. Style], 0.7, 3, 0);
        Evaluation e = Simple(settings);
        Assert.That(e.Terms.Where(t => t.Kind == "content").Sum(t => t.Weight), Is.EqualTo(0.7).Within(1e-12));
        Assert.That(e.Terms.Where(t => t.Kind == "style").Sum(t => t.Weight), Is.EqualTo(3).Within(1e-12));
        Assert.That(e.Total, Is.EqualTo(e.Terms.Sum(t => t.Weight * t.Value)).Within(1e-12 * e.Total));
    }

    [Test]
    public void Relative_AtTheContentPicture_EveryStyleTermIsOneAndContentZero()
    {
        Picture content = SmallNetworks.Forms(22, 17, 1);
        Evaluation e = Evaluation.Of(Device, SmallNetworks.Random(5), content, [new(SmallNetworks.Noise(20, 20, 3), 1)],
            new(ObjectiveKind.Relative, [.. Content], [.. Style], 1, 1, 1), content);
        foreach (ObjectiveTerm t in e.Terms)
            ArrayComparison.AssertClose($"{t.Kind} {t.Layer}", t.Kind == "content" ? 0 : 1, t.Value, 1e-5, "by definition; float32");
    }

    [Test]
    public void Relative_TheSameWeights_MeanTheSameWhateverTheFiltersScaleIs()
    {
        NetworkParameters network = SmallNetworks.Random(5);
        // Every layer ten times as strong: biases of layer l grow by 10ˡ.
        NetworkParameters strong = network with
        {
            Layers = [.. network.Layers.Select((l, i) => l with
            {
                Filters = Array.ConvertAll(l.Filters, v => v * 10),
                Biases = Array.ConvertAll(l.Biases, v => v * (float)Math.Pow(10, i + 1)),
            })],
        };
        ObjectiveSettings settings = new(ObjectiveKind.Relative, [.. Content], [.. Style], 0.7, 3, 0);
        Evaluation one = Simple(settings, network), ten = Simple(settings, strong);
        ArrayComparison.AssertClose("total", one.Total, ten.Total, 1e-5 * one.Total, TermReason);
        foreach (ObjectiveTerm t in one.Terms)
            ArrayComparison.AssertClose($"{t.Kind} {t.Layer}", t.Value, ten.Terms.Single(o => o.Kind == t.Kind && o.Layer == t.Layer).Value,
                1e-5 * t.Value, TermReason);
    }

    [Test]
    public void Styles_OfEqualPictures_AreOneStyle()
    {
        Picture style = SmallNetworks.Noise(20, 20, 3);
        ObjectiveSettings settings = new(ObjectiveKind.Relative, [.. Content], [.. Style], 0.7, 3, 0);
        Evaluation one = Simple(settings, styles: [new(style, 1)]),
            thrice = Simple(settings, styles: [new(style, 0.1), new(style, 5), new(style, 2)]);
        ArrayComparison.AssertClose("total", one.Total, thrice.Total, 1e-6 * one.Total, TermReason);
    }

    [Test]
    public void ZeroWeights_LeaveTermsAndTheirLayersOut()
    {
        // conv5_4 is not among the weights: a layer without a share must not be asked for.
        Evaluation noContent = Simple(new(ObjectiveKind.Relative, [new("conv5_4", 1)], [.. Style, new("conv5_4", 0)], 0, 1, 0));
        Assert.That(noContent.Terms.Select(t => t.Kind), Has.Exactly(3).EqualTo("style").And.No.Member("content").And.No.Member("tv"));
        Evaluation noStyle = Simple(new(ObjectiveKind.Paper, [.. Content], [new("conv5_4", 1)], 1, 0, 0), styles: []);
        Assert.That(noStyle.Terms.Select(t => t.Kind), Is.EqualTo(new[] { "content", "content" }));
        Evaluation variation = Simple(new(ObjectiveKind.Paper, [.. Content], [], 1, 1, 2));
        Assert.That(variation.Terms.Select(t => t.Kind), Is.EqualTo(new[] { "content", "content", "tv" }));
    }

    [TestCase(ObjectiveKind.Paper)]
    [TestCase(ObjectiveKind.Relative)]
    public void SamePictureAsContentAndStyle_IsAMinimumWithoutDivisionByZero(ObjectiveKind kind)
    {
        Picture content = SmallNetworks.Forms(22, 17, 1);
        StylePicture[] styles = [new(content, 1)];
        ObjectiveSettings settings = new(kind, [.. Content], [.. Style], 1, 1, 0);
        Evaluation there = Evaluation.Of(Device, SmallNetworks.Random(5), content, styles, settings, content);
        Assert.That(there.Total, Is.EqualTo(0).Within(1e-6), "every map is what it should be");
        Assert.That(there.Gradient, Is.All.EqualTo(0).Within(1e-6));
        Picture image = SmallNetworks.Noise(22, 17, 9);
        Evaluation away = Evaluation.Of(Device, SmallNetworks.Random(5), content, styles, settings, image);
        AssertTerms(new Float64Objective(SmallNetworks.Random(5), content, styles, settings).Terms(image.Samples.ToDouble()), away);
    }

    [Test]
    public void FlatPictures_GiveFiniteTermsAndGradients()
    {
        Picture flat = SmallNetworks.Flat(16, 12), black = new(16, 12), other = SmallNetworks.Flat(16, 12, 200, 10, 60),
            noise = SmallNetworks.Noise(16, 12, 4);
        int count = 0;
        foreach (ObjectiveKind kind in Enum.GetValues<ObjectiveKind>())
            foreach (Picture content in new[] { flat, black, noise })
                foreach (Picture style in new[] { flat, black, other, noise })
                    foreach (Picture image in new[] { flat, black, other, noise })
                    {
                        Evaluation e = Evaluation.Of(Device, SmallNetworks.Random(5), content, [new(style, 1)],
                            new(kind, [.. Content], [.. Style], 1, 1, 1), image);
                        Assert.That(double.IsFinite(e.Total), $"total {e.Total}");
                        Assert.That(e.Terms.Select(t => t.Value), Is.All.AtLeast(0).And.All.LessThan(1e9));
                        Assert.That(e.Gradient.All(float.IsFinite), "the gradient");
                        count++;
                    }
        Assert.That(count, Is.EqualTo(96));
    }

    [Test]
    public void DeadLayers_GiveFiniteTerms()
    {
        // Biases so low that no ReLU opens at the content or the style, but some do at the noise.
        NetworkParameters network = SmallNetworks.Random(2);
        NetworkLayer closed = network.Layers[0] with { Biases = [.. network.Layers[0].Biases.Select(_ => -0.8f)] };
        NetworkParameters dead = network with { Layers = [closed, network.Layers[1]] };
        Picture flat = SmallNetworks.Flat(9, 9, 124, 117, 104);
        Evaluation e = Evaluation.Of(Device, dead, flat, [new(flat, 1)],
            new(ObjectiveKind.Relative, [new("conv1_1", 1)], [new("conv1_1", 1)], 1, 1, 0), SmallNetworks.Noise(9, 9, 4));
        Assert.That(double.IsFinite(e.Total) && e.Gradient.All(float.IsFinite), $"total {e.Total}");
    }

    [Test]
    public void Settings_ThatMakeNoSense_AreRefusedWithAReason()
    {
        LayerWeight[] none = [];
        Refuses(new(ObjectiveKind.Relative, [new("conv4_2", 1)], [.. Style], 1, 1, 0), "conv4_2");
        Refuses(new(ObjectiveKind.Relative, [new("conv9_9", 1)], [.. Style], 1, 1, 0), "conv9_9");
        Refuses(new(ObjectiveKind.Relative, [.. Content], [new("conv1_1", 1), new("conv1_1", 2)], 1, 1, 0), "twice");
        Refuses(new(ObjectiveKind.Relative, [.. Content], [.. Style], 0, 0, 1), "nothing");
        Refuses(new(ObjectiveKind.Relative, [.. none], [.. none], 1, 1, 1), "nothing");
        Refuses(new(ObjectiveKind.Relative, [new("conv2_1", 0)], [new("conv1_1", 0)], 1, 1, 1), "nothing");
        foreach (double bad in new[] { -1, double.NaN, double.PositiveInfinity })
        {
            Refuses(new(ObjectiveKind.Relative, [.. Content], [.. Style], bad, 1, 0), "content weight");
            Refuses(new(ObjectiveKind.Relative, [.. Content], [.. Style], 1, bad, 0), "style weight");
            Refuses(new(ObjectiveKind.Relative, [.. Content], [.. Style], 1, 1, bad), "total variation");
            Refuses(new(ObjectiveKind.Relative, [.. Content, new("conv1_1", bad)], [.. Style], 1, 1, 0), "conv1_1");
            Refuses(new(ObjectiveKind.Relative, [.. Content], [.. Style, new("conv3_1", bad)], 1, 1, 0), "conv3_1");
            Refuses(new(ObjectiveKind.Relative, [.. Content], [.. Style], 1, 1, 0), "style picture",
                [new(SmallNetworks.Flat(8, 8), 1), new(SmallNetworks.Flat(8, 8), bad)]);
        }
        Refuses(new(ObjectiveKind.Relative, [.. Content], [.. Style], 1, 1, 0), "style picture", []);
        Refuses(new(ObjectiveKind.Relative, [.. Content], [.. Style], 1, 1, 0), "style picture", [new(SmallNetworks.Flat(8, 8), 0)]);
    }

    [Test]
    public void StyleThatVanishesAtTheDeepestLayer_IsRefusedWithItsSize() =>
        Assert.That(() => Simple(new(ObjectiveKind.Paper, [.. Content], [new("conv3_1", 1)], 1, 1, 0),
            styles: [new(SmallNetworks.Flat(3, 40), 1)]),
            Throws.InstanceOf<PictureTooSmallException>().With.Message.Contains("3×40"));

    private static void AssertTerms(IReadOnlyList<ObjectiveTerm> expected, Evaluation actual)
    {
        Assert.That(actual.Terms.Select(t => (t.Kind, t.Layer)), Is.EquivalentTo(expected.Select(t => (t.Kind, t.Layer))));
        foreach (ObjectiveTerm e in expected)
        {
            ObjectiveTerm a = actual.Terms.Single(t => t.Kind == e.Kind && t.Layer == e.Layer);
            ArrayComparison.AssertClose($"{e.Kind} {e.Layer}", e.Value, a.Value, 1e-5 * e.Value, TermReason);
            ArrayComparison.AssertClose($"weight of {e.Kind} {e.Layer}", e.Weight, a.Weight, 1e-12 * e.Weight, "the same quotient");
        }
    }

    private void Refuses(ObjectiveSettings settings, string reason, StylePicture[]? styles = null) =>
        Assert.That(() => Simple(settings, styles: styles), Throws.InstanceOf<ArgumentException>().With.Message.Contains(reason),
            $"{settings}");

    private Evaluation Simple(ObjectiveSettings settings, NetworkParameters? network = null, StylePicture[]? styles = null) =>
        Evaluation.Of(Device, network ?? SmallNetworks.Random(5), SmallNetworks.Forms(22, 17, 1),
            styles ?? [new(SmallNetworks.Noise(20, 20, 3), 1)],
            settings, SmallNetworks.Noise(22, 17, 2));
}
