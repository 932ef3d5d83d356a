using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>Every operation of <see cref="IDevice"/> against its definition, on awkward shapes, with guard zones around every view
/// and twice from the same memory. One concrete class a device says how to make it and, where its arithmetic differs, how exact it is.</summary>
/// <remarks>The other files of this class hold the tests, one concern each.</remarks>
[TestFixture]
public abstract partial class DeviceOperationTests
{
    private const int ScalarCount = 5, ScalarIndex = 3;
    private const int MegaByte = 1 << 20;
    private IDevice? device;
    private DeviceMemory? scalars;

    /// <summary>The device under test; made once for the whole fixture.</summary>
    private protected IDevice Device => device!;

    private DeviceScalar Loss => new(scalars!, ScalarIndex);

    /// <summary>Makes the device.</summary>
    protected abstract IDevice CreateDevice();

    // ---- how exact float32 is; a device that computes in less (TF32, bf16) says so by overriding -------------------------------

    /// <summary>Error of one convolution output over the root of its sum of squared products, for one input channel.</summary>
    /// <remarks>Measured for Winograd F(4×4,3×3) in float32 with plain sums (300 tiles): largest 5e-6 at C = 1, 1.7e-5 at 64, 4e-5 at
    /// 512, because partial sums of positive activations grow; direct sums in float32 stay ten times below.</remarks>
    protected virtual double ConvolutionError => 2e-5;

    /// <summary>The same in the L2 norm over a large map: measured 6e-7 at C = 1, 1.7e-6 at 64, 4e-6 at 512.</summary>
    protected virtual double ConvolutionL2Error => 4e-6;

    /// <summary>Error of a matrix product over its sum of absolute products: float32 sums of some thousand terms.</summary>
    protected virtual double ProductError => 2e-6;

    /// <summary>Error of an elementwise result over the largest of its terms: a few roundings of 6e-8.</summary>
    protected virtual double ElementError => 5e-7;

    /// <summary>Error of a float64 dot product over its sum of absolute products: 1e-16 times the root of the length, with room.</summary>
    protected virtual double DotError => 1e-13;

    /// <summary>Multiply-adds of a convolution above which only some combinations of its switches run: all of them run on smaller shapes.
    /// For a device on which they take seconds.</summary>
    protected virtual long MostProducts => long.MaxValue;

    /// <summary>Most inner products of one case. For a device on which each takes tens of milliseconds.</summary>
    protected virtual int MostDots => OperationChecks.MostVectors;

    [OneTimeSetUp]
    public void MakeDevice()
    {
        device = CreateDevice();
        scalars = device.Allocate(ScalarCount * sizeof(double));
    }

    [OneTimeTearDown]
    public void DisposeDevice()
    {
        scalars?.Dispose();
        device?.Dispose();
    }

    private GuardedArena Arena() => new(Device, 4 * MegaByte);

    /// <summary>Runs an operation that writes the scalar <see cref="Loss"/>, through <see cref="GuardedArena.Run"/>.</summary>
    /// <returns>The scalar; both runs gave the same, and its neighbours stayed zero.</returns>
    private double RunWithLoss(GuardedArena arena, Action operation, params GuardedArena.Region[] outputs)
    {
        var values = new List<double>();
        arena.Run(() =>
        {
            Device.Upload(new float[ScalarCount * 2], new DeviceVector(scalars!, 0, ScalarCount * 2));
            operation();
            var read = new double[ScalarCount];
            Device.ReadScalars(scalars!, read);
            Assert.That(read.Where((v, i) => i != ScalarIndex), Is.All.Zero, "the scalars beside the loss");
            values.Add(read[ScalarIndex]);
        }, outputs);
        Assert.That(values[1], Is.EqualTo(values[0]), "the loss of the second run");
        return values[0];
    }

    /// <summary>A map and the ReLU bits that the device wrote for it: z through a convolution that copies.</summary>
    /// <returns>The map, its bits, and where it is above zero by what the device itself holds.</returns>
    private (FeatureMap Map, DeviceBytes Bits, bool[] Passed) Rectified(GuardedArena arena, int c, int h, int w, Random random)
    {
        FeatureMap z = arena.Map(c, h, w, RandomValues.Floats(random, c * h * w)), x = arena.Map(c, h, w);
        DeviceBytes bits = arena.Bytes(Device.ReluBitsBytes(c, h, w));
        var copy = new float[c * c * 9];
        for (int i = 0; i < c; i++) copy[(i * c + i) * 9 + 4] = 1;
        using Conv3x3Weights weights = Device.PrepareConv3x3(new(c, c, copy, new float[c]), forwardOnly: true);
        Device.Conv3x3Forward(z, weights, x, bits);
        return (x, bits, Array.ConvertAll(arena.Read(x), v => v > 0));
    }

    /// <summary>Bounds for convolution results.</summary>
    /// <param name="scale">For every element the root of the sum of its squared terms.</param>
    /// <param name="channels">Channels that one output sums over.</param>
    private Tolerance Convolution(double[] scale, int channels)
    {
        // Partial sums of same-signed terms outgrow the root of their squares, slowly: sqrt(1 + C/64) fits the measurements above.
        double growth = Math.Sqrt(1 + channels / 64.0);
        // Few elements can all be bad at once; with many the norm settles at its mean: a bound that narrows as 1/sqrt(count).
        double settled = ConvolutionL2Error * (1 + 4 / Math.Sqrt(scale.Length));
        return new(ConvolutionError * growth * scale.Max(), settled * growth * Math.Sqrt(scale.Sum(v => v * v)),
            $"{ConvolutionError} (L2 {settled:E1}) of the root of the summed squared products, sums over {channels} channels");
    }

    private static double[] Squared(double[] values) => Array.ConvertAll(values, v => v * v);

    private static float[] Squared(float[] values) => Array.ConvertAll(values, v => v * v);

    private static double[] Absolute(double[] values) => Array.ConvertAll(values, Math.Abs);

    private static void AssertZeroWhere(bool[] passed, float[] gradient)
    {
        for (int i = 0; i < passed.Length; i++)
            if (!passed[i]) Assert.That(gradient[i], Is.Zero, $"element {i} is behind a closed ReLU");
    }

    private static Conv3x3Parameters RandomFilters(Random random, int k, int c, Padding padding)
    {
        double spread = Math.Sqrt(2.0 / (9 * c));
        return new(k, c, RandomValues.Floats(random, k * c * 9, -spread, spread), RandomValues.Floats(random, k, -0.2, 0.2),
            padding);
    }

    /// <summary>The root of the sum of squared terms of every forward output: the definition itself, run on squares.</summary>
    private static double[] ForwardScale(double[] x, int h, int w, Conv3x3Parameters p)
    {
        var squares = new Conv3x3Parameters(p.Outputs, p.Inputs, Squared(p.Filters), Squared(p.Biases), p.Padding);
        return Array.ConvertAll(Conv3x3Reference.Forward(Squared(x), h, w, squares, relu: false), Math.Sqrt);
    }

    /// <summary>The same for every element of the input's gradient.</summary>
    private static double[] BackwardScale(double[] dY, int h, int w, Conv3x3Parameters p, double[]? existing)
    {
        var squares = new Conv3x3Parameters(p.Outputs, p.Inputs, Squared(p.Filters), Squared(p.Biases), p.Padding);
        double[] scale = existing is null ? new double[p.Inputs * h * w] : Squared(existing);
        Conv3x3Reference.BackwardInput(Squared(dY), h, w, squares, scale, null, accumulate: true);
        return Array.ConvertAll(scale, Math.Sqrt);
    }
}
