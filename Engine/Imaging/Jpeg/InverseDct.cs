using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static GatysGpu.Engine.Imaging.DctConstants;

namespace GatysGpu.Engine.Imaging;

/// <summary>Coefficients to samples: s(x,y) = 128 + ¼ Σ_u Σ_v C(u) C(v) q(u,v) S(u,v) cos((2x+1)uπ/16) cos((2y+1)vπ/16),
/// C(0) = 1/√2, otherwise 1 (T.81, A.3.3), in integers. See <see cref="DctConstants"/>.</summary>
internal static class InverseDct
{
    /// <summary>Dequantises and transforms one block.</summary>
    /// <param name="block">64 coefficients, natural order.</param>
    /// <param name="steps">Quantisation steps, natural order.</param>
    /// <param name="samples">Its first sample and what follows. 8×8 samples are overwritten.</param>
    /// <param name="stride">Samples from row to row.</param>
    public static void Transform(ReadOnlySpan<short> block, ReadOnlySpan<int> steps, Span<byte> samples, int stride)
    {
        Vector256<int> r0 = Dequantised(block, steps, 0), r1 = Dequantised(block, steps, 1);
        Vector256<int> r2 = Dequantised(block, steps, 2), r3 = Dequantised(block, steps, 3);
        Vector256<int> r4 = Dequantised(block, steps, 4), r5 = Dequantised(block, steps, 5);
        Vector256<int> r6 = Dequantised(block, steps, 6), r7 = Dequantised(block, steps, 7);

        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, ConstantBits - PassBits);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, ConstantBits + PassBits + 3);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);

        Store(r0, samples);
        Store(r1, samples[stride..]);
        Store(r2, samples[(2 * stride)..]);
        Store(r3, samples[(3 * stride)..]);
        Store(r4, samples[(4 * stride)..]);
        Store(r5, samples[(5 * stride)..]);
        Store(r6, samples[(6 * stride)..]);
        Store(r7, samples[(7 * stride)..]);
    }

    /// <summary>The same for a block that has nothing but its mean.</summary>
    public static void TransformFlat(int mean, int step, Span<byte> samples, int stride)
    {
        // The first pass gives mean·step·2^PassBits exactly, the second divides by 8·2^PassBits.
        int bits = PassBits + 3;
        byte value = (byte)Math.Clamp((((mean * step) << PassBits) + (1 << (bits - 1)) >> bits) + 128, 0, 255);
        for (int y = 0; y < 8; y++) samples.Slice(y * stride, 8).Fill(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dequantised(ReadOnlySpan<short> block, ReadOnlySpan<int> steps, int row)
    {
        Vector128<short> narrow = Vector128.Create(block.Slice(8 * row, 8));
        (Vector128<int> left, Vector128<int> right) = Vector128.Widen(narrow);
        return Vector256.Create(left, right) * Vector256.Create(steps.Slice(8 * row, 8));
    }

    /// <summary>Eight one-dimensional transforms, one a lane; r0 to r7 are the frequencies before and the samples after.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7, int bits)
    {
        // Even frequencies: a butterfly of 0 and 4, a rotation of 2 and 6.
        Vector256<int> rotation = (r2 + r6) * C6Root2;
        Vector256<int> low = rotation - r6 * C2PlusC6Root2, high = rotation + r2 * C2MinusC6Root2;
        Vector256<int> sum = (r0 + r4) << ConstantBits, difference = (r0 - r4) << ConstantBits;
        Vector256<int> even0 = sum + high, even3 = sum - high, even1 = difference + low, even2 = difference - low;

        // Odd frequencies: each output is one own product and two that it shares with others.
        Vector256<int> all = (r7 + r3 + r5 + r1) * C3Root2;
        Vector256<int> pair73 = all - (r7 + r3) * OddPair37, pair51 = all - (r5 + r1) * OddPair15;
        Vector256<int> pair71 = (r7 + r1) * OddPair17, pair53 = (r5 + r3) * OddPair35;
        Vector256<int> odd3 = r7 * OddSame7 - pair71 + pair73, odd2 = r5 * OddSame5 - pair53 + pair51;
        Vector256<int> odd1 = r3 * OddSame3 - pair53 + pair73, odd0 = r1 * OddSame1 - pair71 + pair51;

        (r0, r7) = (Descale(even0 + odd0, bits), Descale(even0 - odd0, bits));
        (r1, r6) = (Descale(even1 + odd1, bits), Descale(even1 - odd1, bits));
        (r2, r5) = (Descale(even2 + odd2, bits), Descale(even2 - odd2, bits));
        (r3, r4) = (Descale(even3 + odd3, bits), Descale(even3 - odd3, bits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> row, Span<byte> samples)
    {
        Vector256<int> shifted = Vector256.Min(Vector256.Max(row + Vector256.Create(128), Vector256<int>.Zero), Vector256.Create(255));
        Vector128<ushort> words = Vector128.Narrow(shifted.GetLower().AsUInt32(), shifted.GetUpper().AsUInt32());
        Vector128.Narrow(words, words).GetLower().CopyTo(samples);
    }
}
