using GatysGpu.Weights;

namespace GatysGpu.Tests.Weights;

public class WeightTableTests
{
    [Test]
    public void Names_OfVgg19_AreSixteenWithTorchvisionsIndices()
    {
        Assert.That(Vgg19.LayerNames, Has.Length.EqualTo(16));
        Assert.That(Vgg19.LayerNames[^1], Is.EqualTo("conv5_4"));
        Assert.That(Vgg19.TorchvisionIndices, Is.EqualTo((int[])[0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34]));
    }

    [Test]
    public void Lookup_OfMissingLayer_NamesItAndWhatIsThere()
    {
        WeightTable table = TestNetworks.Random(layers: 3);
        WeightException e = Assert.Throws<WeightException>(() => _ = table["conv4_1"])!;
        Assert.That(e.Message, Does.Contain("conv4_1").And.Contain("conv1_1 to conv2_1").And.Contain("fetch"));
        Assert.That(Assert.Throws<WeightException>(() => _ = table["fc6"])!.Message, Does.Contain("conv1_1 to conv5_4"));
        Assert.That(table["conv1_2"], Is.SameAs(table.Layers[1]));
    }

    [Test]
    public void Table_WithBrokenChain_SaysBothShapes()
    {
        WeightLayer first = new("conv1_1", 4, 3, new float[108], new float[4]);
        WeightLayer second = new("conv1_2", 4, 5, new float[180], new float[4]);
        WeightException e = Assert.Throws<WeightException>(() => _ = new WeightTable([first, second], InputConvention.Caffe))!;
        Assert.That(e.Message, Does.Contain("[4,5,3,3]").And.Contain("[4,4,3,3]").And.Contain("conv1_1 [4,3,3,3]"));
    }

    [Test]
    public void Table_WithGapInNames_IsRefused() =>
        Assert.That(() => new WeightTable([new WeightLayer("conv1_2", 4, 3, new float[108], new float[4])],
            InputConvention.Caffe),
            Throws.TypeOf<WeightException>().With.Message.Contains("expected conv1_1"));

    [TestCase(0, TestName = "InRgb255_OfCaffe_GivesTheSameOutput")]
    [TestCase(1, TestName = "InRgb255_OfTorchvision_GivesTheSameOutput")]
    [TestCase(2, TestName = "InRgb255_OfMatConvNet_GivesTheSameOutput")]
    public void InRgb255_GivesTheSameOutput(int which)
    {
        InputConvention input = ((InputConvention[])[InputConvention.Caffe, InputConvention.Torchvision,
            InputConvention.MatConvNet])[which];
        WeightTable original = TestNetworks.Random(input: input);
        (WeightTable folded, float[] mean) = original.InRgb255();
        Random random = new(7);
        int compared = 0;
        for (int trial = 0; trial < 20; trial++)
        {
            double[] rgb = [.. Enumerable.Range(0, 27).Select(_ => random.NextDouble() * 255)];
            for (int k = 0; k < original.Layers[0].K; k++, compared++)
            {
                double expected = 0, actual = 0;
                for (int c = 0; c < 3; c++)
                    for (int tap = 0; tap < 9; tap++)
                    {
                        int colour = input.Order == ChannelOrder.Bgr ? 2 - c : c;
                        double x = (input.Scale * rgb[colour * 9 + tap] - input.Mean[c]) / input.Std[c];
                        expected += x * original.Layers[0].Filters.Span[(k * 3 + c) * 9 + tap];
                        actual += (rgb[c * 9 + tap] - mean[c]) * folded.Layers[0].Filters.Span[(k * 3 + c) * 9 + tap];
                    }
                // 27 products of filters and means that were rounded to float32 once: relative 27·2^-23, against inputs up to
                // 255.
                Assert.That(Math.Abs(expected - actual), Is.LessThanOrEqualTo(1e-3), $"seed 7, trial {trial}, channel {k}");
            }
        }
        Assert.That(compared, Is.EqualTo(100));
        Assert.That(folded.Layers[1], Is.SameAs(original.Layers[1]));
        Assert.That(folded.Input.Order, Is.EqualTo(ChannelOrder.Rgb));
    }

    [Test]
    public void InputConvention_Named_ParsesAndPrints()
    {
        foreach (string name in InputConvention.Names) Assert.That(InputConvention.Parse(name.ToUpperInvariant()).Name,
            Is.EqualTo(name));
        Assert.That(() => InputConvention.Parse("keras2"), Throws.ArgumentException.With.Message.Contains("torchvision"));
        Assert.That(InputConvention.Caffe.ToString(), Is.EqualTo("BGR 0..255 minus 103.939, 116.779, 123.68"));
        Assert.That(InputConvention.Torchvision.MeanRgb255(), Is.EqualTo((float[])[123.675f, 116.28f, 103.53f]).Within(1e-4f));
    }

    [Test]
    public void InputConvention_OutOfRange_IsRefused()
    {
        Assert.That(() => new InputConvention(ChannelOrder.Rgb, double.NaN, [0, 0, 0], [1, 1, 1]), Throws.ArgumentException);
        Assert.That(() => new InputConvention(ChannelOrder.Rgb, 1, [0, 0, 0], [1, 0, 1]), Throws.ArgumentException);
        Assert.That(() => new InputConvention((ChannelOrder)2, 1, [0, 0, 0], [1, 1, 1]), Throws.ArgumentException);
    }
}
