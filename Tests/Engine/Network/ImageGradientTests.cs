using System.Collections.Immutable;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Tests.Engine.Objective;
using GatysGpu.Tests.Kernels.Devices;

namespace GatysGpu.Tests.Engine.Network;

/// <summary>Value and image gradient of whole networks, whichever layers are looked at: the passes on the definitions of all
/// operations against central differences of an objective in float64, and the CPU device at each width against the same.</summary>
public class ImageGradientTests
{
    private static readonly IDevice[] HostDevices =
        [HostDevice.Create(2, SimdWidth.Bits512), HostDevice.Create(3, SimdWidth.Bits256), HostDevice.Create(1, SimdWidth.Bits128)];

    // Layers and a size that leaves at least one position of the deepest map: 3 layers have one pooling, 5 two, 9 three. Up to 4
    // layers every choice of tapped layers is tried, beyond those of TappedOf.
    private static readonly (int Layers, int Width, int Height)[] Shapes =
        [(1, 1, 1), (1, 4, 3), (2, 1, 1), (2, 7, 1), (2, 1, 6), (3, 2, 2), (3, 5, 4), (4, 7, 3), (4, 2, 9), (5, 6, 5), (7, 8, 9),
            (9, 9, 11), (9, 17, 8)];

    [OneTimeTearDown]
    public void DisposeDevices()
    {
        foreach (IDevice device in HostDevices) device.Dispose();
    }

    private static IEnumerable<TestCaseData> Cases() =>
        from s in Shapes
        from padding in new[] { Padding.Zero, Padding.Reflect }
        from pooling in new[] { Pooling.Max, Pooling.Average }
        select new TestCaseData(s.Layers, s.Width, s.Height, padding, pooling)
            .SetArgDisplayNames($"{s.Layers} layers {s.Width}x{s.Height} {padding} {pooling}");

    [TestCaseSource(nameof(Cases))]
    public void Gradient_ForEveryChoiceOfLayers_MatchesCentralDifferences(int layers, int width, int height, Padding padding,
        Pooling pooling)
    {
        NetworkParameters network = SmallNetworks.Random(layers, padding, pooling, seed: 7 * layers + width);
        Picture content = SmallNetworks.Noise(width, height, 1), image = SmallNetworks.Noise(width, height, 2);
        StylePicture[] styles = [new(SmallNetworks.Noise(width + 2, height + 1, 3), 1)];
        using ReferenceDevice reference = new();
        foreach (int[] tapped in TappedOf(layers))
        {
            ObjectiveSettings settings = Settings(network, tapped);
            Evaluation truth = Truth(new Float64Objective(network, content, styles, settings), image);
            string what = $"layers {string.Join(",", tapped)}, {settings.Kind}";
            // 6e-8 a stored float32, through up to 9 layers each way and back through differences of like numbers.
            AssertSame($"{what}, definitions", truth, Evaluation.Of(reference, network, content, styles, settings, image), 2e-6, 3e-5);
            // float32 sums; the issue asks for 1e-5 and 1e-4 of a whole VGG-19.
            foreach (IDevice device in HostDevices)
                AssertSame($"{what}, {device.Name}", truth, Evaluation.Of(device, network, content, styles, settings, image), 1e-5, 1e-4);
        }
    }

    [TestCase(Padding.Zero, Pooling.Max)]
    [TestCase(Padding.Reflect, Pooling.Average)]
    public void Gradient_OfAPictureThatIsComputedInTiles_MatchesTheDefinitions(Padding padding, Pooling pooling)
    {
        // 49×58 is above the size from which the CPU device transforms tiles, and so is 24×29 after one pooling; neither is a
        // multiple of a tile.
        NetworkParameters network = SmallNetworks.Random(5, padding, pooling, seed: 5);
        Picture content = SmallNetworks.Noise(49, 58, 1), image = SmallNetworks.Noise(49, 58, 2);
        StylePicture[] styles = [new(SmallNetworks.Noise(50, 52, 3), 1)];
        ObjectiveSettings settings = Settings(network, [0, 1, 3, 4]);
        using ReferenceDevice reference = new();
        Evaluation truth = Evaluation.Of(reference, network, content, styles, settings, image);
        foreach (IDevice device in HostDevices)
            AssertSame(device.Name, truth, Evaluation.Of(device, network, content, styles, settings, image), 1e-5, 1e-4);
    }

    /// <summary>Value, terms and a sample of the gradient in float64. Elements that are not sampled are NaN.</summary>
    private static Evaluation Truth(Float64Objective objective, Picture image)
    {
        // Small enough that hardly a ReLU or a maximum changes sides, large enough that 1e-16 of the value does not show.
        const double Step = 1e-5;
        double[] x = image.Samples.ToDouble();
        float[] gradient = new float[x.Length];
        Array.Fill(gradient, float.NaN);
        Random random = new(x.Length);
        int[] sample = x.Length <= 24
            ? [.. Enumerable.Range(0, x.Length)] : [.. Enumerable.Range(0, 24).Select(_ => random.Next(x.Length))];
        foreach (int i in sample)
        {
            double kept = x[i];
            x[i] = kept + Step;
            double above = objective.Total(x);
            x[i] = kept - Step;
            gradient[i] = (float)((above - objective.Total(x)) / (2 * Step));
            x[i] = kept;
        }
        return new Evaluation(objective.Total(x), objective.Terms(x), gradient);
    }

    private static void AssertSame(string what, Evaluation truth, Evaluation actual, double lossTolerance, double gradientTolerance)
    {
        ArrayComparison.AssertClose($"{what}: total", truth.Total, actual.Total, lossTolerance * truth.Total, "of the value itself");
        Assert.That(actual.Terms.Select(t => (t.Kind, t.Layer)), Is.EquivalentTo(truth.Terms.Select(t => (t.Kind, t.Layer))), what);
        foreach (ObjectiveTerm term in truth.Terms)
        {
            ObjectiveTerm same = actual.Terms.Single(t => t.Kind == term.Kind && t.Layer == term.Layer);
            // A small term beside large ones is as exact as its own maps are, which may be nearly alike.
            ArrayComparison.AssertClose($"{what}: {term.Kind} {term.Layer}", term.Value, same.Value, 5 * lossTolerance * term.Value,
                "of the term itself");
            Assert.That(same.Weight, Is.EqualTo(term.Weight).Within(1e-12 * term.Weight), $"{what}: weight of {term.Kind} {term.Layer}");
        }
        int[] known = [.. Enumerable.Range(0, truth.Gradient.Length).Where(i => !float.IsNaN(truth.Gradient[i]))];
        double[] expected = [.. known.Select(i => (double)truth.Gradient[i])];
        double norm = Math.Sqrt(expected.Sum(v => v * v));
        Assert.That(actual.Gradient, Has.None.NaN, what);
        ArrayComparison.AssertClose($"{what}: gradient", expected, [.. known.Select(i => (double)actual.Gradient[i])],
            new Tolerance(gradientTolerance * norm, gradientTolerance * norm, "of the gradient's L2 norm"));
    }

    /// <summary>Every tapped layer in turn is a style, a content or both; which depends on the choice, and so does the kind.</summary>
    private static ObjectiveSettings Settings(NetworkParameters network, int[] tapped)
    {
        int turn = tapped.Sum();
        ImmutableArray<LayerWeight> Of(Func<int, bool> chosen) =>
            [.. tapped.Where((_, i) => chosen((i + turn) % 3)).Select((t, i) => new LayerWeight(network.Layers[t].Name, 0.5 + 0.3 * i))];
        bool paper = (turn + tapped.Length) % 2 == 0;
        return new ObjectiveSettings(paper ? ObjectiveKind.Paper : ObjectiveKind.Relative, Of(role => role != 0), Of(role => role != 1),
            paper ? 1 : 0.1, paper ? 100 : 1, turn % 2 == 0 ? 0 : paper ? 1e-4 : 0.05);
    }

    private static IEnumerable<int[]> TappedOf(int layers)
    {
        if (layers <= 4)
        {
            for (int mask = 1; mask < 1 << layers; mask++)
                yield return [.. Enumerable.Range(0, layers).Where(i => (mask >> i & 1) != 0)];
            yield break;
        }
        int last = layers - 1, middle = layers / 2;
        foreach (int[] tapped in (int[][])[[last], [0, middle], [0, last], [middle, last], [1, 2, last], [0, 1, middle, last],
            [.. Enumerable.Range(0, layers)]])
            yield return tapped;
    }
}
