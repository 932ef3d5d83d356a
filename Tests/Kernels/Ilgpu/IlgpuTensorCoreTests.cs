using GatysGpu.Kernels;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.Gram;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GatysGpu.Tests.Kernels.Ilgpu;

/// <summary>The TF32 kernels where ILGPU runs them on the CPU: there a warp multiplies by shuffles, in the layout of the
/// hardware's instruction.</summary>
/// <remarks>One group's step takes seconds, so that there are one or two shapes a kernel: more channels than a step of 8, sides
/// that no tile divides.</remarks>
public sealed class IlgpuTensorCoreTests
{
    private const int K = 5, C = 9, H = 3, W = 5;
    private GpuDevice? device;

    [OneTimeSetUp]
    public void MakeDevice() => device = IlgpuTestDevice.Create(GpuPrecision.Tf32);

    [OneTimeTearDown]
    public void DisposeDevice() => device?.Dispose();

    [Test]
    public void MultiplyAdd_OfOneWarp_IsTheMatrixProduct()
    {
        Random random = new(1);
        // Few bits, so that every sum is exact.
        int[] a = Integers(16 * 8), b = Integers(8 * 8), d = Integers(16 * 8);
        float[] expected = new float[16 * 8];
        for (int i = 0; i < 16; i++)
            for (int j = 0; j < 8; j++)
                expected[i * 8 + j] = d[i * 8 + j] + Enumerable.Range(0, 8).Sum(k => a[i * 8 + k] * b[k * 8 + j]);
        using Context context = IlgpuTestDevice.CreateContext();
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        using MemoryBuffer1D<float, Stride1D.Dense> aBuffer = accelerator.Allocate1D(Floats(a)),
            bBuffer = accelerator.Allocate1D(Floats(b)), dBuffer = accelerator.Allocate1D(Floats(d));

        accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>>(MultiplyAdd)(
            new KernelConfig(1, 32), aBuffer.View, bBuffer.View, dBuffer.View);

        Assert.That(dBuffer.GetAsArray1D(), Is.EqualTo(expected));

        int[] Integers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-9, 10))];

        float[] Floats(int[] values) => Array.ConvertAll(values, v => (float)v);
    }

    [TestCase(1.0f, 1.0f)]
    [TestCase(1.00048828125f, 1.0009765625f)]
    [TestCase(-1.0004882f, -1.0f)]
    [TestCase(0f, 0f)]
    public void RoundToTf32_GoesToTheNearest_TiesAwayFromZero(float value, float expected)
    {
        Assert.That(TensorCore.RoundToTf32(value), Is.EqualTo(expected));
        Assert.That(Conv3x3GpuFilters.RoundToTf32(value), Is.EqualTo(expected));
    }

    [Test]
    public void Conv3x3Forward_MatchesReferenceOfRoundedInputs()
    {
        Random random = new(2);
        Conv3x3Parameters p = Parameters(random);
        float[] x = RandomValues.Activations(random, C * H * W);
        using DeviceMemory memory = device!.Allocate(1 << 14);
        FeatureMap from = new(memory, 0, C, H, W), to = new(memory, 1 << 13, K, H, W);
        device.Upload(x, from);
        using Conv3x3Weights weights = device.PrepareConv3x3(p);

        device.Conv3x3Forward(from, weights, to, DeviceBytes.None);

        double[] expected = Conv3x3Reference.Forward(Rounded(x), H, W, Rounded(p), relu: true);
        ArrayComparison.AssertClose("y", expected, Read(to), Sums(9 * C), [K, H, W]);
    }

    [Test]
    public void Conv3x3BackwardInput_MatchesReferenceOfRoundedInputs()
    {
        Random random = new(3);
        Conv3x3Parameters p = Parameters(random);
        float[] dY = RandomValues.Floats(random, K * H * W), before = RandomValues.Floats(random, C * H * W);
        using DeviceMemory memory = device!.Allocate(1 << 14);
        FeatureMap from = new(memory, 0, K, H, W), to = new(memory, 1 << 13, C, H, W);
        device.Upload(dY, from);
        device.Upload(before, to);
        using Conv3x3Weights weights = device.PrepareConv3x3(p);

        device.Conv3x3BackwardInput(from, weights, to, DeviceBytes.None, accumulate: true);

        double[] expected = before.ToDouble();
        Conv3x3Reference.BackwardInput(Rounded(dY), H, W, Rounded(p), expected, null, accumulate: true);
        ArrayComparison.AssertClose("dX", expected, Read(to), Sums(9 * K + 1), [C, H, W]);
    }

    // Copies of 4 bytes; copies of 16, and as many steps as fill a slot twice.
    [TestCase(9, 3, 5)]
    [TestCase(12, 4, 26)]
    public void Gram_MatchesReferenceOfRoundedInputs(int c, int h, int w)
    {
        float[] f = RandomValues.Activations(new Random(4), c * h * w);
        using DeviceMemory memory = device!.Allocate(1 << 14);
        FeatureMap from = new(memory, 0, c, h, w);
        DeviceVector gram = new(memory, 1 << 13, c * c);
        device.Upload(f, from);

        device.Gram(from, gram);

        float[] actual = new float[c * c];
        device.Download(gram, actual);
        ArrayComparison.AssertClose("G", GramReference.Forward(Rounded(f), c, h * w), actual, Sums(h * w), [c, c]);
    }

    [TestCase(9, 3, 5)]
    [TestCase(52, 1, 4)]
    public void GramBackward_MatchesReferenceOfRoundedInputs(int c, int h, int w)
    {
        Random random = new(5);
        float[] f = RandomValues.Activations(random, c * h * w), d = RandomValues.Floats(random, c * c),
            before = RandomValues.Floats(random, c * h * w);
        for (int i = 0; i < c; i++) for (int j = 0; j < i; j++) d[j * c + i] = d[i * c + j];
        using DeviceMemory memory = device!.Allocate(1 << 15);
        FeatureMap from = new(memory, 0, c, h, w), to = new(memory, 1 << 12, c, h, w);
        DeviceVector gradient = new(memory, 1 << 13, c * c);
        device.Upload(f, from);
        device.Upload(before, to);
        device.Upload(d, gradient);

        device.GramBackward(gradient, from, to, accumulate: true);

        double[] expected = before.ToDouble();
        GramReference.Backward(Rounded(d), Rounded(f), c, h * w, expected, accumulate: true);
        ArrayComparison.AssertClose("dF", expected, Read(to), Sums(c + 1), [c, h, w]);
    }

    private static void MultiplyAdd(ArrayView<float> a, ArrayView<float> b, ArrayView<float> d)
    {
        int row = Group.IdxX / 4, member = Group.IdxX % 4, place = row * 8 + 2 * member;
        float d0 = d[place], d1 = d[place + 1], d2 = d[place + 64], d3 = d[place + 65];
        TensorCore.MultiplyAddM16N8K8(ref d0, ref d1, ref d2, ref d3, a[row * 8 + member], a[row * 8 + member + 64],
            a[row * 8 + member + 4], a[row * 8 + member + 68], b[member * 8 + row], b[(member + 4) * 8 + row]);
        d[place] = d0;
        d[place + 1] = d1;
        d[place + 64] = d2;
        d[place + 65] = d3;
    }

    // Activations, gradients and filters are at most 1 in size.
    private static Tolerance Sums(int terms) =>
        new(Math.Sqrt(terms) * terms * Math.Pow(2, -24), $"{terms} products up to 1, roundings that partly cancel");

    private static Conv3x3Parameters Parameters(Random random) =>
        new(K, C, RandomValues.Floats(random, K * C * 9), RandomValues.Floats(random, K));

    private static Conv3x3Parameters Rounded(Conv3x3Parameters p) =>
        p with { Filters = Array.ConvertAll(p.Filters, Conv3x3GpuFilters.RoundToTf32) };

    private static double[] Rounded(float[] values) => Array.ConvertAll(values, v => (double)Conv3x3GpuFilters.RoundToTf32(v));

    private float[] Read(FeatureMap map)
    {
        float[] values = new float[map.Channels * map.Positions];
        device!.Download(map, values);
        return values;
    }
}
