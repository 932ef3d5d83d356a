using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Pool2x2;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>y = pool(ReLU(z + b)), the bits of the ReLU and the pooling's switches. What lies between is never stored.</summary>
/// <remarks>Only for algorithms whose tiles begin at even rows and columns and hold whole windows but at the edge.</remarks>
internal unsafe struct PoolEpilogue<TSimd, TVector> : IConv3x3Epilogue<TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Pooled.</summary>
    public BlockedMap Y;

    /// <summary>Rows and columns before pooling.</summary>
    public int Height, Width;
    public LaneBits ReluBits, Switches;
    public float* Biases;
    public Pooling Pooling;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int block, int y, int x, int rows, int columns, float* z, nint zRow)
    {
        TVector bias = TSimd.Load(Biases + block * TSimd.Lanes);
        for (int i = 0; i < rows; i++)
        {
            nint index = (block * (nint)Height + y + i) * Width + x;
            for (int j = 0; j < columns; j++)
            {
                float* place = z + i * zRow + j * TSimd.Lanes;
                TVector sum = TSimd.Add(TSimd.Load(place), bias);
                if (!ReluBits.IsNone) ReluBits.Write<TSimd, TVector>(index + j, TSimd.PositiveBits(sum));
                TSimd.Store(TSimd.Max(TSimd.Zero, sum), place);
            }
        }
        for (int i = 0; i + 1 < rows; i += 2)
        {
            nint index = Y.Index(block, (y + i) / 2, x / 2);
            float* to = Y.At<TSimd, TVector>(block, (y + i) / 2, x / 2);
            for (int j = 0; j + 1 < columns; j += 2)
            {
                float* upper = z + i * zRow + j * TSimd.Lanes;
                TVector pooled = Pool2x2Simd<TSimd, TVector>.Window(upper, upper + zRow, Pooling, Switches, index + j / 2);
                TSimd.Store(pooled, to + j / 2 * TSimd.Lanes);
            }
        }
    }
}
