using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static GatysGpu.Engine.Imaging.DctConstants;

namespace GatysGpu.Engine.Imaging;

/// <summary>Samples to quantised coefficients: S(u,v) = ¼ C(u) C(v) Σ_x Σ_y (s(x,y) − 128) cos((2x+1)uπ/16) cos((2y+1)vπ/16),
/// C(0) = 1/√2, otherwise 1 (T.81, A.3.3), in integers. See <see cref="DctConstants"/>.</summary>
internal static class ForwardDct
{
    /// <summary>Transforms and quantises one block.</summary>
    /// <param name="samples">Its first sample and what follows, 128 subtracted.</param>
    /// <param name="stride">Samples from row to row.</param>
    /// <param name="steps">Quantisation steps, natural order.</param>
    /// <param name="block">64 coefficients in zigzag order: S/q to the nearest, halves away from zero. Overwritten.</param>
    public static void Transform(ReadOnlySpan<int> samples, int stride, ReadOnlySpan<int> steps, Span<short> block)
    {
        Vector256<int> r0 = Vector256.Create(samples), r1 = Vector256.Create(samples[stride..]);
        Vector256<int> r2 = Vector256.Create(samples[(2 * stride)..]), r3 = Vector256.Create(samples[(3 * stride)..]);
        Vector256<int> r4 = Vector256.Create(samples[(4 * stride)..]), r5 = Vector256.Create(samples[(5 * stride)..]);
        Vector256<int> r6 = Vector256.Create(samples[(6 * stride)..]), r7 = Vector256.Create(samples[(7 * stride)..]);

        // Rows first, as libjpeg does: the rounding between the passes depends on the order.
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, ConstantBits - PassBits);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, ConstantBits + PassBits);

        Span<int> natural = stackalloc int[64];
        Quantise(r0, steps, natural);
        Quantise(r1, steps[8..], natural[8..]);
        Quantise(r2, steps[16..], natural[16..]);
        Quantise(r3, steps[24..], natural[24..]);
        Quantise(r4, steps[32..], natural[32..]);
        Quantise(r5, steps[40..], natural[40..]);
        Quantise(r6, steps[48..], natural[48..]);
        Quantise(r7, steps[56..], natural[56..]);
        ReadOnlySpan<byte> order = JpegZigzag.ToNatural;
        for (int k = 0; k < 64; k++) block[k] = (short)natural[order[k]];
    }

    /// <summary>The two passes leave 8·S. Float division is exact enough: |8·S| is below 2¹⁴ and the quotient's distance from a
    /// half is 0 or at least 1/(8q), many times its last bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quantise(Vector256<int> row, ReadOnlySpan<int> steps, Span<int> to)
    {
        Vector256<float> divisor = Vector256.ConvertToSingle(Vector256.Create(steps) << 3);
        Vector256<int> sign = row >> 31, magnitude = (row ^ sign) - sign;
        Vector256<float> quotient = Vector256.ConvertToSingle(magnitude) / divisor + Vector256.Create(0.5f);
        ((Vector256.ConvertToInt32(quotient) ^ sign) - sign).CopyTo(to);   // the conversion cuts off the fraction
    }

    /// <summary>Eight one-dimensional transforms, one a lane; r0 to r7 are the samples before and the frequencies after.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7, int bits)
    {
        Vector256<int> s07 = r0 + r7, s16 = r1 + r6, s25 = r2 + r5, s34 = r3 + r4;
        Vector256<int> d07 = r0 - r7, d16 = r1 - r6, d25 = r2 - r5, d34 = r3 - r4;

        // Even frequencies, of the sums.
        Vector256<int> outer = s07 + s34, inner = s16 + s25, outerD = s07 - s34, innerD = s16 - s25;
        Vector256<int> rotation = (innerD + outerD) * C6Root2;
        (r0, r4) = (Descale(outer + inner << ConstantBits, bits), Descale(outer - inner << ConstantBits, bits));
        (r2, r6) = (Descale(rotation + outerD * C2MinusC6Root2, bits), Descale(rotation - innerD * C2PlusC6Root2, bits));

        // Odd frequencies, of the differences: the inverse's network read backwards.
        Vector256<int> all = (d34 + d25 + d16 + d07) * C3Root2;
        Vector256<int> pair73 = all - (d34 + d16) * OddPair37, pair51 = all - (d25 + d07) * OddPair15;
        Vector256<int> pair71 = (d34 + d07) * OddPair17, pair53 = (d25 + d16) * OddPair35;
        r7 = Descale(d34 * OddSame7 - pair71 + pair73, bits);
        r5 = Descale(d25 * OddSame5 - pair53 + pair51, bits);
        r3 = Descale(d16 * OddSame3 - pair53 + pair73, bits);
        r1 = Descale(d07 * OddSame1 - pair71 + pair51, bits);
    }
}
