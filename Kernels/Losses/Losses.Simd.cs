using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Losses;

/// <summary>Content loss on blocked maps: partial sums of (F − P)² and dF (+)= 2·scale·(F − P).</summary>
/// <remarks>A lane is a channel; lanes that fill the last block up are zero in both maps and add nothing. An item is up to
/// <see cref="ChunkPositions"/> vectors of a block, summed in float32 lanes, then in float64.</remarks>
internal unsafe struct ContentJob<TSimd, TVector> : IJob
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    private const int ChunkPositions = 256;

    public BlockedMap F;

    /// <summary>Of the same shape as F.</summary>
    public float* Target, DF;
    public float DoubleScale;
    public bool Accumulate;

    /// <summary>One sum an item. Overwritten.</summary>
    public double* Sums;

    /// <summary>Items of a block.</summary>
    public static int Chunks(nint positions) => checked((int)((positions + ChunkPositions - 1) / ChunkPositions));

    public readonly void Run(int item, int worker)
    {
        int chunks = Chunks(F.Positions);
        nint block = item / chunks * F.Step * TSimd.Lanes, position = item % chunks * (nint)ChunkPositions;
        nint first = block + position * TSimd.Lanes, end = block + Math.Min(position + ChunkPositions, F.Positions) * TSimd.Lanes;
        TVector sum = TSimd.Zero, scale = TSimd.Create(DoubleScale);
        for (nint i = first; i < end; i += TSimd.Lanes)
        {
            TVector difference = TSimd.Subtract(TSimd.Load(F.Start + i), TSimd.Load(Target + i));
            sum = TSimd.MultiplyAdd(difference, difference, sum);
            TVector gradient = TSimd.Multiply(scale, difference);
            TSimd.Store(Accumulate ? TSimd.Add(TSimd.Load(DF + i), gradient) : gradient, DF + i);
        }
        Sums[item] = TSimd.Sum(sum);
    }
}

/// <summary>Total variation of a picture: partial sums of squared neighbour differences and dX (+)= 2·scale·Σ(x − neighbour).</summary>
/// <remarks>An item is one row of one plane. Plain code: it is a thousandth of an evaluation's work.</remarks>
internal unsafe struct TotalVariationJob : IJob
{
    public float* X, DX;
    public int Height, Width;
    public float DoubleScale;
    public bool Accumulate;

    /// <summary>One sum an item. Overwritten.</summary>
    public double* Sums;

    public readonly void Run(int item, int worker)
    {
        int y = item % Height;
        float* row = X + (nint)item * Width, to = DX + (nint)item * Width;
        double sum = 0;
        for (int x = 0; x < Width; x++)
        {
            float right = x + 1 < Width ? row[x + 1] - row[x] : 0, below = y + 1 < Height ? row[x + Width] - row[x] : 0;
            float left = x > 0 ? row[x] - row[x - 1] : 0, above = y > 0 ? row[x] - row[x - Width] : 0;
            sum += (double)right * right + (double)below * below;
            float gradient = DoubleScale * (left + above - right - below);
            to[x] = Accumulate ? to[x] + gradient : gradient;
        }
        Sums[item] = sum;
    }
}
