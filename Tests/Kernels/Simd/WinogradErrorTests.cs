using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;

namespace GatysGpu.Tests.Kernels.Simd;

/// <summary>What float32 and F(4×4, 3×3) cost together: relative L2 error of one convolution against float64, for the layer shapes of
/// VGG-19, and of the interpolation points against the usual ones.</summary>
public class WinogradErrorTests
{
    private const int Side = 32, Sampled = 6;

    // Distinct shapes of conv1_2 … conv5_4.
    private static readonly (int Outputs, int Inputs)[] Shapes =
        [(64, 64), (128, 64), (128, 128), (256, 128), (256, 256), (512, 256), (512, 512)];

    // A gradient may be wrong by 1e-4 after 2 × 13 layers whose errors add up like a random walk, and are amplified where terms
    // cancel: 3e-6 a layer leaves a factor of six. Measured: F(4×4) 6e-7 to 1.1e-6, F(2×2) 2e-7 to 4e-7, direct 1e-7 to 3e-7.
    [TestCase(ConvolutionAlgorithm.Direct, 1e-6)]
    [TestCase(ConvolutionAlgorithm.Winograd2x2, 1e-6)]
    [TestCase(ConvolutionAlgorithm.Winograd4x4, 3e-6)]
    public void Error_OfEveryLayerShape_IsFarBelowWhatTheGradientMayLose(ConvolutionAlgorithm algorithm, double allowed)
    {
        using IDevice device = HostDevice.Create(2, SimdWidth.Widest, algorithm);
        TestContext.Out.WriteLine($"K    C    forward  backward   ({algorithm}: relative L2 error, 32×32, He's weights)");
        foreach ((int outputs, int inputs) in Shapes)
        {
            (double forward, double backward) = Errors(device, outputs, inputs);
            TestContext.Out.WriteLine($"{outputs,-4} {inputs,-4} {forward:E1}  {backward:E1}");
            Assert.That(forward <= allowed && backward <= allowed, $"{outputs}×{inputs}: forward {forward:E2}, backward {backward:E2}");
        }
    }

    [Test]
    public void Points_FiveEighthsAndThreeHalves_HaveLessThanHalfTheErrorOfOneAndTwo()
    {
        double ours = ErrorOfPoints(Winograd4x4.A, Winograd4x4.B), usual = ErrorOfPoints(1, 2);
        TestContext.Out.WriteLine($"±{Winograd4x4.A}, ±{Winograd4x4.B}: {ours:E2};  ±1, ±2: {usual:E2}");
        Assert.That(ours <= 0.5 * usual, $"{ours:E2} against {usual:E2}");
    }

    /// <summary>Both directions through the device, a few channels of the result compared.</summary>
    private static (double Forward, double Backward) Errors(IDevice device, int outputs, int inputs)
    {
        Random random = new(outputs + inputs);
        float[] w = Normals(random, outputs * inputs * 9, Math.Sqrt(2.0 / (9 * inputs)));
        float[] x = Array.ConvertAll(Normals(random, inputs * Side * Side, 1), v => Math.Max(0, v));
        float[] dY = Array.ConvertAll(Normals(random, outputs * Side * Side, 1), v => random.Next(2) * v);
        using Conv3x3Weights weights = device.PrepareConv3x3(new(outputs, inputs, w, new float[outputs]));
        long inputBytes = device.FeatureMapBytes(inputs, Side, Side), outputBytes = device.FeatureMapBytes(outputs, Side, Side);
        using DeviceMemory memory = device.Allocate(inputBytes + outputBytes);
        FeatureMap input = new(memory, 0, inputs, Side, Side), output = new(memory, inputBytes, outputs, Side, Side);
        device.Upload(x, input);
        device.Conv3x3Forward(input, weights, output, DeviceBytes.None, relu: false);
        float[] y = new float[outputs * Side * Side], dX = new float[inputs * Side * Side];
        device.Download(output, y);
        device.Upload(dY, output);
        device.Conv3x3BackwardInput(output, weights, input, DeviceBytes.None, accumulate: false);
        device.Download(input, dX);

        int[] ks = [.. Enumerable.Range(0, Sampled).Select(i => i * (outputs - 1) / (Sampled - 1))];
        int[] cs = [.. Enumerable.Range(0, Sampled).Select(i => i * (inputs - 1) / (Sampled - 1))];
        float[] rows = [.. ks.SelectMany(k => w[(k * inputs * 9)..((k + 1) * inputs * 9)])];
        double[] expectedY = Conv3x3Reference.Forward(x.ToDouble(), Side, Side, new(Sampled, inputs, rows, new float[Sampled]),
            relu: false);
        float[] columns = [.. Enumerable.Range(0, outputs).SelectMany(k =>
            cs.SelectMany(c => w[((k * inputs + c) * 9)..((k * inputs + c + 1) * 9)]))];
        double[] expectedX = new double[Sampled * Side * Side];
        Conv3x3Reference.BackwardInput(dY.ToDouble(), Side, Side, new(outputs, Sampled, columns, new float[outputs]), expectedX, null,
            false);
        return (Relative(expectedY, Channels(y, ks)), Relative(expectedX, Channels(dX, cs)));
    }

    /// <summary>One output channel over 64 input channels, 200 tiles, every number and every sum in float32, for any points ±a, ±b.</summary>
    private static double ErrorOfPoints(double a, double b)
    {
        const int Channels = 64, Tiles = 200;
        (double[,] at, double[,] g, double[,] bt) = Matrices(a, b);
        Random random = new(1);
        double[] expected = new double[Tiles * 16];
        double[] actual = new double[Tiles * 16];
        float[][] filters = [.. Enumerable.Range(0, Channels).Select(_ => Normals(random, 9, Math.Sqrt(2.0 / (9 * Channels))))];
        float[][] transformed = [.. filters.Select(f => Sandwich(g, f, 3))];
        for (int tile = 0; tile < Tiles; tile++)
        {
            float[] m = new float[36];
            for (int c = 0; c < Channels; c++)
            {
                float[] d = Array.ConvertAll(Normals(random, 36, 1), v => Math.Max(0, v)), v = Sandwich32(bt, d, 6);
                for (int i = 0; i < 36; i++) m[i] = MathF.FusedMultiplyAdd(v[i], transformed[c][i], m[i]);
                for (int i = 0; i < 16; i++)
                    for (int tap = 0; tap < 9; tap++)
                        expected[tile * 16 + i] += (double)filters[c][tap] * d[(i / 4 + tap / 3) * 6 + i % 4 + tap % 3];
            }
            float[] y = Sandwich32(at, m, 6);
            for (int i = 0; i < 16; i++) actual[tile * 16 + i] = y[i];
        }
        return Relative(expected, actual);
    }

    /// <summary>Aᵀ [4, 6], G [6, 3] and Bᵀ [6, 6] of F(4, 3) with the points 0, ±a, ±b, ∞ (Toom, Cook).</summary>
    private static (double[,] At, double[,] G, double[,] Bt) Matrices(double a, double b)
    {
        double[] points = [0, a, -a, b, -b];
        double[,] at = new double[4, 6], g = new double[6, 3], bt = new double[6, 6];
        for (int p = 0; p < 5; p++)
        {
            double normal = points.Where((_, q) => q != p).Aggregate(1.0, (product, q) => product * (points[p] - q));
            for (int i = 0; i < 4; i++) at[i, p] = Math.Pow(points[p], i);
            for (int r = 0; r < 3; r++) g[p, r] = Math.Pow(points[p], r) / normal;
        }
        (at[3, 5], g[5, 2]) = (1, 1);
        for (int p = 0; p < 6; p++)
        {
            double[] polynomial = [1];
            for (int q = 0; q < 5; q++)
                if (q != p) polynomial = WinogradTransformsTests.TimesXMinus(polynomial, points[q]);
            for (int i = 0; i < polynomial.Length; i++) bt[p, i] = polynomial[i];
        }
        return (at, g, bt);
    }

    /// <summary>M X Mᵀ in float64, rounded at the end: as filters are transformed.</summary>
    private static float[] Sandwich(double[,] m, float[] x, int side)
    {
        int rows = m.GetLength(0);
        float[] result = new float[rows * rows];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < rows; j++)
            {
                double sum = 0;
                for (int r = 0; r < side; r++)
                    for (int s = 0; s < side; s++) sum += m[i, r] * x[r * side + s] * m[j, s];
                result[i * rows + j] = (float)sum;
            }
        return result;
    }

    /// <summary>The same in float32, columns first: as maps are transformed.</summary>
    private static float[] Sandwich32(double[,] m, float[] x, int side)
    {
        int rows = m.GetLength(0);
        float[] half = new float[rows * side], result = new float[rows * rows];
        for (int i = 0; i < rows; i++)
            for (int s = 0; s < side; s++)
                for (int r = 0; r < side; r++) Add(ref half[i * side + s], m[i, r], x[r * side + s]);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < rows; j++)
                for (int s = 0; s < side; s++) Add(ref result[i * rows + j], m[j, s], half[i * side + s]);
        return result;
    }

    private static void Add(ref float sum, double factor, float value) => sum = MathF.FusedMultiplyAdd((float)factor, value, sum);

    private static double[] Channels(float[] map, int[] channels) =>
        [.. channels.SelectMany(c => map[(c * Side * Side)..((c + 1) * Side * Side)].ToDouble())];

    private static double Relative(double[] expected, double[] actual)
    {
        Difference d = ArrayComparison.Compare(expected, actual);
        return d.L2 / d.ExpectedL2;
    }

    private static float[] Normals(Random random, int count, double deviation)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
        return values;
    }
}
