using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;

namespace GatysGpu.Kernels.Gpu;

using Bits = ArrayView<byte>;
using View = ArrayView<float>;

// Convolutions: the ladder from naive to tensor cores on one shape, so that their counted traffic can be compared; then conv1_1.
public static partial class KernelCatalog
{
    private const int ConvChannels = 64;
    private const int ConvSide = 32;

    private static IEnumerable<CatalogKernel> Convolutions() =>
    [
        Forward(Conv3x3Naive.Forward, Conv3x3Naive.Config),
        Forward(Conv3x3SharedTile.Forward, Conv3x3SharedTile.Config),
        Entry(Conv3x3RegisterTile.Forward, ThreadsOf(Conv3x3RegisterTile.Config), RunForward),
        Entry(Conv3x3TensorCore.Forward, ThreadsOf(Conv3x3TensorCore.Config), RunForward, GpuPrecision.Tf32),
        Backward(Conv3x3Naive.BackwardInput, Conv3x3Naive.Config),
        Backward(Conv3x3SharedTile.BackwardInput, Conv3x3SharedTile.Config),
        Entry(Conv3x3RegisterTile.BackwardInput, ThreadsOf(Conv3x3RegisterTile.Config), RunBackward),
        Entry(Conv3x3TensorCore.BackwardInput, ThreadsOf(Conv3x3TensorCore.Config), RunBackward, GpuPrecision.Tf32),
        Entry(Conv3x3ReflectBorder.BackwardInput, ThreadsOf(Conv3x3ReflectBorder.Config), RunBackward),
    ];

    private static IEnumerable<CatalogKernel> Images() =>
    [
        Entry(ImageConv3x3.Forward, ThreadsOf(ImageConv3x3.ForwardConfig), e => e.Device.ImageConv3x3Forward(
            e.Image(ConvSide, ConvSide), e.ImageWeights(ConvChannels), e.Map(ConvChannels, ConvSide, ConvSide),
            e.Bits(ConvChannels, ConvSide, ConvSide))),
        Entry(ImageConv3x3.Backward, ThreadsOf(ImageConv3x3.BackwardConfig), e => e.Device.ImageConv3x3Backward(
            e.Map(ConvChannels, ConvSide, ConvSide), e.ImageWeights(ConvChannels), e.Image(ConvSide, ConvSide),
            accumulate: true)),
    ];

    private static Conv3x3Shape ConvShape => new(ConvChannels, ConvChannels, ConvSide, ConvSide);

    private static int ThreadsOf(Func<Conv3x3Shape, KernelConfig> config) => (int)config(ConvShape).GroupDim.LongSize;

    // A rung that no device launches.
    private static CatalogKernel Forward(Action<View, View, View, View, Bits, Conv3x3Shape, int> kernel,
        Func<Conv3x3Shape, KernelConfig> config) =>
        Rung(kernel, ThreadsOf(config), e =>
        {
            const int Length = ConvChannels * ConvSide * ConvSide;
            e.Accelerator.LoadStreamKernel(kernel)(config(ConvShape), e.Array(Length),
                e.PackedFilters(ConvChannels, ConvChannels), e.Array(ConvChannels), e.Array(Length),
                e.Bytes(Length / 8), ConvShape, 1);
        });

    private static CatalogKernel Backward(Action<View, View, View, Bits, Conv3x3Shape, int> kernel,
        Func<Conv3x3Shape, KernelConfig> config) =>
        Rung(kernel, ThreadsOf(config), e =>
        {
            const int Length = ConvChannels * ConvSide * ConvSide;
            e.Accelerator.LoadStreamKernel(kernel)(config(ConvShape), e.Array(Length),
                e.PackedFilters(ConvChannels, ConvChannels), e.Array(Length), e.Bytes(Length / 8), ConvShape, 1);
        });

    private static void RunForward(KernelExample e) => e.Device.Conv3x3Forward(e.Map(ConvChannels, ConvSide, ConvSide),
        e.Weights(ConvChannels, ConvChannels), e.Map(ConvChannels, ConvSide, ConvSide), e.Bits(ConvChannels, ConvSide, ConvSide));

    private static void RunBackward(KernelExample e) => e.Device.Conv3x3BackwardInput(e.Map(ConvChannels, ConvSide, ConvSide),
        e.Weights(ConvChannels, ConvChannels, Padding.Reflect), e.Map(ConvChannels, ConvSide, ConvSide),
        e.Bits(ConvChannels, ConvSide, ConvSide), accumulate: true);
}
