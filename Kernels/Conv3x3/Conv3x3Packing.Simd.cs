using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>Brings filters into the order in which the convolutions read them: [points, groups, C/L, L, V·L], a point being a
/// tap, or one of the n² of a Winograd tile, and V the blocks of a group of outputs. A lane is an output channel.</summary>
/// <remarks>An item is a group of output blocks by a block of inputs: L rows of V·L floats, which stand in one piece at every
/// point.</remarks>
internal static unsafe class Conv3x3Packing<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>V·L.</summary>
    private static int Row(Conv3x3Filters filters) => RegisterTile.Vectors(OutputBlocks(filters), TSimd.Lanes) * TSimd.Lanes;

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
        RegisterTile.Groups(OutputBlocks(filters), TSimd.Lanes) * Conv3x3Packing.Blocks(filters.Inputs, TSimd.Lanes);

    private static int OutputBlocks(Conv3x3Filters filters) => Conv3x3Packing.Blocks(filters.Outputs, TSimd.Lanes);

    private static nint PointStep(Conv3x3Filters filters) => Conv3x3Packing.PointStep(filters.Outputs, filters.Inputs, TSimd.Lanes);

    /// <summary>Taps of an item's filters, [L, 9, V·L].</summary>
    private static void Gather(Conv3x3Filters filters, int item, float* taps)
    {
        int blocks = Conv3x3Packing.Blocks(filters.Inputs, TSimd.Lanes), row = Row(filters);
        filters.Copy(item / blocks * row, row, item % blocks * TSimd.Lanes, TSimd.Lanes, taps);
    }

    private struct DirectJob : IJob
    {
        public Conv3x3Filters Filters;
        public float* Packed;

        [SkipLocalsInit]
        public readonly void Run(int item, int worker)
        {
            int row = Row(Filters);
            float* taps = stackalloc float[9 * TSimd.Lanes * row];
            Gather(Filters, item, taps);
            nint step = PointStep(Filters);
            float* to = Packed + item * (nint)TSimd.Lanes * row;
            for (int c = 0; c < TSimd.Lanes; c++, to += row)
                for (int tap = 0; tap < 9; tap++, taps += row)
                    new Span<float>(taps, row).CopyTo(new Span<float>(to + tap * step, row));
        }
    }

    private struct WinogradJob<TTile> : IJob where TTile : unmanaged, IWinogradTile
    {
        public Conv3x3Filters Filters;
        public float* Packed;

        [SkipLocalsInit]
        public readonly void Run(int item, int worker)
        {
            int row = Row(Filters);
            float* taps = stackalloc float[9 * TSimd.Lanes * row], scratch = stackalloc float[3 * TTile.Inputs * TSimd.Lanes];
            Gather(Filters, item, taps);
            nint step = PointStep(Filters);
            float* to = Packed + item * (nint)TSimd.Lanes * row;
            for (int c = 0; c < TSimd.Lanes; c++, taps += 9 * row, to += row)
                for (int k = 0; k < row; k += TSimd.Lanes)
                    WinogradTransforms<TTile, TSimd, TVector>.Filter(taps + k, row, scratch, to + k, step);
        }
    }
}
