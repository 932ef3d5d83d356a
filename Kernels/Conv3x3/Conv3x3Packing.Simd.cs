using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>Brings filters into the order in which the convolutions read them: [points, pairs, C/L, L, 2L], a point being a tap, or one
/// of the n² of a Winograd tile. A lane is an output channel.</summary>
/// <remarks>An item is a pair of output blocks by a block of inputs: L rows of 2L floats, which stand in one piece at every point.</remarks>
internal static unsafe class Conv3x3Packing<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    private static int Row => 2 * TSimd.Lanes;

    /// <summary>The filters themselves.</summary>
    /// <param name="pool">Who works.</param>
    /// <param name="filters">One direction's.</param>
    /// <param name="packed">Overwritten.</param>
    public static void Direct(WorkerPool pool, Conv3x3Filters filters, float* packed) =>
        pool.Run(Items(filters), new DirectJob { Filters = filters, Packed = packed });

    /// <summary>U = G g Gᵀ.</summary>
    /// <param name="pool">Who works.</param>
    /// <param name="filters">One direction's.</param>
    /// <param name="packed">Overwritten.</param>
    public static void Winograd<TTile>(WorkerPool pool, Conv3x3Filters filters, float* packed) where TTile : unmanaged, IWinogradTile =>
        pool.Run(Items(filters), new WinogradJob<TTile> { Filters = filters, Packed = packed });

    private static int Items(Conv3x3Filters filters) =>
        Conv3x3Packing.Pairs(filters.Outputs, TSimd.Lanes) * Conv3x3Packing.Blocks(filters.Inputs, TSimd.Lanes);

    private static nint PointStep(Conv3x3Filters filters) => Conv3x3Packing.PointStep(filters.Outputs, filters.Inputs, TSimd.Lanes);

    /// <summary>Taps of an item's filters, [L, 9, 2L].</summary>
    private static void Gather(Conv3x3Filters filters, int item, float* taps)
    {
        int blocks = Conv3x3Packing.Blocks(filters.Inputs, TSimd.Lanes);
        filters.Copy(item / blocks * Row, Row, item % blocks * TSimd.Lanes, TSimd.Lanes, taps);
    }

    private struct DirectJob : IJob
    {
        public Conv3x3Filters Filters;
        public float* Packed;

        [SkipLocalsInit]
        public readonly void Run(int item, int worker)
        {
            float* taps = stackalloc float[9 * TSimd.Lanes * Row];
            Gather(Filters, item, taps);
            nint step = PointStep(Filters);
            float* to = Packed + item * (nint)TSimd.Lanes * Row;
            for (int c = 0; c < TSimd.Lanes; c++, to += Row)
                for (int tap = 0; tap < 9; tap++, taps += Row)
                    new Span<float>(taps, Row).CopyTo(new Span<float>(to + tap * step, Row));
        }
    }

    private struct WinogradJob<TTile> : IJob where TTile : unmanaged, IWinogradTile
    {
        public Conv3x3Filters Filters;
        public float* Packed;

        [SkipLocalsInit]
        public readonly void Run(int item, int worker)
        {
            float* taps = stackalloc float[9 * TSimd.Lanes * Row], scratch = stackalloc float[3 * TTile.Inputs * TSimd.Lanes];
            Gather(Filters, item, taps);
            nint step = PointStep(Filters);
            float* to = Packed + item * (nint)TSimd.Lanes * Row;
            for (int c = 0; c < TSimd.Lanes; c++, taps += 9 * Row, to += Row)
            {
                WinogradTransforms<TTile, TSimd, TVector>.Filter(taps, Row, scratch, to, step);
                WinogradTransforms<TTile, TSimd, TVector>.Filter(taps + TSimd.Lanes, Row, scratch, to + TSimd.Lanes, step);
            }
        }
    }
}
