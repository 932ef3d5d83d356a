using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.Gram;

namespace GatysGpu.Kernels.Gpu;

using View = ArrayView<float>;

// Matrix products of the Gram loss: the ladder on one shape, then the gradient.
public static partial class KernelCatalog
{
    private const int GramChannels = 128;
    private const int GramSide = 32;
    private const int GramPositions = GramSide * GramSide;

    private static IEnumerable<CatalogKernel> Products() =>
    [
        Rung(GramNaive.Forward, GramNaive.Config(GramChannels)),
        Rung(GramSharedTile.Forward, GramSharedTile.Config(GramChannels)),
        Entry(GramRegisterTile.Forward, ThreadsOf(GramRegisterTile.Config(Split)), RunGram),
        Entry(GramTensorCore.Forward, ThreadsOf(GramTensorCore.Config(Split)), RunGram, GpuPrecision.Tf32),
        Entry(GramReduction.Add, ThreadsOf(GramReduction.Config(Split)), RunGram),
        Entry(GramBackwardRegisterTile.Backward, ThreadsOf(GramBackwardRegisterTile.Config(GramChannels, GramPositions)),
            RunGramBackward),
        Entry(GramBackwardTensorCore.Backward, ThreadsOf(GramBackwardTensorCore.Config(GramChannels, GramPositions)),
            RunGramBackward, GpuPrecision.Tf32),
    ];

    private static GramSplit Split => new(GramChannels, GramPositions);

    private static int ThreadsOf(KernelConfig config) => (int)config.GroupDim.LongSize;

    // A rung that no device launches.
    private static CatalogKernel Rung(Action<View, View, int, int> kernel, KernelConfig config) =>
        Rung(kernel, ThreadsOf(config), e => e.Accelerator.LoadStreamKernel(kernel)(config,
            e.Array(GramChannels * GramPositions), e.Array(GramChannels * GramChannels), GramChannels, GramPositions));

    private static void RunGram(KernelExample e) =>
        e.Device.Gram(e.Map(GramChannels, GramSide, GramSide), e.Vector(GramChannels * GramChannels));

    private static void RunGramBackward(KernelExample e)
    {
        FeatureMap f = e.Map(GramChannels, GramSide, GramSide);
        e.Device.GramBackward(e.Vector(GramChannels * GramChannels), f, e.Map(GramChannels, GramSide, GramSide),
            accumulate: true);
    }
}
