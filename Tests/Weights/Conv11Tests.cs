using GatysGpu.Weights;
using GatysGpu.Weights.Recognition;

namespace GatysGpu.Tests.Weights;

public class Conv11Tests
{
    [Test]
    public void Examination_OfRealFilters_TellsOrderAndArrangement([Values] ChannelOrder order,
        [Values] FilterArrangement arrangement)
    {
        using WeightTable real = WeightFile.Open(SharedData.Require("data/weights/tfjs"));
        WeightLayer changed = Change(real.Layers[0], order, arrangement, v => v);
        Conv11Examination seen = Conv11Examination.Examine(changed);
        Assert.That(seen.IsPublished);
        Assert.That((seen.Order, seen.Arrangement), Is.EqualTo((order, arrangement)));
        // Rounding to 1/127 matters most to the differences of the channels, which are small in grey filters.
        Assert.That(seen.Correlation, Is.GreaterThan(0.99));
    }

    [Test]
    public void Examination_OfRealFiltersInHalfPrecisionOrRescaled_RecognisesThem()
    {
        using WeightTable real = WeightFile.Open(SharedData.Require("data/weights/tfjs"));
        foreach (Func<float, float> change in (Func<float, float>[])[v => (float)(Half)v, v => MathF.Round(v * 20) / 20,
            v => v * 0.003f])
        {
            Conv11Examination seen = Conv11Examination.Examine(Change(real.Layers[0], ChannelOrder.Bgr,
                FilterArrangement.AsPublished, change));
            Assert.That(seen.IsPublished);
            Assert.That(seen.Order, Is.EqualTo(ChannelOrder.Bgr));
        }
    }

    [Test]
    public void Examination_OfWrongHypotheses_IsFarFromRecognition()
    {
        using WeightTable real = WeightFile.Open(SharedData.Require("data/weights/tfjs"));
        float[] f = real.Layers[0].Filters.ToArray();
        // Each filter negated: unlike the published under all six hypotheses.
        Conv11Examination seen = Conv11Examination.Examine(new WeightLayer("conv1_1", 64, 3, f.Select(v => -v).ToArray(),
            new float[64]));
        Assert.That(seen.IsPublished, Is.False);
        // The best is 0.43, turned by 180° and R and B exchanged.
        Assert.That(seen.Correlation, Is.LessThan(0.5));
        Assert.That(seen.LooksLikeFilters);
    }

    [Test]
    public void Examination_OfFiltersReadInTheWrongLayout_SaysSo()
    {
        using WeightTable real = WeightFile.Open(SharedData.Require("data/weights/tfjs"));
        float[] f = real.Layers[0].Filters.ToArray(), wrong = new float[f.Length];
        // [K,C,3,3] written out as [3,3,C,K] and taken for the former.
        for (int k = 0; k < 64; k++)
            for (int c = 0; c < 3; c++)
                for (int tap = 0; tap < 9; tap++) wrong[(tap * 3 + c) * 64 + k] = f[(k * 3 + c) * 9 + tap];
        Conv11Examination seen = Conv11Examination.Examine(new WeightLayer("conv1_1", 64, 3, wrong, new float[64]));
        Assert.That(seen.IsPublished, Is.False);
        Assert.That(seen.LooksLikeFilters, Is.False);
    }

    [Test]
    public void Verify_OfTransposedOrWronglyOrderedNetwork_Fails()
    {
        using ScratchFolder folder = new();
        using WeightTable real = WeightFile.Open(SharedData.Require("data/weights/tfjs"));
        foreach ((ChannelOrder order, FilterArrangement arrangement, string check) in new[]
            {
                (ChannelOrder.Rgb, FilterArrangement.AsPublished, "channel order"),
                    (ChannelOrder.Bgr, FilterArrangement.Transposed, "conv1_1"),
                (ChannelOrder.Bgr, FilterArrangement.Flipped, "conv1_1"),
            })
        {
            WeightTable changed = new([Change(real.Layers[0], order, arrangement, v => v), .. real.Layers.Skip(1)],
                InputConvention.Caffe);
            GatysGpu.Weights.Flat.FlatWriter.Write(folder["a"], changed);
            Assert.That(WeightVerifier.Verify(folder["a"]).Where(c => c.Outcome == CheckOutcome.Failed).Select(c => c.Name),
                Does.Contain(check));
        }
    }

    [Test]
    public void Verify_OfRealFiles_HasNoFailure()
    {
        foreach (string name in SharedFilesTests.Names)
        {
            IReadOnlyList<WeightCheck> checks = WeightVerifier.Verify(SharedData.Require($"data/weights/{name}"));
            Assert.That(checks, Has.Count.EqualTo(7));
            Assert.That(checks.Where(c => c.Outcome == CheckOutcome.Failed), Is.Empty, name);
            Assert.That(checks.Single(c => c.Name == "published network").Outcome, Is.EqualTo(CheckOutcome.Passed));
        }
    }

    [Test]
    public void Info_OfRealFile_IsCompleteInTextAndJson()
    {
        WeightInfo info = WeightInfo.Read(SharedData.Require("data/weights/vgg_conv-to-conv3_4.pth"));
        Assert.That(info.ToString(), Does.Contain("conv3_4   [256,256,3,3] float32").And.Contain(
            "equal to the last bit").And.Contain(info.Sha256));
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(info.ToJson());
        Assert.That(json.RootElement.GetProperty("layers").GetArrayLength(), Is.EqualTo(8));
        Assert.That(json.RootElement.GetProperty("input").GetProperty("order").GetString(), Is.EqualTo("bgr"));
    }

    private static WeightLayer Change(WeightLayer layer, ChannelOrder order, FilterArrangement arrangement,
        Func<float, float> change)
    {
        float[] to = new float[layer.Filters.Length];
        for (int k = 0; k < layer.K; k++)
            for (int c = 0; c < 3; c++)
                for (int tap = 0; tap < 9; tap++)
                {
                    int t = arrangement == FilterArrangement.Transposed ? tap % 3 * 3 + tap / 3
                        : arrangement == FilterArrangement.Flipped ? 8 - tap : tap;
                    to[(k * 3 + (order == ChannelOrder.Bgr ? c : 2 - c)) * 9
                        + t] = change(layer.Filters.Span[(k * 3 + c) * 9 + tap]);
                }
        return new WeightLayer("conv1_1", layer.K, 3, to, layer.Biases);
    }
}
