using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Gram;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GatysGpu.Tests.Kernels.Ilgpu;

using Bits = ArrayView<byte>;
using View = ArrayView<float>;

/// <summary>The rungs of the ladders that no device launches, as ILGPU runs them on the CPU, against the float64
/// reference.</summary>
public sealed class IlgpuLadderTests
{
    private const int K = 3, C = 9, H = 5, W = 35;
    private Context? context;
    private Accelerator? made;

    private Accelerator Accelerator => made!;

    [OneTimeSetUp]
    public void MakeAccelerator()
    {
        context = IlgpuTestDevice.CreateContext();
        made = context.CreateCPUAccelerator(0);
    }

    [OneTimeTearDown]
    public void DisposeAccelerator()
    {
        made?.Dispose();
        context?.Dispose();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Conv3x3_OfTheFirstRungs_MatchesReference(bool sharedTile)
    {
        Random random = new(1);
        float[] filters = RandomValues.Floats(random, K * C * 9), biases = RandomValues.Floats(random, K),
            x = RandomValues.Activations(random, C * H * W);
        Conv3x3Shape shape = new(C, K, H, W);
        using MemoryBuffer1D<float, Stride1D.Dense> xs = Accelerator.Allocate1D(x), bias = Accelerator.Allocate1D(biases),
            packed = Accelerator.Allocate1D(Conv3x3GpuFilters.Pack(filters, K, C)), y = Accelerator.Allocate1D<float>(K * H * W);
        var kernel = Accelerator.LoadStreamKernel<View, View, View, View, Bits, Conv3x3Shape, int>(
            sharedTile ? Conv3x3SharedTile.Forward : Conv3x3Naive.Forward);

        kernel(sharedTile ? Conv3x3SharedTile.Config(shape) : Conv3x3Naive.Config(shape), xs.View, packed.View, bias.View,
            y.View, default, shape, 1);

        double[] expected = Conv3x3Reference.Forward(x.ToDouble(), H, W, new(K, C, filters, biases), relu: true);
        ArrayComparison.AssertClose("y", expected, y.GetAsArray1D(), Sums(9 * C + 1), [K, H, W]);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Conv3x3Backward_OfTheFirstRungs_MatchesReference(bool sharedTile)
    {
        Random random = new(2);
        float[] filters = RandomValues.Floats(random, K * C * 9), dY = RandomValues.Floats(random, K * H * W),
            before = RandomValues.Floats(random, C * H * W);
        float[] transposed = Conv3x3GpuFilters.Pack(Conv3x3GpuFilters.Transposed(filters, K, C), C, K);
        Conv3x3Shape shape = new(K, C, H, W);
        using MemoryBuffer1D<float, Stride1D.Dense> dYs = Accelerator.Allocate1D(dY), packed = Accelerator.Allocate1D(transposed),
            dX = Accelerator.Allocate1D(before);
        var kernel = Accelerator.LoadStreamKernel<View, View, View, Bits, Conv3x3Shape, int>(
            sharedTile ? Conv3x3SharedTile.BackwardInput : Conv3x3Naive.BackwardInput);

        kernel(sharedTile ? Conv3x3SharedTile.Config(shape) : Conv3x3Naive.Config(shape), dYs.View, packed.View, dX.View,
            default, shape, 1);

        double[] expected = before.ToDouble();
        Conv3x3Reference.BackwardInput(dY.ToDouble(), H, W, new(K, C, filters, new float[K]), expected, null, accumulate: true);
        ArrayComparison.AssertClose("dX", expected, dX.GetAsArray1D(), Sums(9 * K + 1), [C, H, W]);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Gram_OfTheFirstRungs_MatchesReference(bool sharedTile)
    {
        const int Channels = 17, Positions = 37;
        float[] f = RandomValues.Activations(new Random(3), Channels * Positions);
        using MemoryBuffer1D<float, Stride1D.Dense> fs = Accelerator.Allocate1D(f),
            gram = Accelerator.Allocate1D<float>(Channels * Channels);
        var kernel = Accelerator.LoadStreamKernel<View, View, int, int>(sharedTile ? GramSharedTile.Forward : GramNaive.Forward);

        kernel(sharedTile ? GramSharedTile.Config(Channels) : GramNaive.Config(Channels), fs.View, gram.View, Channels,
            Positions);

        ArrayComparison.AssertClose("G", GramReference.Forward(f.ToDouble(), Channels, Positions), gram.GetAsArray1D(),
            Sums(Positions), [Channels, Channels]);
    }

    // Activations, gradients and filters are at most 1 in size.
    private static Tolerance Sums(int terms) =>
        new(Math.Sqrt(terms) * terms * Math.Pow(2, -24), $"{terms} products up to 1, roundings that partly cancel");
}
