using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Kernels.Devices;
using GatysGpu.Weights;

namespace GatysGpu.Bench;

/// <summary>VGG-19 to conv5_1 with random filters (time does not depend on them) and random pictures, as the peer script has them.</summary>
internal static class RandomVgg19
{
    public static NetworkParameters Network()
    {
        Random random = new(0);
        List<NetworkLayer> layers = [];
        int inputs = 3;
        for (int i = 0; i <= Vgg19.LayerNames.IndexOf("conv5_1"); i++)
        {
            int outputs = Vgg19.Widths[i];
            float spread = MathF.Sqrt(6f / (9 * inputs)) * (i == 0 ? 0.01f : 1);
            float[] filters = new float[outputs * inputs * 9];
            for (int j = 0; j < filters.Length; j++) filters[j] = spread * (2 * random.NextSingle() - 1);
            layers.Add(new NetworkLayer(Vgg19.LayerNames[i], outputs, inputs, filters, new float[outputs]));
            inputs = outputs;
        }
        return new NetworkParameters([.. layers], [123.68f, 116.779f, 103.939f], Padding.Zero, Pooling.Max);
    }

    public static Picture Picture(int size, int seed)
    {
        Picture picture = new(size, size);
        Random random = new(seed);
        for (int i = 0; i < picture.Samples.Length; i++) picture.Samples[i] = 255 * random.NextSingle();
        return picture;
    }
}
