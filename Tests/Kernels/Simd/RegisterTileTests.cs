using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Tests.Kernels.Simd;

/// <summary>The inner loop of all matrix products against plain loops, for every count of rows of a tile and of vectors, and for
/// sums made in one go and in several.</summary>
public unsafe class RegisterTileTests
{
    private const float Untouched = -12345.678f;

    [TestCase(SimdWidth.Bits128)]
    [TestCase(SimdWidth.Bits256)]
    [TestCase(SimdWidth.Bits512)]
    public void Multiply_AnyRowsAndPanels_MatchesPlainLoopsAndWritesNothingElse(SimdWidth width)
    {
        switch (width)
        {
            case SimdWidth.Bits128: CheckAll<Simd128, Vector128<float>>(); break;
            case SimdWidth.Bits256: CheckAll<Simd256, Vector256<float>>(); break;
            default: CheckAll<Simd512, Vector512<float>>(); break;
        }
    }

    private static void CheckAll<TSimd, TVector>() where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        for (int rows = 4; rows <= 52; rows += RegisterTile.RowStep)
            foreach (int vectors in new[] { 1, 4 }.Select(blocks => RegisterTile.Vectors(blocks, TSimd.Lanes)).Distinct())
                foreach (int panels in new[] { 1, 2, 8, 128 / TSimd.Lanes + 1 })
                    foreach (bool accumulate in new[] { false, true })
                        Check<TSimd, TVector>(rows, vectors, panels, accumulate);
    }

    private static void Check<TSimd, TVector>(int rows, int vectors, int panels, bool accumulate)
        where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        int lanes = TSimd.Lanes, columns = vectors * lanes, aPanel = (rows + 3) * lanes, yVector = (rows + 2) * lanes;
        Random random = new(rows + 100 * panels);
        float[] a = RandomValues.Floats(random, panels * aPanel), b = RandomValues.Floats(random, panels * lanes * columns);
        float[] y = new float[(vectors - 1) * yVector + (rows + 5) * lanes];
        Array.Fill(y, Untouched);
        for (int t = 0; t < rows; t++)
            for (int n = 0; n < columns; n++) y[Place(t, n)] = accumulate ? random.NextSingle() : float.NaN;
        double[] expected = y.ToDouble();
        for (int t = 0; t < rows; t++)
            for (int n = 0; n < columns; n++)
            {
                double sum = accumulate ? y[Place(t, n)] : 0;
                for (int p = 0; p < panels; p++)
                    for (int c = 0; c < lanes; c++)
                        sum += (double)a[p * aPanel + t * lanes + c] * b[(p * lanes + c) * columns + n];
                expected[Place(t, n)] = sum;
            }

        fixed (float* pa = a, pb = b, py = y)
            RegisterTile<TSimd, TVector>.Multiply(pa, aPanel, panels, pb, vectors, py, yVector, rows, accumulate, next: pa);

        // Up to 144 products below 1 in float32: each addition rounds by at most 6e-8 of a partial sum of some ten.
        string what = $"{rows} rows of {vectors} vectors, {panels} panels, {lanes} lanes, accumulate {accumulate}";
        ArrayComparison.AssertClose(what, expected, y, new Tolerance(2e-5, "144 roundings of 6e-8 of sums below 12"));
        for (int i = 0; i < y.Length; i++)
            if (expected[i] == Untouched) Assert.That(y[i], Is.EqualTo(Untouched), $"float {i} is none of y's");

        int Place(int t, int n) => n / lanes * yVector + t * lanes + n % lanes;
    }
}
