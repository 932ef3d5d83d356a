using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Gpu;

/// <summary>Every rung of the convolution's ladder, on the checker, against the float64 reference.</summary>
internal sealed class Conv3x3GpuTests
{
    // Channels around 8 (a step) and 64 (a group), sides around 4, 8 and 32 (tiles), maps thinner than the filter.
    private static readonly (int K, int C, int H, int W)[] Shapes =
    [
        (1, 1, 1, 1), (3, 2, 1, 37), (2, 9, 35, 1), (5, 3, 2, 2), (65, 8, 3, 5), (64, 17, 4, 8), (7, 16, 9, 33), (70, 5, 11, 40),
        (1, 7, 13, 66),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from rung in Conv3x3Rung.Ladder
        from s in Shapes
        from padding in new[] { Padding.Zero, Padding.Reflect }
        select new TestCaseData(rung, s.K, s.C, s.H, s.W, padding)
            .SetArgDisplayNames($"{rung.Name} K{s.K} C{s.C} {s.H}x{s.W} {padding}");

    [TestCaseSource(nameof(Cases))]
    public void Forward_MatchesReference_AndBitsSayWhereItIsPositive(Conv3x3Rung rung, int k, int c, int h, int w, Padding padding)
    {
        var random = new Random(k + 100 * c + 10_000 * h + w);
        Conv3x3Parameters p = Conv3x3Data.Filters(random, k, c, padding);
        float[] x = RandomValues.Activations(random, c * h * w);
        foreach (bool relu in new[] { true, false })
        {
            using KernelBench bench = new();
            (float[] y, byte[] bits) = rung.RunForward(bench, x, p, h, w, relu, bits: relu);

            (double[] xs, Conv3x3Parameters ps) = Seen(rung, x, p);
            ArrayComparison.AssertClose($"y, relu {relu}", Conv3x3Reference.Forward(xs, h, w, ps, relu), y,
                Conv3x3Data.Rounding(c, xs, ps.Filters, p.Biases.Max(MathF.Abs)), [k, h, w]);
            if (relu) Assert.That(bits, Is.EqualTo(Conv3x3Data.BitsOf(y, k, h, w)));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void BackwardInput_MatchesReference(Conv3x3Rung rung, int k, int c, int h, int w, Padding padding)
    {
        var random = new Random(k + 100 * c + 10_000 * h + w + 1);
        Conv3x3Parameters p = Conv3x3Data.Filters(random, k, c, padding);
        // What reflection adds is always computed in float32, so there the gradient has to be the same number for both kernels.
        float[] dY = RandomValues.Floats(random, k * h * w);
        if (padding == Padding.Reflect && rung.Tf32) dY = Conv3x3Rung.Round(dY);
        float[] made = RandomValues.Floats(random, c * h * w);
        foreach ((bool accumulate, bool masked) in new[] { (false, true), (true, false), (true, true) })
        {
            using KernelBench bench = new();
            float[]? before = accumulate ? RandomValues.Floats(random, c * h * w) : null;
            float[] dX = rung.RunBackward(bench, dY, p, h, w, before, masked ? Conv3x3Data.BitsOf(made, c, h, w) : []);

            (double[] upstream, Conv3x3Parameters ps) = Seen(rung, dY, p);
            double[] expected = before?.ToDouble() ?? new double[c * h * w];
            Conv3x3Reference.BackwardInput(upstream, h, w, ps, expected, masked ? Array.ConvertAll(made, v => v > 0) : null, accumulate);
            ArrayComparison.AssertClose($"dX, accumulate {accumulate}, masked {masked}", expected, dX,
                Conv3x3Data.Rounding(padding == Padding.Reflect ? 4 * k : k, upstream, ps.Filters, 1), [c, h, w]);
        }
    }

    [Test]
    public void Forward_GlobalTraffic_FallsAtEachRungAsItsHeaderSays()
    {
        // Whole tiles of every rung, and reflection, so that no read is left out.
        const int k = 64, c = 24, h = 8, w = 64;
        var random = new Random(1);
        Conv3x3Parameters p = Conv3x3Data.Filters(random, k, c, Padding.Reflect);
        float[] x = RandomValues.Floats(random, c * h * w);
        double before = double.PositiveInfinity;
        foreach (Conv3x3Rung rung in Conv3x3Rung.Ladder)
        {
            using KernelBench bench = new();
            rung.RunForward(bench, x, p, h, w, relu: true, bits: true);
            SimtCounters counted = bench.Counted();
            double bytes = (double)counted.GlobalLoads.Bytes / (k * h * w);
            Assert.That(bytes, Is.EqualTo(rung.BytesPerOutput * c + rung.BiasBytes).Within(1e-9), rung.Name);
            Assert.That(bytes, Is.LessThan(before), rung.Name);
            Assert.That(counted.SharedLoads.BankConflicts, Is.Zero, rung.Name);
            Assert.That(counted.LocalLoads.Bytes + counted.LocalStores.Bytes, Is.Zero, rung.Name);
            before = bytes;
        }
    }

    [Test]
    public void Shape_TooLargeOrEmpty_IsRefused()
    {
        Assert.That(() => new Conv3x3Shape(64, 3, 8192, 8192), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Conv3x3Shape(3, 64, 8192, 8192), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Conv3x3Shape(0, 3, 8, 8), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Conv3x3Shape(3, 31, 8192, 8192), Throws.Nothing);
    }

    /// <summary>What the kernel multiplies: rounded to TF32 on tensor cores.</summary>
    private static (double[] Values, Conv3x3Parameters Parameters) Seen(Conv3x3Rung rung, float[] values, Conv3x3Parameters p) =>
        rung.Tf32
            ? (Conv3x3Rung.Round(values).ToDouble(), p with { Filters = Conv3x3Rung.Round(p.Filters) })
            : (values.ToDouble(), p);
}
