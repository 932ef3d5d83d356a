using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GatysGpu.Engine.Imaging;

/// <summary>What the forward and the inverse transform share: constants, rounding, transposition.</summary>
/// <remarks>
/// <para>Both are the 11-multiplication network of Loeffler, Ligtenberg and Moschytz (<i>Practical fast 1-D DCT algorithms with 11
/// multiplications</i>, ICASSP 1989), with constants of 13 fractional bits. The networks work on √8 times the orthonormal transform,
/// so two passes give 8 times it. Between the passes 2 fractional bits are kept. These are the choices of the Independent JPEG Group's
/// accurate integer transform, and the integers are the same, so pixels equal libjpeg's.</para>
/// <para>A register holds one row of a block, a lane is a column; a pass along the rows needs the block transposed. Without AVX2 the
/// same code runs in narrower registers and transposes element by element.</para>
/// </remarks>
internal static class DctConstants
{
    /// <summary>Fractional bits of the constants.</summary>
    public const int ConstantBits = 13;

    /// <summary>Fractional bits kept between the passes.</summary>
    public const int PassBits = 2;

    // With c_k = cos(kπ/16), rounded to 13 fractional bits.
    public const int C6Root2 = 4433;               // √2·c6                    0.541196100
    public const int C2MinusC6Root2 = 6270;        // √2·(c2 − c6)             0.765366865
    public const int C2PlusC6Root2 = 15137;        // √2·(c2 + c6)             1.847759065
    public const int C3Root2 = 9633;               // √2·c3                    1.175875602
    public const int OddSame7 = 2446;              // √2·(−c1 + c3 + c5 − c7)  0.298631336
    public const int OddSame5 = 16819;             // √2·( c1 + c3 − c5 + c7)  2.053119869
    public const int OddSame3 = 25172;             // √2·( c1 + c3 + c5 − c7)  3.072711026
    public const int OddSame1 = 12299;             // √2·( c1 + c3 − c5 − c7)  1.501321110
    public const int OddPair17 = 7373;             // √2·(c3 − c7)             0.899976223
    public const int OddPair35 = 20995;            // √2·(c1 + c3)             2.562915447
    public const int OddPair37 = 16069;            // √2·(c3 + c5)             1.961570560
    public const int OddPair15 = 3196;             // √2·(c3 − c5)             0.390180644

    /// <summary>v / 2^bits, rounded to nearest, halves up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Descale(Vector256<int> v, int bits) => (v + Vector256.Create(1 << (bits - 1))) >> bits;

    /// <summary>Swaps rows and columns of 8×8 numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7)
    {
        if (!Avx2.IsSupported)
        {
            TransposeByElements(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            return;
        }
        // Pairs of rows are interleaved by 32 bits, then by 64, then by 128: names say which rows and which columns a register holds.
        Vector256<int> a01 = Avx2.UnpackLow(r0, r1), b01 = Avx2.UnpackHigh(r0, r1), a23 = Avx2.UnpackLow(r2, r3), b23 = Avx2.UnpackHigh(r2, r3);
        Vector256<int> a45 = Avx2.UnpackLow(r4, r5), b45 = Avx2.UnpackHigh(r4, r5), a67 = Avx2.UnpackLow(r6, r7), b67 = Avx2.UnpackHigh(r6, r7);
        Vector256<int> top0 = Low64(a01, a23), top1 = High64(a01, a23), top2 = Low64(b01, b23), top3 = High64(b01, b23);
        Vector256<int> end0 = Low64(a45, a67), end1 = High64(a45, a67), end2 = Low64(b45, b67), end3 = High64(b45, b67);
        (r0, r4) = (Avx2.Permute2x128(top0, end0, 0x20), Avx2.Permute2x128(top0, end0, 0x31));
        (r1, r5) = (Avx2.Permute2x128(top1, end1, 0x20), Avx2.Permute2x128(top1, end1, 0x31));
        (r2, r6) = (Avx2.Permute2x128(top2, end2, 0x20), Avx2.Permute2x128(top2, end2, 0x31));
        (r3, r7) = (Avx2.Permute2x128(top3, end3, 0x20), Avx2.Permute2x128(top3, end3, 0x31));
    }

    private static Vector256<int> Low64(Vector256<int> a, Vector256<int> b) => Avx2.UnpackLow(a.AsInt64(), b.AsInt64()).AsInt32();

    private static Vector256<int> High64(Vector256<int> a, Vector256<int> b) => Avx2.UnpackHigh(a.AsInt64(), b.AsInt64()).AsInt32();

    private static void TransposeByElements(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7)
    {
        ReadOnlySpan<Vector256<int>> rows = [r0, r1, r2, r3, r4, r5, r6, r7];
        Span<Vector256<int>> columns = stackalloc Vector256<int>[8];
        for (int i = 0; i < 8; i++)
            columns[i] = Vector256.Create(rows[0][i], rows[1][i], rows[2][i], rows[3][i], rows[4][i], rows[5][i], rows[6][i], rows[7][i]);
        (r0, r1, r2, r3) = (columns[0], columns[1], columns[2], columns[3]);
        (r4, r5, r6, r7) = (columns[4], columns[5], columns[6], columns[7]);
    }
}
