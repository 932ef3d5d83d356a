using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Tests.Kernels.Simd;

/// <summary>Winograd's F(2×2, 3×3) and F(4×4, 3×3), tile by tile, against the convolution that they stand for.</summary>
public unsafe class WinogradTransformsTests
{
    /// <summary>The finite interpolation points, in the order of the transforms' rows; ∞ follows.</summary>
    internal static double[] PointsOf<TTile>() where TTile : IWinogradTile =>
        TTile.Outputs == 2 ? [0, 1, -1] : [0, Winograd4x4.A, -Winograd4x4.A, Winograd4x4.B, -Winograd4x4.B];

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
        // 0, 1, 5/8 and 3/2 are exact in binary, and so is every coefficient: no step rounds.
        CheckInput<Winograd2x2>();
        CheckInput<Winograd4x4>();
    }

    [Test]
    public void FilterTransform_OfTheUnitFilters_GivesTheMatrixG()
    {
        CheckFilter<Winograd2x2>();
        CheckFilter<Winograd4x4>();
    }

    private static void CheckInput<TTile>() where TTile : IWinogradTile
    {
        int n = TTile.Inputs, points = TTile.Points;
        Random random = new(1);
        float[] d = new float[points * 4], v = new float[points * 4], scratch = new float[points * 4];
        for (int i = 0; i < d.Length; i++) d[i] = random.Next(-8, 9);
        fixed (float* pd = d, pv = v, ps = scratch) WinogradTransforms<TTile, Simd128, Vector128<float>>.Input(pd, n * 4, ps, pv, 4);
        for (int lane = 0; lane < 4; lane++)
        {
            double[] patch = [.. Enumerable.Range(0, points).Select(i => (double)d[i * 4 + lane])], expected = InputTransform<TTile>(patch);
            for (int i = 0; i < points; i++) Assert.That(v[i * 4 + lane], Is.EqualTo(expected[i]), $"point {i} of {points}, lane {lane}");
        }
    }

    // Column s of G times row r: U of the filter with a single 1 at (r, s). Four taps at a time, one a lane.
    private static void CheckFilter<TTile>() where TTile : IWinogradTile
    {
        int n = TTile.Inputs;
        float[] g = new float[9 * 4], u = new float[TTile.Points * 4], scratch = new float[3 * n * 4];
        for (int first = 0; first < 9; first += 4)
        {
            Array.Clear(g);
            for (int lane = 0; lane < 4 && first + lane < 9; lane++) g[(first + lane) * 4 + lane] = 1;
            fixed (float* pg = g, pu = u, ps = scratch) WinogradTransforms<TTile, Simd128, Vector128<float>>.Filter(pg, 4, ps, pu, 4);
            for (int lane = 0; lane < 4 && first + lane < 9; lane++)
                for (int i = 0; i < TTile.Points; i++)
                {
                    int tap = first + lane;
                    double expected = G<TTile>(i / n, tap / 3) * G<TTile>(i % n, tap % 3);
                    // Two coefficients and their product, each rounded to float32.
                    Assert.That(u[i * 4 + lane], Is.EqualTo(expected).Within(2e-7 * Math.Abs(expected)), $"tap {tap}, point {i} of {TTile.Points}");
                }
        }
    }

    private static void Check<TSimd, TVector>(int seed) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        Check<Winograd2x2, TSimd, TVector>(seed);
        Check<Winograd4x4, TSimd, TVector>(seed);
    }

    private static void Check<TTile, TSimd, TVector>(int seed) where TTile : IWinogradTile where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        int lanes = TSimd.Lanes, n = TTile.Inputs, m = TTile.Outputs, row = (n + 2) * lanes, point = 3 * lanes;
        Random random = new(seed);
        float[] d = RandomValues.Floats(random, n * row), v = new float[TTile.Points * point], scratch = new float[TTile.Points * lanes],
            y = new float[m * m * lanes], g = RandomValues.Floats(random, 9 * lanes), u = new float[TTile.Points * point];
        fixed (float* pd = d, pv = v, ps = scratch, py = y, pg = g, pu = u)
        {
            WinogradTransforms<TTile, TSimd, TVector>.Filter(pg, lanes, ps, pu, point);
            WinogradTransforms<TTile, TSimd, TVector>.Input(pd, row, ps, pv, point);
            for (int i = 0; i < TTile.Points; i++)
                for (int lane = 0; lane < lanes; lane++) pv[i * point + lane] *= pu[i * point + lane];
            WinogradTransforms<TTile, TSimd, TVector>.Output(pv, point, ps, py);
        }
        double[] expected = new double[m * m * lanes];
        for (int i = 0; i < m * m; i++)
            for (int lane = 0; lane < lanes; lane++)
                for (int tap = 0; tap < 9; tap++)
                    expected[i * lanes + lane] += (double)g[tap * lanes + lane] * d[(i / m + tap / 3) * row + (i % m + tap % 3) * lanes + lane];
        ArrayComparison.AssertClose($"F({m}×{m}), seed {seed}, {lanes} lanes", expected, y,
            new Tolerance(2e-5, "sums of nine products below 1; the transforms' largest coefficients lose two digits of seven"));
    }

    /// <summary>Bᵀ d B by the definition: row p of Bᵀ are the coefficients of Π (x − q) over the other finite points q; of all of
    /// them for ∞.</summary>
    private static double[] InputTransform<TTile>(double[] d) where TTile : IWinogradTile
    {
        double[] points = PointsOf<TTile>();
        int n = TTile.Inputs;
        double[,] bt = new double[n, n];
        for (int p = 0; p < n; p++)
        {
            double[] polynomial = [1];
            for (int q = 0; q < n - 1; q++)
                if (q != p) polynomial = TimesXMinus(polynomial, points[q]);
            for (int i = 0; i < polynomial.Length; i++) bt[p, i] = polynomial[i];
        }
        double[] result = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                for (int y = 0; y < n; y++)
                    for (int x = 0; x < n; x++) result[i * n + j] += bt[i, y] * d[y * n + x] * bt[j, x];
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
    private static double G<TTile>(int p, int r) where TTile : IWinogradTile
    {
        double[] points = PointsOf<TTile>();
        if (p == points.Length) return r == 2 ? 1 : 0;
        return Math.Pow(points[p], r) / points.Where((_, q) => q != p).Aggregate(1.0, (product, q) => product * (points[p] - q));
    }
}
