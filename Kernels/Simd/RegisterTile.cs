using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Simd;

/// <summary>Rows of a register tile, as a type, so that each count becomes its own straight-line code.</summary>
internal interface IRows
{
    /// <summary>1 to 12.</summary>
    static abstract int Count { get; }
}

internal readonly struct Rows12 : IRows { public static int Count => 12; }

internal readonly struct Rows8 : IRows { public static int Count => 8; }

internal readonly struct Rows6 : IRows { public static int Count => 6; }

internal readonly struct Rows4 : IRows { public static int Count => 4; }

/// <summary>The inner loop of every matrix product of the CPU device:
/// y[t, n] = Σ_p Σ_c a[p, t, c] · b[p, c, n], t up to 12 rows, n two vectors.</summary>
/// <remarks>
/// <para>Per step c: two vectors of b are loaded, each a is broadcast and multiplied into both: 12 broadcasts and 2 loads feed 24
/// fused multiply-adds, whose 24 sums stay in registers (28 of the 32 of AVX-512; 6 rows fit the 16 registers of narrower sets).</para>
/// <para>a is blocked: p counts blocks of <c>Lanes</c> channels, c the channels of one block, so a[p, t, c] stands at
/// p·aPanel + t·Lanes + c. b is packed in the order in which it is read: [p, c, 2·Lanes].</para>
/// </remarks>
internal static unsafe class RegisterTile<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Rows are always made in multiples of this; buffers are padded to it.</summary>
    public const int RowStep = 4;

    /// <summary>Makes y, or adds to it, for any multiple of <see cref="RowStep"/> rows.</summary>
    /// <param name="a">Block 0, row 0.</param>
    /// <param name="aPanel">Floats from one block to the next.</param>
    /// <param name="panels">Number of blocks.</param>
    /// <param name="b">Packed [panels, Lanes, 2·Lanes].</param>
    /// <param name="y">Row t, first vector at t·Lanes. Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="ySecond">Floats from the first vector of a row to its second.</param>
    /// <param name="rows">A multiple of <see cref="RowStep"/>.</param>
    /// <param name="accumulate">Whether to add to what y holds: a long sum made of several short ones also rounds less.</param>
    public static void Multiply(float* a, nint aPanel, int panels, float* b, float* y, nint ySecond, int rows, bool accumulate)
    {
        int t = 0;
        if (TSimd.HasManyRegisters)
        {
            for (; t + 12 <= rows; t += 12) Block<Rows12>(a + t * TSimd.Lanes, aPanel, panels, b, y + t * TSimd.Lanes, ySecond, accumulate);
            if (t + 8 <= rows) { Block<Rows8>(a + t * TSimd.Lanes, aPanel, panels, b, y + t * TSimd.Lanes, ySecond, accumulate); t += 8; }
        }
        else
        {
            // 6s as long as a multiple of 4 can be left over.
            for (; rows - t >= 6 && rows - t != 8; t += 6) Block<Rows6>(a + t * TSimd.Lanes, aPanel, panels, b, y + t * TSimd.Lanes, ySecond, accumulate);
        }
        for (; t < rows; t += 4) Block<Rows4>(a + t * TSimd.Lanes, aPanel, panels, b, y + t * TSimd.Lanes, ySecond, accumulate);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Block<TRows>(float* a, nint aPanel, int panels, float* b, float* y, nint ySecond, bool accumulate) where TRows : IRows
    {
        TVector p0 = TSimd.Zero, p1 = p0, p2 = p0, p3 = p0, p4 = p0, p5 = p0, p6 = p0, p7 = p0, p8 = p0, p9 = p0, p10 = p0, p11 = p0;
        TVector q0 = p0, q1 = p0, q2 = p0, q3 = p0, q4 = p0, q5 = p0, q6 = p0, q7 = p0, q8 = p0, q9 = p0, q10 = p0, q11 = p0;
        for (; panels > 0; panels--, a += aPanel)
        {
            float* end = a + TSimd.Lanes;
            for (float* s = a; s < end; s++, b += 2 * TSimd.Lanes)
            {
                TVector b0 = TSimd.Load(b), b1 = TSimd.Load(b + TSimd.Lanes);
                Step(s, b0, b1, ref p0, ref q0);
                Step(s + TSimd.Lanes, b0, b1, ref p1, ref q1);
                Step(s + 2 * TSimd.Lanes, b0, b1, ref p2, ref q2);
                Step(s + 3 * TSimd.Lanes, b0, b1, ref p3, ref q3);
                if (TRows.Count > 4)
                {
                    Step(s + 4 * TSimd.Lanes, b0, b1, ref p4, ref q4);
                    Step(s + 5 * TSimd.Lanes, b0, b1, ref p5, ref q5);
                }
                if (TRows.Count > 6)
                {
                    Step(s + 6 * TSimd.Lanes, b0, b1, ref p6, ref q6);
                    Step(s + 7 * TSimd.Lanes, b0, b1, ref p7, ref q7);
                }
                if (TRows.Count > 8)
                {
                    Step(s + 8 * TSimd.Lanes, b0, b1, ref p8, ref q8);
                    Step(s + 9 * TSimd.Lanes, b0, b1, ref p9, ref q9);
                    Step(s + 10 * TSimd.Lanes, b0, b1, ref p10, ref q10);
                    Step(s + 11 * TSimd.Lanes, b0, b1, ref p11, ref q11);
                }
            }
        }
        if (accumulate)
        {
            AddRow(y, ySecond, 0, ref p0, ref q0);
            AddRow(y, ySecond, 1, ref p1, ref q1);
            AddRow(y, ySecond, 2, ref p2, ref q2);
            AddRow(y, ySecond, 3, ref p3, ref q3);
            if (TRows.Count > 4) { AddRow(y, ySecond, 4, ref p4, ref q4); AddRow(y, ySecond, 5, ref p5, ref q5); }
            if (TRows.Count > 6) { AddRow(y, ySecond, 6, ref p6, ref q6); AddRow(y, ySecond, 7, ref p7, ref q7); }
            if (TRows.Count > 8)
            {
                AddRow(y, ySecond, 8, ref p8, ref q8);
                AddRow(y, ySecond, 9, ref p9, ref q9);
                AddRow(y, ySecond, 10, ref p10, ref q10);
                AddRow(y, ySecond, 11, ref p11, ref q11);
            }
        }
        StoreRow(y, ySecond, 0, p0, q0);
        StoreRow(y, ySecond, 1, p1, q1);
        StoreRow(y, ySecond, 2, p2, q2);
        StoreRow(y, ySecond, 3, p3, q3);
        if (TRows.Count > 4) { StoreRow(y, ySecond, 4, p4, q4); StoreRow(y, ySecond, 5, p5, q5); }
        if (TRows.Count > 6) { StoreRow(y, ySecond, 6, p6, q6); StoreRow(y, ySecond, 7, p7, q7); }
        if (TRows.Count > 8)
        {
            StoreRow(y, ySecond, 8, p8, q8);
            StoreRow(y, ySecond, 9, p9, q9);
            StoreRow(y, ySecond, 10, p10, q10);
            StoreRow(y, ySecond, 11, p11, q11);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(float* a, TVector b0, TVector b1, ref TVector p, ref TVector q)
    {
        TVector v = TSimd.Create(*a);
        p = TSimd.MultiplyAdd(v, b0, p);
        q = TSimd.MultiplyAdd(v, b1, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(float* y, nint ySecond, int row, ref TVector p, ref TVector q)
    {
        p = TSimd.Add(p, TSimd.Load(y + row * TSimd.Lanes));
        q = TSimd.Add(q, TSimd.Load(y + row * TSimd.Lanes + ySecond));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* y, nint ySecond, int row, TVector p, TVector q)
    {
        TSimd.Store(p, y + row * TSimd.Lanes);
        TSimd.Store(q, y + row * TSimd.Lanes + ySecond);
    }
}
