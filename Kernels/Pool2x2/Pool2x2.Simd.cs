using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Pool2x2;

/// <summary>2×2 pooling of stride 2 on blocked maps. A lane is a channel; an item is one row of one block.</summary>
/// <remarks>The switch of an output is the number 0 to 3 of its largest input in row order, kept as two masks of lanes: the low bits
/// of the numbers, then the high bits.</remarks>
internal static unsafe class Pool2x2Simd<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>y = pool(x); an item is one row of one block.</summary>
    public struct Forward : IJob
    {
        public BlockedMap X, Y;
        public LaneBits Switches;
        public Pooling Pooling;

        public readonly void Run(int item, int worker)
        {
            int block = item / Y.Height, y = item % Y.Height;
            float* upper = X.At<TSimd, TVector>(block, 2 * y, 0), lower = upper + X.Width * TSimd.Lanes;
            float* to = Y.At<TSimd, TVector>(block, y, 0);
            nint index = Y.Index(block, y, 0);
            for (int x = 0; x < Y.Width; x++, upper += 2 * TSimd.Lanes, lower += 2 * TSimd.Lanes, to += TSimd.Lanes)
                TSimd.Store(Window(upper, lower, Pooling, Switches, index + x), to);
        }
    }

    /// <summary>Pools one window.</summary>
    /// <param name="upper">Its upper two vectors.</param>
    /// <param name="lower">Its lower two.</param>
    /// <param name="pooling">Max or average.</param>
    /// <param name="switches">Where to note the largest, or none.</param>
    /// <param name="index">The window: block·H·W + position, of the pooled map.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Window(float* upper, float* lower, Pooling pooling, LaneBits switches, nint index)
    {
        TVector a = TSimd.Load(upper), b = TSimd.Load(upper + TSimd.Lanes);
        TVector c = TSimd.Load(lower), d = TSimd.Load(lower + TSimd.Lanes);
        return pooling == Pooling.Average
            ? TSimd.Multiply(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Create(0.25f))
            : Largest(a, b, c, d, switches, index);
    }

    private static TVector Largest(TVector a, TVector b, TVector c, TVector d, LaneBits switches, nint index)
    {
        TVector ab = TSimd.Max(b, a), abc = TSimd.Max(c, ab);
        if (!switches.IsNone)
        {
            uint second = TSimd.GreaterBits(b, a), third = TSimd.GreaterBits(c, ab), fourth = TSimd.GreaterBits(d, abc);
            switches.Write<TSimd, TVector>(2 * index, (second & ~third) | fourth);
            switches.Write<TSimd, TVector>(2 * index + 1, third | fourth);
        }
        return TSimd.Max(d, abc);
    }

    /// <summary>dX = r ⊙ (poolᵀ(dY) [+ dX]); an item is one row of dX of one block.</summary>
    public struct Backward : IJob
    {
        /// <summary>dY with the switches, and r.</summary>
        public UnpooledGradient<TSimd, TVector> Gradient;
        public BlockedMap DX;
        public bool Accumulate;

        public readonly void Run(int item, int worker)
        {
            int block = item / DX.Height, row = item % DX.Height, y = row / 2;
            BlockedMap dY = Gradient.DY;
            LaneBits reluBits = Gradient.ReluBits;
            float* to = DX.At<TSimd, TVector>(block, row, 0);
            nint bits = DX.Index(block, row, 0), index = dY.Index(block, y, 0);
            int covered = y < dY.Height ? 2 * dY.Width : 0;
            float* from = dY.At<TSimd, TVector>(block, y, 0);
            for (int x = 0; x < DX.Width; x++, to += TSimd.Lanes)
            {
                TVector d = x < covered ? Gradient.Share(TSimd.Load(from + x / 2 * TSimd.Lanes), index + x / 2, row % 2 * 2 + x % 2) : TSimd.Zero;
                if (Accumulate) d = TSimd.Add(d, TSimd.Load(to));
                if (!reluBits.IsNone) d = TSimd.Keep(d, reluBits.Read<TSimd, TVector>(bits + x));
                TSimd.Store(d, to);
            }
        }
    }

    /// <summary>dX = r ⊙ dX; an item is one row of one block.</summary>
    public struct Mask : IJob
    {
        public BlockedMap DX;
        public LaneBits ReluBits;

        public readonly void Run(int item, int worker)
        {
            nint index = (nint)item * DX.Width;
            float* row = DX.At<TSimd, TVector>(item / DX.Height, item % DX.Height, 0);
            for (int x = 0; x < DX.Width; x++, row += TSimd.Lanes)
                TSimd.Store(TSimd.Keep(TSimd.Load(row), ReluBits.Read<TSimd, TVector>(index + x)), row);
        }
    }
}
