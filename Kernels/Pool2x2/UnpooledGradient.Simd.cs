using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Pool2x2;

/// <summary>r ⊙ poolᵀ(dY): a gradient before pooling that is never stored, a quarter as large as it looks.</summary>
internal unsafe struct UnpooledGradient<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Gradient of what the pooling made.</summary>
    public BlockedMap DY;
    public LaneBits Switches;

    /// <summary>r, of the map before pooling; none leaves the mask out.</summary>
    public LaneBits ReluBits;
    public Pooling Pooling;

    /// <summary>What input number <paramref name="place"/>, 0 to 3 in row order, of a window gets of the window's gradient.</summary>
    /// <param name="d">The window's gradient.</param>
    /// <param name="index">The window: block·H·W + position, of the pooled map.</param>
    /// <param name="place">Which of its inputs.</param>
    public readonly TVector Share(TVector d, nint index, int place)
    {
        if (Pooling == Pooling.Average) return TSimd.Multiply(d, TSimd.Create(0.25f));
        uint low = Switches.Read<TSimd, TVector>(2 * index), high = Switches.Read<TSimd, TVector>(2 * index + 1);
        return TSimd.Keep(d, ((place & 1) != 0 ? low : ~low) & ((place & 2) != 0 ? high : ~high));
    }

    /// <summary>A square of the gradient, zeros where it reaches over the edge.</summary>
    /// <param name="block">Block of channels.</param>
    /// <param name="row">First row, may be below 0.</param>
    /// <param name="column">First column, may be below 0.</param>
    /// <param name="side">Rows and columns of the square.</param>
    /// <param name="height">Rows before pooling.</param>
    /// <param name="width">Columns before pooling.</param>
    /// <param name="patch">[side, side] vectors. Overwritten.</param>
    public readonly void Patch(int block, int row, int column, int side, int height, int width, float* patch)
    {
        for (int y = row; y < row + side; y++)
        {
            // An odd last row or column is in no window.
            bool inside = (uint)y < (uint)(2 * DY.Height);
            nint windows = DY.Index(block, y / 2, 0), bits = ((nint)block * height + y) * width;
            float* from = DY.At<TSimd, TVector>(block, y / 2, 0);
            for (int x = column; x < column + side; x++, patch += TSimd.Lanes)
            {
                if (!inside || (uint)x >= (uint)(2 * DY.Width)) { TSimd.Store(TSimd.Zero, patch); continue; }
                nint index = windows + x / 2;
                TVector d = Share(TSimd.Load(from + x / 2 * TSimd.Lanes), index, y % 2 * 2 + x % 2);
                if (!ReluBits.IsNone) d = TSimd.Keep(d, ReluBits.Read<TSimd, TVector>(bits + x));
                TSimd.Store(d, patch);
            }
        }
    }
}
