using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Losses;
using GatysGpu.Kernels.Pool2x2;
using GatysGpu.Kernels.Vectors;

namespace GatysGpu.Kernels.Gpu;

// Kernels whose work is moving memory: pooling, losses, vectors.
public static partial class KernelCatalog
{
    private const int ElementChannels = 8;
    private const int ElementSide = 64;
    private const int ElementCount = 20_000;

    private static IEnumerable<CatalogKernel> Pooling() =>
    [
        Entry(Pool2x2Gpu.MaxForward, MapLaunch.Threads, e => PoolForward(e, Devices.Pooling.Max), WithUnits(Flags(1))),
        Entry(Pool2x2Gpu.AverageForward, MapLaunch.Threads, e => PoolForward(e, Devices.Pooling.Average), WithUnits([[]])),
        Entry(Pool2x2BackwardGpu.Max, MapLaunch.Threads, e => PoolBackward(e, Devices.Pooling.Max), WithUnits(Flags(2))),
        Entry(Pool2x2BackwardGpu.Average, MapLaunch.Threads, e => PoolBackward(e, Devices.Pooling.Average), WithUnits(Flags(2))),
        Entry(ReluBackwardGpu.Mask, MapLaunch.Threads, e => ReluBackward(e, ElementSide - 1)),
        Entry(ReluBackwardGpu.MaskFours, ElementLaunch.Threads, e => ReluBackward(e, ElementSide)),
    ];

    private static IEnumerable<CatalogKernel> Losses() =>
    [
        Entry(ContentLossGpu.Partials, GroupSum.Threads,
            e => e.Device.ContentLoss(Map(e), Map(e), 1, Map(e), true, e.Scalar), Flags(1)),
        Entry(GramLossGpu.Partials, GroupSum.Threads,
            e => e.Device.GramLoss(e.Vector(64 * 64), e.Vector(64 * 64), 1, 100, e.Scalar)),
        Entry(TotalVariationGpu.Partials, GroupSum.Threads,
            e => e.Device.TotalVariation(e.Image(ElementSide, ElementSide), 1, e.Image(ElementSide, ElementSide), true, e.Scalar),
            Flags(1)),
        Entry(GroupSum.Finish, GroupSum.Threads, e => e.Device.ContentLoss(Map(e), Map(e), 1, Map(e), true, e.Scalar)),
    ];

    private static IEnumerable<CatalogKernel> Vectors() =>
    [
        Entry(DotsGpu.Partials, GroupSum.Threads, e =>
        {
            DeviceVector[] vectors = [.. Enumerable.Range(0, DotsGpu.MostVectors).Select(_ => e.Vector(ElementCount))];
            e.Device.Dots(vectors, vectors[0], new double[vectors.Length]);
        }, [1], [2], [4], [8], [16]),
        Entry(LinearCombinationGpu.Combine, ElementLaunch.Threads, e =>
        {
            DeviceVector[] vectors = [.. Enumerable.Range(0, 22).Select(_ => e.Vector(ElementCount))];
            e.Device.LinearCombination(new double[vectors.Length], vectors, vectors[0]);
        }, [1], [2], [4], [8], [16], [32], [64]),
        Entry(VectorsGpu.Clamp, ElementLaunch.Threads, e => e.Device.Clamp(e.Vector(ElementCount), -0.5f, 0.5f)),
        Entry(VectorsGpu.ProjectGradient, ElementLaunch.Threads,
            e => e.Device.ProjectGradient(e.Vector(ElementCount), -0.5f, 0.5f, e.Vector(ElementCount))),
        Entry(VectorsGpu.AdamStep, ElementLaunch.Threads, e => e.Device.AdamStep(e.Vector(ElementCount), e.Vector(ElementCount),
            e.Vector(ElementCount), e.Vector(ElementCount), e.Vector(ElementCount),
            new AdamSettings(1, 1, 0.9f, 0.99f, 1e-3f, 0.9f, 0, 1))),
    ];

    /// <summary>Sets of values with each of the units of <see cref="Pool2x2Gpu.Unit"/> behind them.</summary>
    private static int[][] WithUnits(int[][] sets) =>
        [.. new[] { 1, 2, 4 }.SelectMany(u => sets.Select(s => s.Append(u).ToArray()))];

    private static void ReluBackward(KernelExample e, int width) => e.Device.ReluBackward(
        e.Map(ElementChannels, ElementSide, width), e.Bits(ElementChannels, ElementSide, width));

    private static FeatureMap Map(KernelExample e) => e.Map(ElementChannels, ElementSide, ElementSide);

    private static void PoolForward(KernelExample e, Devices.Pooling pooling) =>
        e.Device.PoolForward(Map(e), e.Map(ElementChannels, ElementSide / 2, ElementSide / 2), pooling,
            e.Switches(ElementChannels, ElementSide, ElementSide));

    private static void PoolBackward(KernelExample e, Devices.Pooling pooling) =>
        e.Device.PoolBackward(e.Map(ElementChannels, ElementSide / 2, ElementSide / 2), Map(e), pooling,
            e.Switches(ElementChannels, ElementSide, ElementSide), e.Bits(ElementChannels, ElementSide, ElementSide),
            accumulate: true);
}
