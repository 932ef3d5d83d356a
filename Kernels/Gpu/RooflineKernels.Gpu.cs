namespace GatysGpu.Kernels.Gpu;

// Kernels that do one thing and nothing else, to find out how fast a device can do it at most.
//
//   MultiplyAdd   a thread has 16 sums that do not depend on each other: x = a·x + b, 8 times a round. An FMA takes 4 cycles
//                 until its result can be used, a scheduler starts one a cycle: 16 sums keep it busy even with one warp.
//   TensorCore    a warp has 8 tiles of D = A·B + D, 4 times a round, from one A and one B that stay in registers.
//   Copy          a thread moves 4 pieces of 16 bytes, all loaded before the first is stored; a warp's piece is 512 bytes in a
//                 row.
//   Fill, FillBits   values for the others: what a multiplier is fed decides how much power it takes, so zeros would flatter.

/// <summary>What a device can do at most: multiply-adds, products on tensor cores, copies.</summary>
internal static class RooflineKernels
{
    /// <summary>Threads of a group, of all of them.</summary>
    public const int Threads = 256;

    /// <summary>Sums of a thread in <see cref="MultiplyAdd"/>.</summary>
    public const int Sums = 16;

    /// <summary>Multiply-adds of each sum in a round.</summary>
    public const int AddsOfARound = 8;

    /// <summary>Tiles of a warp in <see cref="TensorCoreProduct"/>.</summary>
    public const int Tiles = 8;

    /// <summary>Products of each tile in a round.</summary>
    public const int ProductsOfARound = 4;

    /// <summary>Pieces of 16 bytes that a thread of <see cref="Copy"/> moves.</summary>
    public const int PiecesOfAThread = 4;

    /// <summary>Pieces of 16 bytes that a group of <see cref="Copy"/> moves.</summary>
    public const int PiecesOfAGroup = Threads * PiecesOfAThread;

    /// <summary>result[thread] = the sum over its x of x = a·x + b, 8 · rounds times; the i-th x begins with i.</summary>
    public static void MultiplyAdd(ArrayView<float> result, float a, float b, int rounds)
    {
        ArrayView<float> x = LocalMemory.Allocate<float>(Sums);
        for (int i = 0; i < Sums; i++) x[i] = i;
        for (int round = 0; round < rounds; round++)
            for (int step = 0; step < AddsOfARound; step++)
                for (int i = 0; i < Sums; i++) x[i] = a * x[i] + b;
        float sum = 0;
        for (int i = 0; i < Sums; i++) sum += x[i];
        result[Grid.IdxX * Threads + Group.IdxX] = sum;
    }

    /// <summary>result[thread] = the sum of its part of 8 tiles D [16, 8], each 4 · rounds times D = A·B + D; the i-th value of
    /// a lane's part begins with i, all of A is a, all of B is b.</summary>
    public static void TensorCoreProduct(ArrayView<float> result, float a, float b, int rounds)
    {
        ArrayView<float> d = LocalMemory.Allocate<float>(4 * Tiles);
        // Different ones, so that no compiler can make one tile of all.
        for (int i = 0; i < 4 * Tiles; i++) d[i] = i;
        for (int round = 0; round < rounds; round++)
            for (int step = 0; step < ProductsOfARound; step++)
                for (int i = 0; i < 4 * Tiles; i += 4)
                    TensorCore.MultiplyAddM16N8K8(ref d[i], ref d[i + 1], ref d[i + 2], ref d[i + 3], a, a, a, a, b, b);
        float sum = 0;
        for (int i = 0; i < 4 * Tiles; i++) sum += d[i];
        result[Grid.IdxX * Threads + Group.IdxX] = sum;
    }

    /// <summary>to = from; both have a multiple of <see cref="PiecesOfAGroup"/> pieces, and the grid a group for each.</summary>
    public static void Copy(ArrayView<Float4> from, ArrayView<Float4> to)
    {
        long first = (long)Grid.IdxX * PiecesOfAGroup + Group.IdxX;
        Float4 p0 = from[first], p1 = from[first + Threads], p2 = from[first + 2 * Threads], p3 = from[first + 3 * Threads];
        to[first] = p0;
        to[first + Threads] = p1;
        to[first + 2 * Threads] = p2;
        to[first + 3 * Threads] = p3;
    }

    /// <summary>Numbers from −1 to 1 that look drawn at random; the same on every run.</summary>
    public static void Fill(ArrayView<float> values)
    {
        long i = ElementLaunch.Index;
        if (i < values.Length) values[i] = (int)(Hash((uint)i) >> 8) * (2f / (1 << 24)) - 1f;
    }

    /// <summary>Bits that look drawn at random; the same on every run.</summary>
    public static void FillBits(ArrayView<byte> bits)
    {
        long i = ElementLaunch.Index;
        if (i < bits.Length) bits[i] = (byte)(Hash((uint)i) >> 24);
    }

    // The finisher of MurmurHash3 (Appleby 2008): every bit of i changes half of the bits.
    private static uint Hash(uint i)
    {
        i ^= i >> 16;
        i *= 0x85EBCA6B;
        i ^= i >> 13;
        i *= 0xC2B2AE35;
        return i ^ i >> 16;
    }
}
