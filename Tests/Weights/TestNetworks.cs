using GatysGpu.Weights;

namespace GatysGpu.Tests.Weights;

/// <summary>Small networks of random numbers, and the folder that a test may write to.</summary>
internal static class TestNetworks
{
    /// <summary>VGG-19's first layers with narrow widths; seeded.</summary>
    /// <param name="layers">How many.</param>
    /// <param name="width">K of all layers.</param>
    /// <param name="seed">Same seed, same numbers.</param>
    /// <param name="input">What it pretends to be trained for.</param>
    public static WeightTable Random(int layers = 4, int width = 5, int seed = 1, InputConvention? input = null)
    {
        Random random = new(seed);
        List<WeightLayer> made = [];
        for (int i = 0, c = 3; i < layers; i++, c = width)
            made.Add(new WeightLayer(Vgg19.LayerNames[i], width, c, Values(random, width * c * 9), Values(random, width)));
        return new WeightTable(made, input ?? InputConvention.Caffe);
    }

    /// <summary>Normally distributed values.</summary>
    public static float[] Values(Random random, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    /// <summary>Asserts that two tables hold the same layers, shapes and, within <paramref name="tolerance"/>, numbers.</summary>
    public static void AssertSame(WeightTable actual, WeightTable expected, double tolerance = 0)
    {
        Assert.That(actual.Layers.Select(l => l.ToString()), Is.EqualTo(expected.Layers.Select(l => l.ToString())));
        int compared = 0;
        foreach ((WeightLayer a, WeightLayer e) in actual.Layers.Zip(expected.Layers))
        {
            compared += AssertSame(a.Name + " filters", a.Filters.Span, e.Filters.Span, tolerance);
            compared += AssertSame(a.Name + " biases", a.Biases.Span, e.Biases.Span, tolerance);
        }
        Assert.That(compared, Is.GreaterThan(0));
    }

    /// <summary>Compares |a − e| ≤ tolerance·max(1, |e|), names the worst, returns how many were compared.</summary>
    public static int AssertSame(string what, ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double tolerance = 0)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), what);
        for (int i = 0; i < actual.Length; i++)
        {
            double difference = Math.Abs((double)actual[i] - expected[i]);
            if (!(difference <= tolerance * Math.Max(1, Math.Abs(expected[i]))))
                Assert.Fail($"{what}: value {i} is {actual[i]:R}, expected {expected[i]:R} within {tolerance}");
        }
        return actual.Length;
    }
}

/// <summary>A folder that is deleted after the test.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gatys-test-");

    /// <summary>A path in the folder.</summary>
    public string this[string name] => Path.Combine(folder.FullName, name);

    /// <summary>The folder itself.</summary>
    public string Root => folder.FullName;

    /// <summary>Writes a file and returns its path.</summary>
    public string Put(string name, ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => folder.Delete(recursive: true);
}
