using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Kernels.Gram;

namespace GatysGpu.Tests.Kernels.Gpu;

using View = ArrayView<float>;

/// <summary>Every rung of the Gram matrix's ladder and of its gradient, on the checker, against the float64 reference.</summary>
internal sealed class GramGpuTests
{
    private static readonly string[] Rungs = ["naive", "shared tile", "register tile", "tensor core"];

    // Channels around 16 and 64 (tiles), positions that 4 divides and others, fewer than a step and enough for several parts.
    private static readonly (int C, int M)[] Shapes =
        [(1, 1), (3, 7), (16, 16), (17, 131), (64, 4), (65, 40), (64, 1000), (5, 1031), (130, 600)];

    private static IEnumerable<TestCaseData> Cases() =>
        from rung in Rungs
        from s in Shapes
        select new TestCaseData(rung, s.C, s.M).SetArgDisplayNames($"{rung} C{s.C} M{s.M}");

    private static IEnumerable<TestCaseData> BackwardCases() =>
        from rung in Rungs[2..]
        from s in Shapes
        select new TestCaseData(rung, s.C, s.M).SetArgDisplayNames($"{rung} C{s.C} M{s.M}");

    [TestCaseSource(nameof(Cases))]
    public void Forward_MatchesReference_AndIsSymmetric(string rung, int c, int m)
    {
        float[] f = RandomValues.Activations(new Random(c + 1000 * m), c * m);
        using KernelBench bench = new();
        float[] gram = Forward(bench, rung, f, c, m);

        double[] fs = (rung == "tensor core" ? Conv3x3Rung.Round(f) : f).ToDouble();
        // Activations are below 1, so a sum over M of them is below M and its mean below 1.
        ArrayComparison.AssertClose("G", GramReference.Forward(fs, c, m), gram,
            new Tolerance(Math.Sqrt(m + 2) * Math.Pow(2, -23), $"{m} products below 1, roundings that partly cancel"), [c, c]);
        for (int a = 0; a < c; a++)
            for (int b = 0; b < a; b++)
                Assert.That(gram[a * c + b], Is.EqualTo(gram[b * c + a]));
    }

    [TestCaseSource(nameof(BackwardCases))]
    public void Backward_MatchesReference(string rung, int c, int m)
    {
        var random = new Random(c + 1000 * m + 1);
        float[] f = RandomValues.Activations(random, c * m), d = RandomValues.Floats(random, c * c);
        for (int a = 0; a < c; a++) for (int b = 0; b < a; b++) d[b * c + a] = d[a * c + b];
        foreach (bool accumulate in new[] { false, true })
        {
            float[] before = RandomValues.Floats(random, c * m);
            using KernelBench bench = new();
            float[] dF = Backward(bench, rung, d, f, accumulate ? before : null, c, m);

            bool tf32 = rung == "tensor core";
            double[] expected = accumulate ? before.ToDouble() : new double[c * m];
            GramReference.Backward((tf32 ? Conv3x3Rung.Round(d) : d).ToDouble(), (tf32 ? Conv3x3Rung.Round(f) : f).ToDouble(), c, m,
                expected, accumulate);
            ArrayComparison.AssertClose($"dF, accumulate {accumulate}", expected, dF,
                new Tolerance((c + 2) * Math.Sqrt(c + 2) * Math.Pow(2, -24), $"{c} products below 1, roundings that partly cancel"), [c, m]);
        }
    }

    [Test]
    public void Forward_GlobalTraffic_FallsAtEachRungAsItsHeaderSays()
    {
        const int c = 64, m = 256;
        float[] f = RandomValues.Activations(new Random(1), c * m);
        // Elements on and below the diagonal; tiles of 16×16; one tile of 64×64.
        long[] expected = [c * (c + 1) / 2 * 8L * m, 4 * 5 / 2 * 2 * 16L * m * 4, 2 * 64L * m * 4, 2 * 64L * m * 4];
        for (int i = 0; i < Rungs.Length; i++)
        {
            using KernelBench bench = new();
            Forward(bench, Rungs[i], f, c, m);
            SimtCounters counted = bench.Accelerator.Counters.Single(k => !k.Key.Contains("Reduction")).Value;
            Assert.That(counted.GlobalLoads.Bytes, Is.EqualTo(expected[i]), Rungs[i]);
            Assert.That(counted.SharedLoads.BankConflicts, Is.Zero, Rungs[i]);
        }
    }

    [Test]
    public void Backward_GlobalTraffic_IsWhatTheHeaderSays()
    {
        const int c = 128, m = 256;
        float[] f = RandomValues.Activations(new Random(1), c * m), d = new float[c * c];
        foreach (string rung in Rungs[2..])
        {
            using KernelBench bench = new();
            Backward(bench, rung, d, f, null, c, m);
            Assert.That(bench.Counted().GlobalLoads.Bytes, Is.EqualTo(2 * 2 * c * (64 + 128) * 4), rung);
            Assert.That(bench.Counted().SharedLoads.BankConflicts, Is.Zero, rung);
        }
    }

    [Test]
    public void Split_CoversEveryPositionOnce_InPartsOfWholeSteps()
    {
        foreach (int c in new[] { 1, 64, 65, 512 })
            foreach (long m in new long[] { 1, 31, 32, 255, 1024, 4097, 262_144 })
            {
                GramSplit split = new(c, m);
                Assert.That(split.PartPositions % 32, Is.Zero, $"{c}, {m}");
                Assert.That((long)split.PartPositions * split.Parts, Is.GreaterThanOrEqualTo(m), $"{c}, {m}");
                Assert.That((long)split.PartPositions * (split.Parts - 1), Is.LessThan(m), $"{c}, {m}");
            }
        Assert.That(() => new GramSplit(64, 1 << 26), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new GramSplit(0, 5), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static float[] Forward(KernelBench bench, string rung, float[] values, int c, int m)
    {
        View f = bench.Input(values);
        Output<float> gram = bench.Output(c * c);
        if (rung is "naive" or "shared tile")
        {
            bool naive = rung == "naive";
            var whole = bench.Accelerator.LoadStreamKernel<View, View, int, int>(naive ? GramNaive.Forward : GramSharedTile.Forward);
            bench.Run(() => whole(naive ? GramNaive.Config(c) : GramSharedTile.Config(c), f, gram.View, c, m));
            return gram.Read();
        }
        GramSplit split = new(c, m);
        bool tensorCore = rung == "tensor core";
        Output<float> partials = bench.Output((int)split.ScratchLength);
        var part = bench.Accelerator.LoadStreamKernel<View, View, GramSplit>(tensorCore ? GramTensorCore.Forward : GramRegisterTile.Forward);
        var add = bench.Accelerator.LoadStreamKernel<View, View, GramSplit>(GramReduction.Add);
        bench.Run(() =>
        {
            part(tensorCore ? GramTensorCore.Config(split) : GramRegisterTile.Config(split), f, partials.View, split);
            add(GramReduction.Config(split), partials.View, gram.View, split);
        });
        return gram.Read();
    }

    private static float[] Backward(KernelBench bench, string rung, float[] ds, float[] values, float[]? before, int c, int m)
    {
        bool tensorCore = rung == "tensor core";
        View d = bench.Input(ds), f = bench.Input(values);
        Output<float> dF = before is null ? bench.Output(c * m) : bench.Output(before);
        var kernel = bench.Accelerator.LoadStreamKernel<View, View, View, int, int, int>(
            tensorCore ? GramBackwardTensorCore.Backward : GramBackwardRegisterTile.Backward);
        KernelConfig config = tensorCore ? GramBackwardTensorCore.Config(c, m) : GramBackwardRegisterTile.Config(c, m);
        bench.Run(() => kernel(config, d, f, dF.View, c, m, before is null ? 0 : 1));
        return dF.Read();
    }
}
