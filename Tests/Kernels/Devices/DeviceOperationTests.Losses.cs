using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Losses;

namespace GatysGpu.Tests.Kernels.Devices;

// Gram matrix, its loss and gradient; content loss; total variation.
public abstract partial class DeviceOperationTests
{
    private static readonly (int C, int H, int W)[] GramShapes =
    [
        (1, 1, 1), (64, 1, 1), (3, 1, 7), (5, 7, 1), (8, 2, 2), (16, 3, 5), (17, 5, 4), (32, 9, 13), (33, 8, 8), (64, 17, 16),
            (65, 31, 33),
        (16, 61, 67), (17, 32, 64),
    ];

    private static IEnumerable<TestCaseData> GramCases() =>
        GramShapes.Select(s => new TestCaseData(s.C, s.H, s.W).SetArgDisplayNames($"C{s.C} {s.H}x{s.W}"));

    [TestCaseSource(nameof(GramCases))]
    public void Gram_MatchesReferenceAndIsSymmetric(int c, int h, int w)
    {
        using GuardedArena arena = Arena();
        FeatureMap f = arena.Map(c, h, w, RandomValues.Activations(new Random(c + h * w), c * h * w, 30));
        DeviceVector gram = arena.Vector(c * c);

        arena.Run(() => Device.Gram(f, gram), GuardedArena.Of(gram));

        double[] expected = GramReference.Forward(arena.Read(f).ToDouble(), c, h * w);
        float[] actual = arena.Read(gram);
        // Activations are not negative, so G itself is the sum of absolute products.
        ArrayComparison.AssertClose("G", expected, actual, new Tolerance(ProductError * expected.Max(), "of the largest entry"),
            [c, c]);
        for (int a = 0; a < c; a++)
            for (int b = 0; b < a; b++) Assert.That(actual[a * c + b], Is.EqualTo(actual[b * c + a]),
                $"G[{a},{b}] and G[{b},{a}]");
    }

    [TestCase(1, 1L)]
    [TestCase(3, 7L)]
    [TestCase(17, 1023L)]
    [TestCase(64, 16_777_216L)]
    public void GramLoss_MatchesReference(int c, long positions)
    {
        var random = new Random(c);
        using GuardedArena arena = Arena();
        DeviceVector gram = arena.Vector(c * c, RandomValues.Floats(random, c * c, 0, 1000));
        DeviceVector target = arena.Vector(c * c, RandomValues.Floats(random, c * c, 0, 1000));
        double[] d = arena.Read(gram).ToDouble();
        const double Scale = 0.37;
        double expected = GramReference.Loss(d, arena.Read(target).ToDouble(), Scale, positions);

        double loss = RunWithLoss(arena, () => Device.GramLoss(gram, target, Scale, positions, Loss), GuardedArena.Of(gram));

        ArrayComparison.AssertClose("loss", expected, loss, 2 * ElementError * expected,
            "float32 differences and squares, float64 sum");
        ArrayComparison.AssertClose("D", d, arena.Read(gram), new Tolerance(2 * ElementError * Absolute(d).Max(),
            "of the largest entry"), [c, c]);
    }

    [TestCaseSource(nameof(GramCases))]
    public void GramBackward_MatchesReference(int c, int h, int w)
    {
        foreach (bool accumulate in new[] { false, true })
        {
            var random = new Random(c + h * w + 1);
            using GuardedArena arena = Arena();
            double[] half = RandomValues.Uniform(random, c * c);
            var symmetric = new float[c * c];
            for (int i = 0; i < symmetric.Length; i++) symmetric[i] = (float)(half[i] + half[i % c * c + i / c]);
            DeviceVector d = arena.Vector(c * c, symmetric);
            FeatureMap f = arena.Map(c, h, w, RandomValues.Activations(random, c * h * w));
            FeatureMap dF = arena.Map(c, h, w, accumulate ? RandomValues.Floats(random, c * h * w) : null);
            double[] expected = accumulate ? arena.Read(dF).ToDouble() : new double[c * h * w], scale = Absolute(expected);
            double[] fs = arena.Read(f).ToDouble();
            GramReference.Backward(symmetric.ToDouble(), fs, c, h * w, expected, accumulate);
            GramReference.Backward(Absolute(symmetric.ToDouble()), fs, c, h * w, scale, accumulate: true);

            arena.Run(() => Device.GramBackward(d, f, dF, accumulate), arena.Of(dF));

            ArrayComparison.AssertClose($"dF, accumulate {accumulate}", expected, arena.Read(dF),
                new Tolerance(ProductError * scale.Max(), "of the largest sum of absolute products"), [c, h, w]);
        }
    }

    [TestCaseSource(nameof(GramCases))]
    public void ContentLoss_MatchesReference(int c, int h, int w)
    {
        foreach (bool accumulate in new[] { false, true })
        {
            var random = new Random(c + h * w + 2);
            using GuardedArena arena = Arena();
            FeatureMap f = arena.Map(c, h, w, RandomValues.Activations(random, c * h * w, 30));
            FeatureMap target = arena.Map(c, h, w, RandomValues.Activations(random, c * h * w, 30));
            FeatureMap dF = arena.Map(c, h, w, accumulate ? RandomValues.Floats(random, c * h * w) : null);
            double[] expected = accumulate ? arena.Read(dF).ToDouble() : new double[c * h * w];
            double value = ContentLossReference.Loss(arena.Read(f).ToDouble(), arena.Read(target).ToDouble(), 0.7, expected,
                accumulate);

            double loss = RunWithLoss(arena, () => Device.ContentLoss(f, target, 0.7, dF, accumulate, Loss), arena.Of(dF));

            ArrayComparison.AssertClose("loss", value, loss, 2 * ElementError * value,
                "float32 differences and squares, float64 sum");
            ArrayComparison.AssertClose($"dF, accumulate {accumulate}", expected, arena.Read(dF),
                new Tolerance(ElementError * 60, "terms up to 30 times 2·0.7, and what was there"), [c, h, w]);
        }
    }

    [TestCase(1, 1)]
    [TestCase(1, 7)]
    [TestCase(7, 1)]
    [TestCase(2, 2)]
    [TestCase(3, 5)]
    [TestCase(9, 13)]
    [TestCase(1, 4)]
    [TestCase(6, 12)]
    [TestCase(17, 16)]
    [TestCase(31, 33)]
    [TestCase(40, 129)]
    public void TotalVariation_MatchesReference(int h, int w)
    {
        foreach (bool accumulate in new[] { false, true })
        {
            var random = new Random(h * w);
            using GuardedArena arena = Arena();
            DeviceImage image = arena.Image(h, w, RandomValues.Floats(random, 3 * h * w, 0, 255));
            DeviceImage dImage = arena.Image(h, w, accumulate ? RandomValues.Floats(random, 3 * h * w) : null);
            double[] expected = accumulate ? arena.Read(dImage.Vector).ToDouble() : new double[3 * h * w];
            double value = TotalVariationReference.Loss(arena.Read(image.Vector).ToDouble(), h, w, 0.7, expected, accumulate);

            double loss = RunWithLoss(arena, () => Device.TotalVariation(image, 0.7, dImage, accumulate, Loss),
                GuardedArena.Of(dImage.Vector));

            ArrayComparison.AssertClose("loss", value, loss, 2 * ElementError * value,
                "float32 differences and squares, float64 sum");
            ArrayComparison.AssertClose($"dImage, accumulate {accumulate}", expected, arena.Read(dImage.Vector),
                new Tolerance(ElementError * 255 * 4 * 1.4, "four neighbours of up to 255 times 2·0.7"), [3, h, w]);
        }
    }

    [Test]
    public void Losses_WrongShapes_ThrowArgumentException()
    {
        using GuardedArena arena = Arena();
        FeatureMap f = arena.Map(3, 4, 5), other = arena.Map(3, 5, 4);
        DeviceVector gram = arena.Vector(9), small = arena.Vector(8);
        DeviceImage image = arena.Image(4, 5), turned = arena.Image(5, 4);
        Refuses(() => Device.Gram(f, small), "a Gram matrix that is not C×C");
        Refuses(() => Device.GramLoss(gram, small, 1, 20, Loss), "a target of another size");
        Refuses(() => Device.GramBackward(small, f, f, false), "D that is not C×C");
        Refuses(() => Device.GramBackward(gram, f, other, false), "a gradient of another shape");
        Refuses(() => Device.ContentLoss(f, other, 1, f, true, Loss), "a target of another shape");
        Refuses(() => Device.ContentLoss(f, f, 1, other, true, Loss), "a gradient of another shape");
        Refuses(() => Device.TotalVariation(image, 1, turned, false, Loss), "a gradient of another shape");
        Refuses(() => Device.TotalVariation(image, 1, image, false, Loss with { Index = ScalarCount }),
            "a scalar beyond its memory");
    }
}
