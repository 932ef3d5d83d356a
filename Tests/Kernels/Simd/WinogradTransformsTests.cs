using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Tests.Kernels.Simd;

/// <summary>Winograd's F(4×4, 3×3), tile by tile, against the convolution that it stands for.</summary>
public unsafe class WinogradTransformsTests
{
    [TestCase(SimdWidth.Bits128)]
    [TestCase(SimdWidth.Bits256)]
    [TestCase(SimdWidth.Bits512)]
    public void Transforms_OfOneTile_MakeTheConvolutionInEveryLane(SimdWidth width)
    {
        for (int seed = 0; seed < 50; seed++)
            switch (width)
            {
                case SimdWidth.Bits128: Check<Simd128, Vector128<float>>(seed); break;
                case SimdWidth.Bits256: Check<Simd256, Vector256<float>>(seed); break;
                default: Check<Simd512, Vector512<float>>(seed); break;
            }
    }

    [Test]
    public void InputTransform_OfSmallWholeNumbers_IsExact()
    {
        // a = 5/8 and b = 3/2 are exact in binary, and so is every coefficient: no step rounds.
        Random random = new(1);
        float[] d = new float[36 * 4], v = new float[36 * 4], scratch = new float[36 * 4];
        for (int i = 0; i < d.Length; i++) d[i] = random.Next(-8, 9);
        fixed (float* pd = d, pv = v, ps = scratch) WinogradTransforms<Simd128, Vector128<float>>.Input(pd, 6 * 4, ps, pv, 4);
        for (int lane = 0; lane < 4; lane++)
        {
            double[] patch = [.. Enumerable.Range(0, 36).Select(i => (double)d[i * 4 + lane])], expected = InputTransform(patch);
            for (int i = 0; i < 36; i++) Assert.That(v[i * 4 + lane], Is.EqualTo(expected[i]), $"point {i}, lane {lane}");
        }
    }

    [Test]
    public void FilterTransform_OfTheUnitFilters_GivesTheMatrixG()
    {
        // Column s of G times row r: U of the filter with a single 1 at (r, s).
        double[] u = new double[36], g = new double[9];
        for (int tap = 0; tap < 9; tap++)
        {
            Array.Clear(g);
            g[tap] = 1;
            Winograd4x4.TransformFilter(g, u);
            for (int i = 0; i < 36; i++)
                Assert.That(u[i], Is.EqualTo(G(i / 6, tap / 3) * G(i % 6, tap % 3)).Within(1e-15), $"tap {tap}, point {i}");
        }
    }

    private static void Check<TSimd, TVector>(int seed) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        int lanes = TSimd.Lanes, row = 8 * lanes, point = 3 * lanes;
        Random random = new(seed);
        float[] d = RandomValues.Floats(random, 6 * row), v = new float[36 * point], scratch = new float[36 * lanes],
            y = new float[16 * lanes];
        double[] g = RandomValues.Uniform(random, 9), u = new double[36];
        Winograd4x4.TransformFilter(g, u);
        fixed (float* pd = d, pv = v, ps = scratch, py = y)
        {
            WinogradTransforms<TSimd, TVector>.Input(pd, row, ps, pv, point);
            for (int i = 0; i < 36; i++)
                for (int lane = 0; lane < lanes; lane++) pv[i * point + lane] *= (float)u[i];
            WinogradTransforms<TSimd, TVector>.Output(pv, point, ps, py);
        }
        double[] expected = new double[16 * lanes];
        for (int i = 0; i < 16; i++)
            for (int lane = 0; lane < lanes; lane++)
                for (int tap = 0; tap < 9; tap++)
                    expected[i * lanes + lane] += g[tap] * d[(i / 4 + tap / 3) * row + (i % 4 + tap % 3) * lanes + lane];
        ArrayComparison.AssertClose($"seed {seed}, {lanes} lanes", expected, y,
            new Tolerance(2e-5, "sums of nine products below 1; the transforms' largest coefficients lose two digits of seven"));
    }

    /// <summary>Bᵀ d B by the definition: row p of Bᵀ are the coefficients of Π (x − q) over the other finite points q; of all of
    /// them for ∞.</summary>
    private static double[] InputTransform(double[] d)
    {
        double[] points = [0, Winograd4x4.A, -Winograd4x4.A, Winograd4x4.B, -Winograd4x4.B];
        double[,] bt = new double[6, 6];
        for (int p = 0; p < 6; p++)
        {
            double[] polynomial = [1];
            for (int q = 0; q < 5; q++)
                if (q != p) polynomial = TimesXMinus(polynomial, points[q]);
            for (int i = 0; i < polynomial.Length; i++) bt[p, i] = polynomial[i];
        }
        double[] result = new double[36];
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++)
                for (int y = 0; y < 6; y++)
                    for (int x = 0; x < 6; x++) result[i * 6 + j] += bt[i, y] * d[y * 6 + x] * bt[j, x];
        return result;
    }

    /// <summary>A polynomial times (x − root), lowest power first.</summary>
    internal static double[] TimesXMinus(double[] polynomial, double root)
    {
        double[] result = new double[polynomial.Length + 1];
        for (int i = 0; i < polynomial.Length; i++)
        {
            result[i + 1] += polynomial[i];
            result[i] -= root * polynomial[i];
        }
        return result;
    }

    /// <summary>G[p, r] = pʳ / Π (p − q).</summary>
    private static double G(int p, int r)
    {
        double[] points = [0, Winograd4x4.A, -Winograd4x4.A, Winograd4x4.B, -Winograd4x4.B];
        if (p == 5) return r == 2 ? 1 : 0;
        return Math.Pow(points[p], r) / points.Where((_, q) => q != p).Aggregate(1.0, (product, q) => product * (points[p] - q));
    }
}
