using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Simd;

/// <summary>A feature map in the CPU device's layout: [⌈C/L⌉, H, W, L], L the lanes of a vector. A vector holds L channels of one
/// position; the channels that fill the last block up are zero, and every operation keeps them so.</summary>
/// <remarks>Where a block's size is a multiple of a power of two as large as a cache way, the same position of all blocks would
/// fall into the same few sets of the second-level cache: such maps leave a gap behind each block, which nobody writes and whose
/// values no result depends on.</remarks>
/// <param name="start">First value.</param>
/// <param name="blocks">⌈C/L⌉.</param>
/// <param name="height">H.</param>
/// <param name="width">W.</param>
internal readonly unsafe struct BlockedMap(float* start, int blocks, int height, int width)
{
    public readonly float* Start = start;
    public readonly int Blocks = blocks, Height = height, Width = width;

    /// <summary>H·W.</summary>
    public nint Positions => (nint)Height * Width;

    /// <summary>Vectors from one block to the next.</summary>
    public readonly nint Step = StepOf((nint)height * width);

    /// <summary>The vector of a block at a position, counted without gaps: where its bits stand.</summary>
    public nint Index(int block, int y, int x) => (block * (nint)Height + y) * Width + x;

    /// <summary>Vectors that a map takes, gaps included.</summary>
    /// <param name="blocks">⌈C/L⌉.</param>
    /// <param name="positions">H·W.</param>
    public static long Vectors(int blocks, nint positions) => blocks * (long)StepOf(positions);

    private static nint StepOf(nint positions) => positions % AlignedPositions == 0 ? positions + GapPositions : positions;

    // 16 lanes of 2,048 positions are 128 KiB: 2 MiB of cache, 16 ways. The gap is odd, so that few blocks meet again.
    private const int AlignedPositions = 2048, GapPositions = 133;

    /// <summary>The vector of a block at a position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* At<TSimd, TVector>(int block, int y, int x) where TSimd : ISimd<TVector> where TVector : unmanaged =>
        Start + (block * Step + (nint)y * Width + x) * TSimd.Lanes;
}

/// <summary>One bit an element of a <see cref="BlockedMap"/>: two bytes a vector of 16 lanes, one byte a vector of 8 or 4.</summary>
/// <param name="start">First byte; null where there are no bits.</param>
internal readonly unsafe struct LaneBits(byte* start)
{
    private readonly byte* start = start;

    /// <summary>Whether there are no bits.</summary>
    public bool IsNone => start == null;

    /// <summary>Bytes a vector's bits take.</summary>
    public static int BytesPerVector(int lanes) => lanes > 8 ? 2 : 1;

    /// <summary>The bits of vector <paramref name="index"/> (block·H·W + position).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read<TSimd, TVector>(nint index) where TSimd : ISimd<TVector> where TVector : unmanaged =>
        TSimd.Lanes > 8 ? ((ushort*)start)[index] : start[index];

    /// <summary>Writes the bits of vector <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write<TSimd, TVector>(nint index, uint bits) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        if (TSimd.Lanes > 8) ((ushort*)start)[index] = (ushort)bits;
        else start[index] = (byte)bits;
    }
}
