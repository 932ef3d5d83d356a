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
        Conv3x3Parameters p = Filters(random, k, c, padding);
        float[] x = RandomValues.Activations(random, c * h * w);
        foreach (bool relu in new[] { true, false })
        {
            using KernelBench bench = new();
            (float[] y, byte[] bits) = rung.RunForward(bench, x, p, h, w, relu, bits: relu);

            (double[] xs, Conv3x3Parameters ps) = Seen(rung, x, p);
            ArrayComparison.AssertClose($"y, relu {relu}", Conv3x3Reference.Forward(xs, h, w, ps, relu), y,
                Rounding(c, xs, ps.Filters, p.Biases.Max(MathF.Abs)), [k, h, w]);
            if (relu) Assert.That(bits, Is.EqualTo(BitsOf(y, k, h, w)));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void BackwardInput_MatchesReference(Conv3x3Rung rung, int k, int c, int h, int w, Padding padding)
    {
        var random = new Random(k + 100 * c + 10_000 * h + w + 1);
        Conv3x3Parameters p = Filters(random, k, c, padding);
        // What reflection adds is always computed in float32, so there the gradient has to be the same number for both kernels.
        float[] dY = RandomValues.Floats(random, k * h * w);
        if (padding == Padding.Reflect && rung.Tf32) dY = Conv3x3Rung.Round(dY);
        float[] made = RandomValues.Floats(random, c * h * w);
        foreach ((bool accumulate, bool masked) in new[] { (false, true), (true, false), (true, true) })
        {
            using KernelBench bench = new();
            float[]? before = accumulate ? RandomValues.Floats(random, c * h * w) : null;
            float[] dX = rung.RunBackward(bench, dY, p, h, w, before, masked ? BitsOf(made, c, h, w) : []);

            (double[] upstream, Conv3x3Parameters ps) = Seen(rung, dY, p);
            double[] expected = before?.ToDouble() ?? new double[c * h * w];
            Conv3x3Reference.BackwardInput(upstream, h, w, ps, expected, masked ? Array.ConvertAll(made, v => v > 0) : null, accumulate);
            ArrayComparison.AssertClose($"dX, accumulate {accumulate}, masked {masked}", expected, dX,
                Rounding(4 * k, upstream, ps.Filters, 1), [c, h, w]);
        }
    }

    /// <summary>What the kernel multiplies: rounded to TF32 on tensor cores.</summary>
    private static (double[] Values, Conv3x3Parameters Parameters) Seen(Conv3x3Rung rung, float[] values, Conv3x3Parameters p) =>
        rung.Tf32
            ? (Conv3x3Rung.Round(values).ToDouble(), p with { Filters = Conv3x3Rung.Round(p.Filters) })
            : (values.ToDouble(), p);

    private static Conv3x3Parameters Filters(Random random, int k, int c, Padding padding) =>
        new(k, c, RandomValues.Floats(random, k * c * 9), RandomValues.Floats(random, k), padding);

    private static Tolerance Rounding(int channels, double[] values, float[] filters, double start)
    {
        int terms = 9 * channels + 2;
        double largest = values.Max(Math.Abs) * filters.Max(MathF.Abs) * terms + start;
        return new(Math.Sqrt(terms) * Math.Pow(2, -24) * largest, $"{terms} terms, roundings that partly cancel");
    }

    /// <summary>[C, H, ⌈W/8⌉]: bit x mod 8 of byte x / 8 is 1 where the value is positive.</summary>
    private static byte[] BitsOf(float[] values, int channels, int h, int w)
    {
        int pitch = (w + 7) / 8;
        byte[] bits = new byte[channels * h * pitch];
        for (int i = 0; i < values.Length; i++)
            if (values[i] > 0) bits[i / w * pitch + i % w / 8] |= (byte)(1 << i % w % 8);
        return bits;
    }
}
