using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Pool2x2;

/// <summary>2×2 pooling of stride 2 on blocked maps. A lane is a channel; an item is one block of channels.</summary>
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
            nint index = ((nint)block * Y.Height + y) * Y.Width;
            for (int x = 0; x < Y.Width; x++, upper += 2 * TSimd.Lanes, lower += 2 * TSimd.Lanes, to += TSimd.Lanes)
            {
                TVector a = TSimd.Load(upper), b = TSimd.Load(upper + TSimd.Lanes);
                TVector c = TSimd.Load(lower), d = TSimd.Load(lower + TSimd.Lanes);
                TSimd.Store(Pooling == Pooling.Average ? Mean(a, b, c, d) : Largest(a, b, c, d, index + x), to);
            }
        }

        private static TVector Mean(TVector a, TVector b, TVector c, TVector d) =>
            TSimd.Multiply(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Create(0.25f));

        private readonly TVector Largest(TVector a, TVector b, TVector c, TVector d, nint index)
        {
            TVector ab = TSimd.Max(b, a), abc = TSimd.Max(c, ab);
            if (!Switches.IsNone)
            {
                uint second = TSimd.GreaterBits(b, a), third = TSimd.GreaterBits(c, ab), fourth = TSimd.GreaterBits(d, abc);
                Switches.Write<TSimd, TVector>(2 * index, (second & ~third) | fourth);
                Switches.Write<TSimd, TVector>(2 * index + 1, third | fourth);
            }
            return TSimd.Max(d, abc);
        }
    }

    /// <summary>dX = r ⊙ (poolᵀ(dY) [+ dX]); an item is one row of dX of one block.</summary>
    public struct Backward : IJob
    {
        public BlockedMap DY, DX;
        public LaneBits Switches, ReluBits;
        public Pooling Pooling;
        public bool Accumulate;

        public readonly void Run(int item, int worker)
        {
            int block = item / DX.Height, row = item % DX.Height, y = row / 2;
            float* to = DX.At<TSimd, TVector>(block, row, 0);
            nint bits = ((nint)block * DX.Height + row) * DX.Width, index = ((nint)block * DY.Height + y) * DY.Width;
            int covered = y < DY.Height ? 2 * DY.Width : 0;
            float* from = DY.Start + index * TSimd.Lanes;
            for (int x = 0; x < DX.Width; x++, to += TSimd.Lanes)
            {
                TVector d = x < covered ? Share(TSimd.Load(from + x / 2 * TSimd.Lanes), index + x / 2, row % 2 * 2 + x % 2) : TSimd.Zero;
                if (Accumulate) d = TSimd.Add(d, TSimd.Load(to));
                if (!ReluBits.IsNone) d = TSimd.Keep(d, ReluBits.Read<TSimd, TVector>(bits + x));
                TSimd.Store(d, to);
            }
        }

        /// <summary>What input number <paramref name="place"/> of a window gets of the window's gradient.</summary>
        private readonly TVector Share(TVector d, nint index, int place)
        {
            if (Pooling == Pooling.Average) return TSimd.Multiply(d, TSimd.Create(0.25f));
            uint low = Switches.Read<TSimd, TVector>(2 * index), high = Switches.Read<TSimd, TVector>(2 * index + 1);
            return TSimd.Keep(d, ((place & 1) != 0 ? low : ~low) & ((place & 2) != 0 ? high : ~high));
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
            for (nint i = index; i < index + DX.Width; i++)
                TSimd.Store(TSimd.Keep(TSimd.Load(DX.Start + i * TSimd.Lanes), ReluBits.Read<TSimd, TVector>(i)), DX.Start + i * TSimd.Lanes);
        }
    }
}
