using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>What becomes of a convolution's sums on their way to memory. Fused, because another pass over a large map costs more
/// than the arithmetic.</summary>
internal unsafe interface IConv3x3Epilogue<TVector> where TVector : unmanaged
{
    /// <summary>Takes the sums of one block of channels at some neighbouring positions.</summary>
    /// <param name="block">Block of output channels.</param>
    /// <param name="y">First row of the output domain.</param>
    /// <param name="x">First column of the output domain.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="z">Sums: vectors of one row stand side by side. May be overwritten.</param>
    /// <param name="zRow">Floats from one row to the next.</param>
    void Store(int block, int y, int x, int rows, int columns, float* z, nint zRow);
}

/// <summary>y = ReLU(z + b) and its bits.</summary>
internal unsafe struct ForwardEpilogue<TSimd, TVector> : IConv3x3Epilogue<TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    public BlockedMap Y;
    public LaneBits ReluBits;
    public float* Biases;
    public bool Relu;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int block, int y, int x, int rows, int columns, float* z, nint zRow)
    {
        TVector bias = TSimd.Load(Biases + block * TSimd.Lanes);
        for (int i = 0; i < rows; i++)
        {
            nint index = Y.Index(block, y + i, x);
            float* to = Y.At<TSimd, TVector>(block, y + i, x);
            for (int j = 0; j < columns; j++)
            {
                TVector sum = TSimd.Add(TSimd.Load(z + i * zRow + j * TSimd.Lanes), bias);
                if (!ReluBits.IsNone) ReluBits.Write<TSimd, TVector>(index + j, TSimd.PositiveBits(sum));
                if (Relu) sum = TSimd.Max(TSimd.Zero, sum);
                TSimd.Store(sum, to + j * TSimd.Lanes);
            }
        }
    }
}

/// <summary>dX = r ⊙ (z [+ dX]).</summary>
internal unsafe struct BackwardEpilogue<TSimd, TVector> : IConv3x3Epilogue<TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    public BlockedMap DX;
    public LaneBits ReluBits;
    public bool Accumulate;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int block, int y, int x, int rows, int columns, float* z, nint zRow)
    {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) Store(block, y + i, x + j, TSimd.Load(z + i * zRow + j * TSimd.Lanes));
    }

    /// <summary>Takes the sums at one position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int block, int y, int x, TVector z)
    {
        float* destination = DX.At<TSimd, TVector>(block, y, x);
        if (Accumulate) z = TSimd.Add(z, TSimd.Load(destination));
        if (!ReluBits.IsNone) z = TSimd.Keep(z, ReluBits.Read<TSimd, TVector>(DX.Index(block, y, x)));
        TSimd.Store(z, destination);
    }
}

/// <summary>The backward epilogue over the map and the ring around it, one position wide, that reflection made up: position
/// (y, x) of the domain is position (y−1, x−1) of the map. What falls on the ring waits there until <see cref="FoldRing"/> adds it
/// to the positions that the ring mirrors; only then is every part of the sum known.</summary>
internal unsafe struct ReflectBackwardEpilogue<TSimd, TVector> : IConv3x3Epilogue<TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    public BackwardEpilogue<TSimd, TVector> Inside;

    /// <summary>[blocks, 2(W+2) + 2H, L]: the row above, the row below, the column on the left, the column on the right.</summary>
    public float* Ring;

    /// <summary>Vectors of the ring of an H×W map.</summary>
    public static nint RingLength(int height, int width) => 2 * ((nint)width + 2) + 2 * (nint)height;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int block, int y, int x, int rows, int columns, float* z, nint zRow)
    {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) Store(block, y + i, x + j, TSimd.Load(z + i * zRow + j * TSimd.Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Store(int block, int y, int x, TVector z)
    {
        int height = Inside.DX.Height, width = Inside.DX.Width;
        if (y >= 1 && y <= height && x >= 1 && x <= width) { Inside.Store(block, y - 1, x - 1, z); return; }
        nint row = (nint)width + 2;
        nint place = y == 0 ? x : y == height + 1 ? row + x : x == 0 ? 2 * row + (y - 1) : 2 * row + height + (y - 1);
        TSimd.Store(z, Ring + (block * RingLength(height, width) + place) * TSimd.Lanes);
    }

    /// <summary>Adds the ring of one block to the map, masked like the rest of the sum.</summary>
    public readonly void FoldRing(int block)
    {
        BlockedMap map = Inside.DX;
        nint row = (nint)map.Width + 2;
        float* ring = Ring + block * RingLength(map.Height, map.Width) * TSimd.Lanes;
        for (int x = -1; x <= map.Width; x++)
        {
            Fold(block, -1, x, ring + (x + 1) * TSimd.Lanes);
            Fold(block, map.Height, x, ring + (row + x + 1) * TSimd.Lanes);
        }
        for (int y = 0; y < map.Height; y++)
        {
            Fold(block, y, -1, ring + (2 * row + y) * TSimd.Lanes);
            Fold(block, y, map.Width, ring + (2 * row + map.Height + y) * TSimd.Lanes);
        }
    }

    private readonly void Fold(int block, int y, int x, float* value)
    {
        BlockedMap map = Inside.DX;
        (y, x) = (Mirror.Index(y, map.Height), Mirror.Index(x, map.Width));
        TVector z = TSimd.Load(value);
        if (!Inside.ReluBits.IsNone) z = TSimd.Keep(z, Inside.ReluBits.Read<TSimd, TVector>(map.Index(block, y, x)));
        float* destination = map.At<TSimd, TVector>(block, y, x);
        TSimd.Store(TSimd.Add(TSimd.Load(destination), z), destination);
    }
}

/// <summary>Reflection without repeating the edge.</summary>
internal static class Mirror
{
    /// <summary>The position that stands for position <paramref name="i"/>, −1 to n, of a side of length n.</summary>
    public static int Index(int i, int n) => i < 0 ? Math.Min(1, n - 1) : i >= n ? Math.Max(0, n - 2) : i;
}
