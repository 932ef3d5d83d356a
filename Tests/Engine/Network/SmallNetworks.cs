using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Kernels.Devices;
using GatysGpu.Weights;

namespace GatysGpu.Tests.Engine.Network;

/// <summary>Random networks of VGG-19's shape that are narrow enough for plain loops, and random pictures.</summary>
internal static class SmallNetworks
{
    // Below, at and above the lanes of every vector width (4, 8, 16) and of a pair of them.
    private static readonly int[] Widths = [5, 8, 17, 3, 9, 16, 6, 33, 7, 4, 12, 5, 18];

    /// <summary>The first <paramref name="layers"/> convolutions of VGG-19 with few channels; seeded.</summary>
    public static NetworkParameters Random(int layers, Padding padding = Padding.Zero, Pooling pooling = Pooling.Max, int seed = 1)
    {
        Random random = new(seed);
        List<NetworkLayer> made = [];
        for (int i = 0, inputs = 3; i < layers; inputs = Widths[i++])
        {
            // He's scale for uniform numbers; the first layer's inputs are pixels, which spread by some 64.
            double spread = Math.Sqrt(6.0 / (9 * inputs)) / (i == 0 ? 64 : 1);
            made.Add(new NetworkLayer(Vgg19.LayerNames[i], Widths[i], inputs,
                RandomValues.Floats(random, Widths[i] * inputs * 9, -spread, spread), RandomValues.Floats(random, Widths[i], -0.2, 0.2)));
        }
        return new NetworkParameters([.. made], [123.68f, 116.779f, 103.939f], padding, pooling);
    }

    /// <summary>A picture of noise: no two neighbours alike, so that no maximum of a window is near a tie.</summary>
    public static Picture Noise(int width, int height, int seed) =>
        new(width, height, RandomValues.Floats(new Random(seed), 3 * width * height, 0, 255));

    /// <summary>A picture of one colour.</summary>
    public static Picture Flat(int width, int height, float red = 90, float green = 140, float blue = 30)
    {
        Picture picture = new(width, height);
        foreach ((int plane, float value) in new[] { (0, red), (1, green), (2, blue) }) picture.Plane(plane).Fill(value);
        return picture;
    }

    /// <summary>A picture with large forms, edges and a little noise, as photographs have; seeded.</summary>
    public static Picture Forms(int width, int height, int seed)
    {
        Random random = new(seed);
        Picture picture = new(width, height);
        double[] phase = RandomValues.Uniform(random, 9, 0, 6), frequency = RandomValues.Uniform(random, 9, 2, 14);
        for (int i = 0; i < picture.Samples.Length; i++)
        {
            int c = i / (width * height);
            double x = i % width / (double)width, y = i / width % height / (double)height;
            double wave = Math.Sin(frequency[c] * x + phase[c]) + Math.Sin(frequency[3 + c] * y + phase[3 + c]);
            double edge = Math.Sign(Math.Sin(frequency[6 + c] * (x + y) + phase[6 + c]));
            picture.Samples[i] = (float)Math.Clamp(128 + 35 * wave + 25 * edge + 8 * (random.NextDouble() - 0.5), 0, 255);
        }
        return picture;
    }
}
