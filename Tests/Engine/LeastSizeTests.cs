using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Transfer;

namespace GatysGpu.Tests.Engine;

/// <summary>The smallest sizes that a layer allows, against the function that makes sizes.</summary>
public class LeastSizeTests
{
    [TestCase("conv1_2", 1)]
    [TestCase("conv2_1", 2)]
    [TestCase("conv5_4", 16)]
    public void Side_HalvesWithEachBlock(string layer, int side) => Assert.That(LeastSize.Side(layer), Is.EqualTo(side));

    [Test]
    public void Scale_IsTheFirstThatFits()
    {
        Random random = new(1);
        for (int i = 0; i < 500; i++)
        {
            (int width, int height, int side) = (random.Next(1, 400), random.Next(1, 400), 1 << random.Next(5));
            int scale = (int)LeastSize.Scale(width, height, side);
            (int w, int h) = Resampler.FitSize(width, height, scale);
            Assert.That(Math.Min(w, h), Is.GreaterThanOrEqualTo(side), $"{width}×{height} at {scale}");
            if (scale == 1) continue;
            (w, h) = Resampler.FitSize(width, height, scale - 1);
            Assert.That(Math.Min(w, h), Is.LessThan(side), $"{width}×{height} at {scale - 1}");
        }
    }
}
