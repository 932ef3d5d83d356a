using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Simd;

/// <summary>Shapes of the register tiles.</summary>
internal static class RegisterTile
{
    /// <summary>Rows are always made in multiples of this; buffers are padded to it.</summary>
    public const int RowStep = 4;

    /// <summary>So many rows and those that fill them up to a multiple of <see cref="RowStep"/>.</summary>
    public static int Padded(int rows) => (rows + RowStep - 1) & -RowStep;

    /// <summary>Vectors of a tile's row, which are also the blocks of outputs that b is packed in.</summary>
    /// <param name="blocks">⌈outputs / lanes⌉: of one or two blocks, two more would be zeros.</param>
    /// <param name="lanes">L; 16 lanes are AVX-512, the one instruction set with 32 registers.</param>
    public static int Vectors(int blocks, int lanes) => lanes == 16 && blocks > 2 ? 4 : 2;

    /// <summary>Groups of <see cref="Vectors"/> blocks.</summary>
    public static int Groups(int blocks, int lanes) => (blocks + Vectors(blocks, lanes) - 1) / Vectors(blocks, lanes);
}

/// <summary>The inner loop of every matrix product of the CPU device:
/// y[t, n] = Σ_p Σ_c a[p, t, c] · b[p, c, n], n two vectors or four.</summary>
/// <remarks>
/// <para>Per step c a tile loads its vectors of b; each a is broadcast and multiplied into all of them. The sums stay in
/// registers: with 32, 6 rows of four vectors (or 12 of two), 24 sums; with 16, 6 rows of two. 6 by 4 takes 10 loads for 24 fused
/// multiply-adds, 12 by 2 takes 14: where another thread shares the core, the time goes with the number of instructions, 37 to
/// 41.</para>
/// <para>a is blocked: p counts blocks of <c>Lanes</c> channels, c the channels of one block, so a[p, t, c] stands at
/// p·aPanel + t·Lanes + c. b is packed in the order in which it is read: [p, c, V·Lanes].</para>
/// </remarks>
internal static unsafe class RegisterTile<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Channels whose products are summed in one go; longer sums are made of several, which rounds less, and keeps b's
    /// part, 16 KiB at most, in the first-level cache.</summary>
    private static int SumChannels(int vectors) => vectors == 4 ? 64 : 128;

    /// <summary>Makes y, or adds to it, for any multiple of <see cref="RegisterTile.RowStep"/> rows.</summary>
    /// <param name="a">Block 0, row 0.</param>
    /// <param name="aPanel">Floats from one block to the next.</param>
    /// <param name="panels">Number of blocks.</param>
    /// <param name="b">Packed [panels, Lanes, V·Lanes].</param>
    /// <param name="vectors">V, from <see cref="RegisterTile.Vectors"/>.</param>
    /// <param name="y">Row t, first vector at t·Lanes. Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="yVector">Floats from one vector of a row to the next.</param>
    /// <param name="rows">A multiple of <see cref="RegisterTile.RowStep"/>.</param>
    /// <param name="accumulate">Whether to add to what y holds.</param>
    /// <param name="next">The b of the product after this one, brought nearer meanwhile; or null.</param>
    public static void Multiply(float* a, nint aPanel, int panels, float* b, int vectors, float* y, nint yVector, int rows,
        bool accumulate, float* next = null)
    {
        int most = SumChannels(vectors) / TSimd.Lanes;
        for (int first = 0; first < panels; first += most)
        {
            int some = Math.Min(most, panels - first);
            nint floats = (nint)some * TSimd.Lanes * vectors * TSimd.Lanes;
            Sum(a + first * aPanel, aPanel, some, b, vectors, y, yVector, rows, accumulate || first > 0,
                first + some < panels ? b + floats : next);
            b += floats;
        }
    }

    private static void Sum(float* a, nint aPanel, int panels, float* b, int vectors, float* y, nint yVector, int rows,
        bool accumulate, float* next)
    {
        int count;
        for (int t = 0; t < rows; t += count, a += count * TSimd.Lanes, y += count * TSimd.Lanes)
        {
            count = Rows(rows - t, vectors);
            if (next != null)
            {
                nint share = (nint)panels * TSimd.Lanes * vectors * TSimd.Lanes * count / rows;
                CacheLines.Prefetch(next, share);
                next += share;
            }
            switch (count)
            {
                case 12: Narrow<Count12>(a, aPanel, panels, b, y, yVector, accumulate); break;
                case 8: Narrow<Count8>(a, aPanel, panels, b, y, yVector, accumulate); break;
                case 6 when vectors == 4: Wide<Count6>(a, aPanel, panels, b, y, yVector, accumulate); break;
                case 6: Narrow<Count6>(a, aPanel, panels, b, y, yVector, accumulate); break;
                case 4 when vectors == 4: Wide<Count4>(a, aPanel, panels, b, y, yVector, accumulate); break;
                default: Narrow<Count4>(a, aPanel, panels, b, y, yVector, accumulate); break;
            }
        }
    }

    /// <summary>Rows of the next tile, of so many that are left.</summary>
    private static int Rows(int left, int vectors)
    {
        if (TSimd.HasManyRegisters && vectors == 2) return left >= 12 ? 12 : left >= 8 ? 8 : 4;
        // 6s as long as a multiple of 4 can be left over.
        return left >= 6 && left != 8 ? 6 : 4;
    }

    /// <summary>4 or 6 rows of four vectors.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Wide<TRows>(float* a, nint aPanel, int panels, float* b, float* y, nint yVector, bool accumulate)
        where TRows : ICount
    {
        TVector p0 = TSimd.Zero, p1 = p0, p2 = p0, p3 = p0, p4 = p0, p5 = p0;
        TVector q0 = p0, q1 = p0, q2 = p0, q3 = p0, q4 = p0, q5 = p0;
        TVector r0 = p0, r1 = p0, r2 = p0, r3 = p0, r4 = p0, r5 = p0, s0 = p0, s1 = p0, s2 = p0, s3 = p0, s4 = p0, s5 = p0;
        for (; panels > 0; panels--, a += aPanel)
        {
            float* end = a + TSimd.Lanes;
            for (float* t = a; t < end; t++, b += 4 * TSimd.Lanes)
            {
                TVector b0 = TSimd.Load(b), b1 = TSimd.Load(b + TSimd.Lanes);
                TVector b2 = TSimd.Load(b + 2 * TSimd.Lanes), b3 = TSimd.Load(b + 3 * TSimd.Lanes);
                Step(t, b0, b1, b2, b3, ref p0, ref q0, ref r0, ref s0);
                Step(t + TSimd.Lanes, b0, b1, b2, b3, ref p1, ref q1, ref r1, ref s1);
                Step(t + 2 * TSimd.Lanes, b0, b1, b2, b3, ref p2, ref q2, ref r2, ref s2);
                Step(t + 3 * TSimd.Lanes, b0, b1, b2, b3, ref p3, ref q3, ref r3, ref s3);
                if (TRows.Value > 4)
                {
                    Step(t + 4 * TSimd.Lanes, b0, b1, b2, b3, ref p4, ref q4, ref r4, ref s4);
                    Step(t + 5 * TSimd.Lanes, b0, b1, b2, b3, ref p5, ref q5, ref r5, ref s5);
                }
            }
        }
        Store<TRows>(y, accumulate, p0, p1, p2, p3, p4, p5);
        Store<TRows>(y + yVector, accumulate, q0, q1, q2, q3, q4, q5);
        Store<TRows>(y + 2 * yVector, accumulate, r0, r1, r2, r3, r4, r5);
        Store<TRows>(y + 3 * yVector, accumulate, s0, s1, s2, s3, s4, s5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(float* a, TVector b0, TVector b1, TVector b2, TVector b3,
        ref TVector p, ref TVector q, ref TVector r, ref TVector s)
    {
        TVector v = TSimd.Create(*a);
        p = TSimd.MultiplyAdd(v, b0, p);
        q = TSimd.MultiplyAdd(v, b1, q);
        r = TSimd.MultiplyAdd(v, b2, r);
        s = TSimd.MultiplyAdd(v, b3, s);
    }

    /// <summary>One vector of every row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRows>(float* y, bool accumulate,
        TVector v0, TVector v1, TVector v2, TVector v3, TVector v4, TVector v5) where TRows : ICount
    {
        if (accumulate)
        {
            v0 = TSimd.Add(v0, TSimd.Load(y));
            v1 = TSimd.Add(v1, TSimd.Load(y + TSimd.Lanes));
            v2 = TSimd.Add(v2, TSimd.Load(y + 2 * TSimd.Lanes));
            v3 = TSimd.Add(v3, TSimd.Load(y + 3 * TSimd.Lanes));
            if (TRows.Value > 4)
            {
                v4 = TSimd.Add(v4, TSimd.Load(y + 4 * TSimd.Lanes));
                v5 = TSimd.Add(v5, TSimd.Load(y + 5 * TSimd.Lanes));
            }
        }
        TSimd.Store(v0, y);
        TSimd.Store(v1, y + TSimd.Lanes);
        TSimd.Store(v2, y + 2 * TSimd.Lanes);
        TSimd.Store(v3, y + 3 * TSimd.Lanes);
        if (TRows.Value > 4) { TSimd.Store(v4, y + 4 * TSimd.Lanes); TSimd.Store(v5, y + 5 * TSimd.Lanes); }
    }

    /// <summary>4 to 12 rows of two vectors.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Narrow<TRows>(float* a, nint aPanel, int panels, float* b, float* y, nint yVector, bool accumulate)
        where TRows : ICount
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
                if (TRows.Value > 4)
                {
                    Step(s + 4 * TSimd.Lanes, b0, b1, ref p4, ref q4);
                    Step(s + 5 * TSimd.Lanes, b0, b1, ref p5, ref q5);
                }
                if (TRows.Value > 6)
                {
                    Step(s + 6 * TSimd.Lanes, b0, b1, ref p6, ref q6);
                    Step(s + 7 * TSimd.Lanes, b0, b1, ref p7, ref q7);
                }
                if (TRows.Value > 8)
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
            AddRow(y, yVector, 0, ref p0, ref q0);
            AddRow(y, yVector, 1, ref p1, ref q1);
            AddRow(y, yVector, 2, ref p2, ref q2);
            AddRow(y, yVector, 3, ref p3, ref q3);
            if (TRows.Value > 4) { AddRow(y, yVector, 4, ref p4, ref q4); AddRow(y, yVector, 5, ref p5, ref q5); }
            if (TRows.Value > 6) { AddRow(y, yVector, 6, ref p6, ref q6); AddRow(y, yVector, 7, ref p7, ref q7); }
            if (TRows.Value > 8)
            {
                AddRow(y, yVector, 8, ref p8, ref q8);
                AddRow(y, yVector, 9, ref p9, ref q9);
                AddRow(y, yVector, 10, ref p10, ref q10);
                AddRow(y, yVector, 11, ref p11, ref q11);
            }
        }
        StoreRow(y, yVector, 0, p0, q0);
        StoreRow(y, yVector, 1, p1, q1);
        StoreRow(y, yVector, 2, p2, q2);
        StoreRow(y, yVector, 3, p3, q3);
        if (TRows.Value > 4) { StoreRow(y, yVector, 4, p4, q4); StoreRow(y, yVector, 5, p5, q5); }
        if (TRows.Value > 6) { StoreRow(y, yVector, 6, p6, q6); StoreRow(y, yVector, 7, p7, q7); }
        if (TRows.Value > 8)
        {
            StoreRow(y, yVector, 8, p8, q8);
            StoreRow(y, yVector, 9, p9, q9);
            StoreRow(y, yVector, 10, p10, q10);
            StoreRow(y, yVector, 11, p11, q11);
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
    private static void AddRow(float* y, nint yVector, int row, ref TVector p, ref TVector q)
    {
        p = TSimd.Add(p, TSimd.Load(y + row * TSimd.Lanes));
        q = TSimd.Add(q, TSimd.Load(y + row * TSimd.Lanes + yVector));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* y, nint yVector, int row, TVector p, TVector q)
    {
        TSimd.Store(p, y + row * TSimd.Lanes);
        TSimd.Store(q, y + row * TSimd.Lanes + yVector);
    }
}
