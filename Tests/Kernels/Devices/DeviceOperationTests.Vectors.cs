using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Vectors;

namespace GatysGpu.Tests.Kernels.Devices;

// Vector operations of the optimisers, and transfers.
public abstract partial class DeviceOperationTests
{
    private static readonly int[] Lengths = [1, 7, 16, 17, 64, 1023, 4097, 70_001];

    [TestCaseSource(nameof(Lengths))]
    public void Dots_MatchReference(int length)
    {
        foreach (int count in length > 5000 ? [3] : new[] { 1, 2, 5, 64 }.Where(n => n <= MostDots))
        {
            var random = new Random(length + count);
            using GuardedArena arena = Arena();
            DeviceVector[] a = [.. Enumerable.Range(0, count).Select(_ => arena.Vector(length,
                RandomValues.Floats(random, length)))];
            a[^1] = a[0];
            DeviceVector b = arena.Vector(length, RandomValues.Floats(random, length));
            double[] bs = arena.Read(b).ToDouble(), results = new double[count], first = new double[count];
            Device.Dots(a, b, first);

            arena.Run(() => Device.Dots(a, b, results));

            Assert.That(results, Is.EqualTo(first), "the same bits again");
            for (int i = 0; i < count; i++)
            {
                double[] values = arena.Read(a[i]).ToDouble();
                ArrayComparison.AssertClose($"dot {i} of {count}", VectorReference.Dot(values, bs), results[i],
                    DotError * VectorReference.Dot(Absolute(values), Absolute(bs)), "float64 sums");
            }
        }
    }

    [TestCaseSource(nameof(Lengths))]
    public void LinearCombination_MatchesReference(int length)
    {
        foreach (int count in length > 5000 ? [3] : new[] { 1, 2, 4, 22, 64 })
            foreach (bool inPlace in new[] { false, true })
            {
                var random = new Random(length + count);
                using GuardedArena arena = Arena();
                DeviceVector[] vectors = [.. Enumerable.Range(0,
                    count).Select(_ => arena.Vector(length, RandomValues.Floats(random, length)))];
                double[] coefficients = RandomValues.Uniform(random, count, -3, 3);
                DeviceVector result = inPlace ? vectors[count / 2] : arena.Vector(length);
                double[][] values = [.. vectors.Select(v => arena.Read(v).ToDouble())];

                arena.Run(() => Device.LinearCombination(coefficients, vectors, result), GuardedArena.Of(result));

                ArrayComparison.AssertClose($"{count} vectors, in place {inPlace}",
                    VectorReference.LinearCombination(coefficients, values),
                    arena.Read(result), new Tolerance(ElementError * Absolute(coefficients).Sum(),
                        "terms up to 1 times their coefficients"));
            }
    }

    [TestCaseSource(nameof(Lengths))]
    public void ClampAndProjectGradient_AreExact(int length)
    {
        var random = new Random(length);
        using GuardedArena arena = Arena();
        DeviceVector x = arena.Vector(length, RandomValues.Floats(random, length, -100, 355));
        DeviceVector g = arena.Vector(length, RandomValues.Floats(random, length));
        double[] xs = arena.Read(x).ToDouble(), gs = arena.Read(g).ToDouble();
        VectorReference.Clamp(xs, 0, 255);
        VectorReference.ProjectGradient(xs, 0, 255, gs);

        arena.Run(() => Device.Clamp(x, 0, 255), GuardedArena.Of(x));
        arena.Run(() => Device.ProjectGradient(x, 0, 255, g), GuardedArena.Of(g));

        ArrayComparison.AssertClose("x", xs, arena.Read(x), new Tolerance(0, "a clamped value is one of three"));
        ArrayComparison.AssertClose("g", gs, arena.Read(g), new Tolerance(0, "kept or zero"));
    }

    [TestCaseSource(nameof(Lengths))]
    public void ProjectGradient_BeyondTheBoundsAndWithTinyOnes_IsExact(int length)
    {
        // As a mask: everything but zero is beyond ±10⁻³⁰.
        var random = new Random(length + 1);
        float[] sparse = Array.ConvertAll(RandomValues.Floats(random, length), v => Math.Abs(v) < 0.5f ? 0 : v);
        using GuardedArena arena = Arena();
        DeviceVector x = arena.Vector(length, sparse), g = arena.Vector(length, RandomValues.Floats(random, length));
        double[] gs = arena.Read(g).ToDouble();
        VectorReference.ProjectGradient(sparse.ToDouble(), -1e-30f, 1e-30f, gs);

        arena.Run(() => Device.ProjectGradient(x, -1e-30f, 1e-30f, g), GuardedArena.Of(g));

        ArrayComparison.AssertClose("g", gs, arena.Read(g), new Tolerance(0, "kept or zero"));
    }

    [TestCaseSource(nameof(Lengths))]
    public void AdamStep_ThreeSteps_MatchReference(int length)
    {
        var random = new Random(length);
        using GuardedArena arena = Arena();
        DeviceVector x = arena.Vector(length, RandomValues.Floats(random, length, 0, 255)),
            g = arena.Vector(length, new float[length]);
        DeviceVector m = arena.Vector(length, new float[length]), v = arena.Vector(length, new float[length]);
        DeviceVector average = arena.Vector(length, new float[length]);
        double[] xs = arena.Read(x).ToDouble(), ms = new double[length], vs = new double[length], averages = new double[length];
        // Without bounds an optimiser passes infinite ones.
        (float low, float high) = length % 2 == 0 ? (0, 255) : (float.NegativeInfinity, float.PositiveInfinity);
        for (int t = 1; t <= 3; t++)
        {
            var settings = new AdamSettings(t, 5.1f, 0.9f, 0.99f, 1e-3f, 0.9f, low, high);
            Device.Upload(RandomValues.Floats(random, length, -40, 40), g);
            VectorReference.AdamStep(xs, arena.Read(g).ToDouble(), ms, vs, averages, settings);

            arena.Run(() => Device.AdamStep(x, g, m, v, average, settings), GuardedArena.Of(x), GuardedArena.Of(m),
                GuardedArena.Of(v),
                GuardedArena.Of(average));

            // A step is the ratio of two float32 results times 5.1; errors of earlier steps stay in x.
            ArrayComparison.AssertClose($"x, step {t}", xs, arena.Read(x),
                new Tolerance(t * ElementError * 255, "pixels up to 255"));
            ArrayComparison.AssertClose($"m, step {t}", ms, arena.Read(m),
                new Tolerance(ElementError * 40, "gradients up to 40"));
            ArrayComparison.AssertClose($"v, step {t}", vs, arena.Read(v), new Tolerance(ElementError * 1600, "their squares"));
            ArrayComparison.AssertClose($"average, step {t}", averages, arena.Read(average),
                new Tolerance(t * ElementError * 255, "pixels"));
        }
    }

    [Test]
    public void Vectors_WrongShapes_ThrowArgumentException()
    {
        using GuardedArena arena = Arena();
        DeviceVector x = arena.Vector(10), y = arena.Vector(11);
        var settings = new AdamSettings(1, 1, 0.9f, 0.9f, 1, 0.9f, 0, 1);
        Refuses(() => Device.Dots([x], y, new double[1]), "vectors of two lengths");
        Refuses(() => Device.Dots([x, x], x, new double[1]), "fewer results than vectors");
        Refuses(() => Device.Dots(Enumerable.Repeat(x, 65).ToArray(), x, new double[65]), "more than 64 vectors");
        Refuses(() => Device.LinearCombination([1, 2], [x], x), "more coefficients than vectors");
        Refuses(() => Device.LinearCombination([1, 2], [x, y], x), "vectors of two lengths");
        Refuses(() => Device.LinearCombination([], [], x), "no vectors");
        Refuses(() => Device.ProjectGradient(x, 0, 1, y), "a gradient of another length");
        Refuses(() => Device.AdamStep(x, x, x, y, x, settings), "a moment of another length");
        Refuses(() => Device.Clamp(x with { Offset = 4 * MegaByte }, 0, 1), "a view beyond its memory");
    }
}
