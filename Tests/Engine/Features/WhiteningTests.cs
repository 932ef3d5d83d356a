using GatysGpu.Engine.Features;

namespace GatysGpu.Tests.Engine.Features;

/// <summary>The parts of which learned filters are made.</summary>
public class WhiteningTests
{
    [TestCase(3)]
    [TestCase(17)]
    [TestCase(64)]
    public void Whitening_WithoutRegularisation_GivesTheIdentityAsCovariance(int channels)
    {
        (double[] mean, double[] moments, double[,] covariance) = Statistics(channels, channels);
        Whitening whitening = Whitening.From(mean, moments, regularisation: 0);
        double[] white = Transform(whitening, covariance);
        double[] identity = [.. Enumerable.Range(0, channels * channels).Select(i => i / channels == i % channels ? 1.0 : 0)];
        ArrayComparison.AssertClose("W Σ Wᵀ", identity, white, new Tolerance(1e-7, "float64, a condition number of some thousand"),
            [channels, channels]);
        Assert.That(whitening.Mean, Is.EqualTo(mean));
        Assert.That((whitening.Matrix - whitening.Matrix.Transpose()).FrobeniusNorm(), Is.LessThan(1e-9), "W is symmetric");
    }

    [Test]
    public void Whitening_Regularised_LeavesEveryVarianceAtMostOneAndTheLargestNearlyOne()
    {
        const double Epsilon = 0.02;
        (double[] mean, double[] moments, double[,] covariance) = Statistics(12, 5);
        double[] white = Transform(Whitening.From(mean, moments, Epsilon), covariance);
        // Λ/(Λ + ε·λ_max) lies between 0 and 1/(1 + ε), which the largest attains.
        double largest = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(12, 12, white).Evd().EigenValues.Max(v => v.Real);
        Assert.That(largest, Is.EqualTo(1 / (1 + Epsilon)).Within(1e-9));
    }

    [Test]
    public void Whitening_OfNoVariance_IsFinite()
    {
        Whitening whitening = Whitening.From([1, 2], [1, 2, 2, 4], 0.02);
        Assert.That(whitening.Matrix.Enumerate().All(double.IsFinite));
    }

    [TestCase(4, 3)]
    [TestCase(27, 3)]
    [TestCase(70, 3)]
    [TestCase(32, 17)]
    public void SmoothedRandomFilters_AreOrthonormalBeforeTheyAreSmoothed(int count, int channels)
    {
        int length = 9 * channels;
        double[] filters = SmoothedRandomFilters.Make(count, channels, new Random(3));
        Assert.That(filters, Has.Length.EqualTo(count * length));
        for (int plane = 0; plane < count * channels; plane++) Sharpen(filters.AsSpan(plane * 9, 9));
        for (int a = 0; a < count; a++)
            for (int b = 0; b <= a; b++)
            {
                if (a / length != b / length) continue;
                double dot = 0;
                for (int i = 0; i < length; i++) dot += filters[a * length + i] * filters[b * length + i];
                Assert.That(dot, Is.EqualTo(a == b ? 1 : 0).Within(1e-10), $"filters {a} and {b} of {count}");
            }
    }

    [Test]
    public void SmoothedRandomFilters_KeepTheirSumAndLoseTheirHighFrequencies()
    {
        double[] filters = SmoothedRandomFilters.Make(20, 3, new Random(3)), sharp = [.. filters];
        double smooth = 0, rough = 0;
        for (int plane = 0; plane < 60; plane++)
        {
            Sharpen(sharp.AsSpan(plane * 9, 9));
            // Edges replicated: rows and columns of the smoothing sum to one, so the mean stays.
            Assert.That(filters[(plane * 9)..(plane * 9 + 9)].Sum(), Is.EqualTo(sharp[(plane * 9)..(plane * 9 + 9)].Sum()).Within(1e-12));
            smooth += Checkerboard(filters.AsSpan(plane * 9, 9));
            rough += Checkerboard(sharp.AsSpan(plane * 9, 9));
        }
        Assert.That(smooth, Is.LessThan(0.01 * rough), "energy of the highest frequency");
    }

    [Test]
    public void PatchFilters_RespondToTheirOwnPatchMoreThanToAnyOther()
    {
        const int Channels = 5, Height = 7, Width = 6, Positions = Height * Width, Count = 9;
        Random random = new(11);
        HostMap map = new(RandomValues.Floats(random, Channels * Height * Width), Height, Width);
        double[] mean = [.. Enumerable.Range(0, Channels).Select(c =>
            map.Values.Skip(c * Positions).Take(Positions).Average(v => (double)v))];
        double[] moments = new double[Channels * Channels];
        for (int i = 0; i < Channels; i++)
            for (int j = 0; j < Channels; j++)
                for (int p = 0; p < Positions; p++)
                    moments[i * Channels + j] += (double)map.Values[i * Positions + p] * map.Values[j * Positions + p] / Positions;
        Whitening whitening = Whitening.From(mean, moments, 1e-9);
        double[] filters = PatchFilters.Make(Count, [map], whitening, random);
        for (int k = 0; k < Count; k++)
        {
            double largest = 0, norms = 0;
            for (int y = 0; y < Height; y++)
                for (int x = 0; x < Width; x++)
                {
                    (double response, double norm) = Respond(filters.AsSpan(k * Channels * 9, Channels * 9), map, whitening, y, x);
                    // By Cauchy and Schwarz a unit vector's product with a patch reaches that patch's own norm only if it is the patch.
                    largest = Math.Max(largest, response / norm);
                    norms += norm;
                }
            Assert.That(norms, Is.GreaterThan(0));
            Assert.That(largest, Is.EqualTo(1).Within(1e-6), $"filter {k}");
        }
    }

    private static (double Response, double Norm) Respond(ReadOnlySpan<double> filter, HostMap map, Whitening whitening, int y, int x)
    {
        int channels = whitening.Mean.Length;
        double response = 0, norm = 0;
        for (int tap = 0; tap < 9; tap++)
        {
            double[] centred = new double[channels];
            for (int c = 0; c < channels; c++)
            {
                centred[c] = map.Mirrored(c, y + tap / 3 - 1, x + tap % 3 - 1) - whitening.Mean[c];
                response += filter[c * 9 + tap] * centred[c];
            }
            for (int i = 0; i < channels; i++)
            {
                double white = 0;
                for (int j = 0; j < channels; j++) white += whitening.Matrix[i, j] * centred[j];
                norm += white * white;
            }
        }
        return (response, Math.Sqrt(norm));
    }

    /// <summary>Mean, second moments and covariance of random correlated numbers.</summary>
    private static (double[] Mean, double[] Moments, double[,] Covariance) Statistics(int channels, int seed)
    {
        Random random = new(seed);
        double[] mean = RandomValues.Uniform(random, channels, 0, 2), moments = new double[channels * channels];
        double[,] covariance = new double[channels, channels];
        int terms = channels + 8;
        double[] factors = RandomValues.Uniform(random, channels * terms);
        for (int i = 0; i < channels; i++)
            for (int j = 0; j < channels; j++)
            {
                for (int k = 0; k < terms; k++) covariance[i, j] += factors[i * terms + k] * factors[j * terms + k];
                moments[i * channels + j] = covariance[i, j] + mean[i] * mean[j];
            }
        return (mean, moments, covariance);
    }

    private static double[] Transform(Whitening whitening, double[,] covariance)
    {
        var sigma = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(covariance);
        return (whitening.Matrix * sigma * whitening.Matrix.Transpose()).ToRowMajorArray();
    }

    /// <summary>Takes [1 2 1; 2 4 2; 1 2 1]/16 with replicated edges back: along each axis the inverse of (3 1 0; 1 2 1; 0 1 3)/4.</summary>
    private static void Sharpen(Span<double> plane)
    {
        for (int i = 0; i < 3; i++) SharpenThree(ref plane[3 * i], ref plane[3 * i + 1], ref plane[3 * i + 2]);
        for (int i = 0; i < 3; i++) SharpenThree(ref plane[i], ref plane[3 + i], ref plane[6 + i]);
    }

    // The determinant of (3 1 0; 1 2 1; 0 1 3) is 12.
    private static void SharpenThree(ref double a, ref double b, ref double c) =>
        (a, b, c) = ((5 * a - 3 * b + c) / 3, (-3 * a + 9 * b - 3 * c) / 3, (a - 3 * b + 5 * c) / 3);

    private static double Checkerboard(ReadOnlySpan<double> plane)
    {
        double sum = 0;
        for (int i = 0; i < 9; i++) sum += (i / 3 == 1 ? -2 : 1) * (i % 3 == 1 ? -2 : 1) * plane[i];
        return sum * sum;
    }
}
