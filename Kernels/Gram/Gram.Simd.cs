using System.Numerics;
using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Gram;

/// <summary>G = F·Fᵀ / M on blocked maps.</summary>
/// <remarks>
/// <para>A register tile is 8 rows i (4 with 16 registers) by up to three vectors j of G; per position, each vector of F is
/// loaded and each F[i] is broadcast. Tiles below the diagonal are mirrored, not computed: columns come in threes from the last
/// block on, so that the first columns may be fewer, and a tile on the diagonal begins at its own block.</para>
/// <para>Memory: a group is few enough rows that a chunk of their channels stays in the second-level cache, while each three
/// columns come by once and stay in the first; the next three are asked for meanwhile.</para>
/// <para>Rounding: a chunk is summed in registers, then added to the slice's sums, all in float32; slices are added in float64. The
/// numbers of slices and groups depend on the shape alone and slices are added in order, so the result does not depend on the number
/// of threads.</para>
/// </remarks>
internal static unsafe class GramProduct<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    private const int ChunkPositions = 128;

    /// <summary>Chunks that one float32 sum is made of at most: what bounds its rounding error.</summary>
    private const int SliceChunks = 512;

    /// <summary>Pieces that the work is cut into at least, where there are so many: slices of the positions, and groups of rows.</summary>
    private const int Pieces = 16;

    /// <summary>Vectors of a tile's row at most.</summary>
    private const int TileVectors = 3;

    private static int TileRows => TSimd.HasManyRegisters ? 8 : 4;

    /// <summary>Bytes of scratch memory for all workers together: the slices' sums.</summary>
    public static long ScratchBytes(int blocks, nint positions) => (long)Slices(blocks, positions) * Side(blocks) * Side(blocks) * sizeof(float);

    /// <summary>Multiplies.</summary>
    /// <param name="pool">Who works.</param>
    /// <param name="f">F.</param>
    /// <param name="channels">C.</param>
    /// <param name="gram">G, [C, C]. Overwritten.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    public static void Run(WorkerPool pool, BlockedMap f, int channels, float* gram, byte* scratch)
    {
        int slices = Slices(f.Blocks, f.Positions), side = Side(f.Blocks);
        int groups = Math.Min((Pieces + slices - 1) / slices, (f.Blocks + 1) / 2);
        pool.Run(slices * groups, new SliceJob { F = f, Slices = slices, Groups = groups, Side = side, Sums = (float*)scratch });
        pool.Run(channels, new ReduceJob { Sums = (float*)scratch, Slices = slices, Side = side, Channels = channels, Positions = f.Positions, Gram = gram });
        pool.Run((channels + MirrorJob.Rows - 1) / MirrorJob.Rows, new MirrorJob { Channels = channels, Gram = gram });
    }

    private static int Side(int blocks) => blocks * TSimd.Lanes;

    private static int Slices(int blocks, nint positions)
    {
        // Each slice has sums of its own: many where G is small, few where it is large, or where there is little to sum.
        long chunks = (positions + ChunkPositions - 1) / ChunkPositions;
        long forThreads = Math.Clamp(Math.Min(2048 / (blocks * TSimd.Lanes), chunks / 16), 1, Pieces);
        return (int)Math.Max(forThreads, (chunks + SliceChunks - 1) / SliceChunks);
    }

    /// <summary>An item is a group of rows, whole blocks of channels, over one slice of the positions.</summary>
    private struct SliceJob : IJob
    {
        public BlockedMap F;
        public int Slices, Groups, Side;
        public float* Sums;

        public readonly void Run(int item, int worker)
        {
            int slice = item / Groups, group = item % Groups;
            nint chunks = (F.Positions + ChunkPositions - 1) / ChunkPositions;
            nint first = chunks * slice / Slices, end = chunks * (slice + 1) / Slices;
            float* sums = Sums + (nint)slice * Side * Side;
            for (int block = 0; block < F.Blocks; block++)
                if (IsOf(block, group)) new Span<float>(sums + (nint)block * TSimd.Lanes * Side, TSimd.Lanes * Side).Clear();
            for (nint chunk = first; chunk < end; chunk++)
            {
                nint position = chunk * ChunkPositions;
                int count = (int)Math.Min(ChunkPositions, F.Positions - position);
                int column = 0;
                for (int width = FirstWidth; column < F.Blocks; column += width, width = TileVectors)
                    Columns(column, width, group, position, count, sums);
            }
        }

        /// <summary>Blocks of the first columns, such that threes are left.</summary>
        private readonly int FirstWidth => F.Blocks % TileVectors == 0 ? TileVectors : F.Blocks % TileVectors;

        /// <summary>Blocks are dealt to and fro: the first row of a triangle is the longest.</summary>
        private readonly bool IsOf(int block, int group)
        {
            int turn = block % (2 * Groups);
            return turn == group || turn == 2 * Groups - 1 - group;
        }

        private readonly void Columns(int column, int width, int group, nint position, int count, float* sums)
        {
            // What comes next: the three columns after these, or the first of the next chunk; each tile asks for a block.
            int ahead = column + width < F.Blocks ? column + width : 0, endAhead = ahead > 0 ? ahead + TileVectors : FirstWidth;
            nint positionAhead = ahead > 0 ? position : position + ChunkPositions;
            for (int block = 0; block < column + width; block++)
            {
                if (!IsOf(block, group)) continue;
                int first = Math.Max(block, column);
                float* to = sums + (nint)block * TSimd.Lanes * Side + first * TSimd.Lanes;
                for (int i = 0; i < TSimd.Lanes; i += TileRows, to += TileRows * Side)
                {
                    float* a = At(block, position) + i, b = At(first, position);
                    float* near = ahead < endAhead ? At(ahead++, positionAhead) : a;
                    switch (column + width - first)
                    {
                        case 3: Tile<Count3>(a, b, near, count, to); break;
                        case 2: Tile<Count2>(a, b, near, count, to); break;
                        default: Tile<Count1>(a, b, near, count, to); break;
                    }
                }
            }
        }

        private readonly float* At(int block, nint position) => F.Start + (block * F.Step + position) * TSimd.Lanes;

        private readonly void Tile<TVectors>(float* a, float* b, float* near, int count, float* sums) where TVectors : ICount
        {
            TVector p0 = TSimd.Zero, p1 = p0, p2 = p0, p3 = p0, p4 = p0, p5 = p0, p6 = p0, p7 = p0;
            TVector q0 = p0, q1 = p0, q2 = p0, q3 = p0, q4 = p0, q5 = p0, q6 = p0, q7 = p0;
            TVector r0 = p0, r1 = p0, r2 = p0, r3 = p0, r4 = p0, r5 = p0, r6 = p0, r7 = p0;
            float* b1 = b + F.Step * TSimd.Lanes, b2 = b1 + F.Step * TSimd.Lanes;
            for (nint x = 0; x < count * TSimd.Lanes; x += TSimd.Lanes)
            {
                TVector v0 = TSimd.Load(b + x);
                TVector v1 = TVectors.Value > 1 ? TSimd.Load(b1 + x) : v0, v2 = TVectors.Value > 2 ? TSimd.Load(b2 + x) : v0;
                CacheLines.Prefetch(near + x);
                Step<TVectors>(a + x, v0, v1, v2, ref p0, ref q0, ref r0);
                Step<TVectors>(a + x + 1, v0, v1, v2, ref p1, ref q1, ref r1);
                Step<TVectors>(a + x + 2, v0, v1, v2, ref p2, ref q2, ref r2);
                Step<TVectors>(a + x + 3, v0, v1, v2, ref p3, ref q3, ref r3);
                if (!TSimd.HasManyRegisters) continue;
                Step<TVectors>(a + x + 4, v0, v1, v2, ref p4, ref q4, ref r4);
                Step<TVectors>(a + x + 5, v0, v1, v2, ref p5, ref q5, ref r5);
                Step<TVectors>(a + x + 6, v0, v1, v2, ref p6, ref q6, ref r6);
                Step<TVectors>(a + x + 7, v0, v1, v2, ref p7, ref q7, ref r7);
            }
            AddRow<TVectors>(sums, p0, q0, r0);
            AddRow<TVectors>(sums + Side, p1, q1, r1);
            AddRow<TVectors>(sums + 2 * Side, p2, q2, r2);
            AddRow<TVectors>(sums + 3 * Side, p3, q3, r3);
            if (!TSimd.HasManyRegisters) return;
            AddRow<TVectors>(sums + 4 * Side, p4, q4, r4);
            AddRow<TVectors>(sums + 5 * Side, p5, q5, r5);
            AddRow<TVectors>(sums + 6 * Side, p6, q6, r6);
            AddRow<TVectors>(sums + 7 * Side, p7, q7, r7);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step<TVectors>(float* a, TVector v0, TVector v1, TVector v2,
            ref TVector p, ref TVector q, ref TVector r) where TVectors : ICount
        {
            TVector broadcast = TSimd.Create(*a);
            p = TSimd.MultiplyAdd(broadcast, v0, p);
            if (TVectors.Value > 1) q = TSimd.MultiplyAdd(broadcast, v1, q);
            if (TVectors.Value > 2) r = TSimd.MultiplyAdd(broadcast, v2, r);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void AddRow<TVectors>(float* sums, TVector p, TVector q, TVector r) where TVectors : ICount
        {
            TSimd.Store(TSimd.Add(TSimd.Load(sums), p), sums);
            if (TVectors.Value > 1) TSimd.Store(TSimd.Add(TSimd.Load(sums + TSimd.Lanes), q), sums + TSimd.Lanes);
            if (TVectors.Value > 2) TSimd.Store(TSimd.Add(TSimd.Load(sums + 2 * TSimd.Lanes), r), sums + 2 * TSimd.Lanes);
        }
    }

    /// <summary>An item is a row of G from the diagonal on.</summary>
    private struct ReduceJob : IJob
    {
        public float* Sums;
        public int Slices, Side, Channels;
        public nint Positions;
        public float* Gram;

        public readonly void Run(int item, int worker)
        {
            float* row = Sums + (nint)item * Side, to = Gram + (nint)item * Channels;
            Vector<double> scale = new(1.0 / Positions);
            int j = item;
            for (; j + Vector<float>.Count <= Channels; j += Vector<float>.Count)
            {
                Vector<double> low = Vector<double>.Zero, high = low;
                for (int slice = 0; slice < Slices; slice++)
                {
                    Vector<float> sums = Vector.Load(row + (nint)slice * Side * Side + j);
                    Vector.Widen(sums, out Vector<double> first, out Vector<double> second);
                    (low, high) = (low + first, high + second);
                }
                Vector.Store(Vector.Narrow(low * scale, high * scale), to + j);
            }
            for (; j < Channels; j++)
            {
                double sum = 0;
                for (int slice = 0; slice < Slices; slice++) sum += row[(nint)slice * Side * Side + j];
                to[j] = (float)(sum * scale[0]);
            }
        }
    }

    /// <summary>An item is some rows of G up to the diagonal, as many as a line of the cache has values: columns are what is
    /// read, a square at a time.</summary>
    private struct MirrorJob : IJob
    {
        public const int Rows = 16;

        public int Channels;
        public float* Gram;

        public readonly void Run(int item, int worker)
        {
            int first = item * Rows, end = Math.Min(first + Rows, Channels);
            for (int square = 0; square < end; square += Rows)
                for (int j = square; j < Math.Min(square + Rows, end); j++)
                    for (int i = Math.Max(first, j + 1); i < end; i++)
                        Gram[(nint)i * Channels + j] = Gram[(nint)j * Channels + i];
        }
    }
}
