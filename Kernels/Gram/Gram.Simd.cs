using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Gram;

/// <summary>G = F·Fᵀ / M on blocked maps.</summary>
/// <remarks>
/// <para>A register tile is 8 rows i (4 with 16 registers) by two vectors j of G; per position, two vectors of F are loaded and each F[i] is
/// broadcast. Tiles below the diagonal are mirrored, not computed.</para>
/// <para>Memory: a group is few enough rows that a chunk of their channels stays in the second-level cache (maps of a power of two put the
/// same positions of all channels into the same sets of it), while each pair of columns comes by once and stays in the first.</para>
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
        pool.Run(channels, new MirrorJob { Channels = channels, Gram = gram });
    }

    private static int Side(int blocks) => (blocks + 1) / 2 * 2 * TSimd.Lanes;

    private static int Slices(int blocks, nint positions)
    {
        // Each slice has sums of its own: many where G is small, few where it is large.
        long chunks = (positions + ChunkPositions - 1) / ChunkPositions;
        long forThreads = Math.Min(Math.Clamp(1024 / (blocks * TSimd.Lanes), 1, Pieces), chunks);
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
                for (int pair = 0; pair < (F.Blocks + 1) / 2; pair++) Columns(pair, group, position, count, sums);
            }
        }

        /// <summary>Blocks are dealt to and fro: the first row of a triangle is the longest.</summary>
        private readonly bool IsOf(int block, int group)
        {
            int turn = block % (2 * Groups);
            return turn == group || turn == 2 * Groups - 1 - group;
        }

        private readonly void Columns(int pair, int group, nint position, int count, float* sums)
        {
            for (int block = 0; block < Math.Min(2 * pair + 2, F.Blocks); block++)
            {
                if (!IsOf(block, group)) continue;
                for (int i = 0; i < TSimd.Lanes; i += TileRows) Tile(block, i, pair, position, count, sums + (nint)block * TSimd.Lanes * Side);
            }
        }

        private readonly void Tile(int block, int i, int pair, nint position, int count, float* rows)
        {
            float* a = F.Start + (block * F.Positions + position) * TSimd.Lanes + i;
            float* b0 = F.Start + (2 * pair * F.Positions + position) * TSimd.Lanes;
            // The last of an odd number of blocks is multiplied with itself twice; the second result is never read.
            float* b1 = 2 * pair + 1 < F.Blocks ? b0 + F.Positions * TSimd.Lanes : b0;
            float* sums = rows + (nint)i * Side + 2 * pair * TSimd.Lanes;
            if (TSimd.HasManyRegisters) Tile8(a, b0, b1, count, sums, Side);
            else Tile4(a, b0, b1, count, sums, Side);
        }

        private static void Tile8(float* a, float* b0, float* b1, int count, float* sums, int side)
        {
            TVector p0 = TSimd.Zero, p1 = p0, p2 = p0, p3 = p0, p4 = p0, p5 = p0, p6 = p0, p7 = p0;
            TVector q0 = p0, q1 = p0, q2 = p0, q3 = p0, q4 = p0, q5 = p0, q6 = p0, q7 = p0;
            for (; count > 0; count--, a += TSimd.Lanes, b0 += TSimd.Lanes, b1 += TSimd.Lanes)
            {
                TVector v0 = TSimd.Load(b0), v1 = TSimd.Load(b1);
                Step(a, v0, v1, ref p0, ref q0);
                Step(a + 1, v0, v1, ref p1, ref q1);
                Step(a + 2, v0, v1, ref p2, ref q2);
                Step(a + 3, v0, v1, ref p3, ref q3);
                Step(a + 4, v0, v1, ref p4, ref q4);
                Step(a + 5, v0, v1, ref p5, ref q5);
                Step(a + 6, v0, v1, ref p6, ref q6);
                Step(a + 7, v0, v1, ref p7, ref q7);
            }
            AddRow(sums, p0, q0);
            AddRow(sums + side, p1, q1);
            AddRow(sums + 2 * side, p2, q2);
            AddRow(sums + 3 * side, p3, q3);
            AddRow(sums + 4 * side, p4, q4);
            AddRow(sums + 5 * side, p5, q5);
            AddRow(sums + 6 * side, p6, q6);
            AddRow(sums + 7 * side, p7, q7);
        }

        private static void Tile4(float* a, float* b0, float* b1, int count, float* sums, int side)
        {
            TVector p0 = TSimd.Zero, p1 = p0, p2 = p0, p3 = p0, q0 = p0, q1 = p0, q2 = p0, q3 = p0;
            for (; count > 0; count--, a += TSimd.Lanes, b0 += TSimd.Lanes, b1 += TSimd.Lanes)
            {
                TVector v0 = TSimd.Load(b0), v1 = TSimd.Load(b1);
                Step(a, v0, v1, ref p0, ref q0);
                Step(a + 1, v0, v1, ref p1, ref q1);
                Step(a + 2, v0, v1, ref p2, ref q2);
                Step(a + 3, v0, v1, ref p3, ref q3);
            }
            AddRow(sums, p0, q0);
            AddRow(sums + side, p1, q1);
            AddRow(sums + 2 * side, p2, q2);
            AddRow(sums + 3 * side, p3, q3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step(float* a, TVector v0, TVector v1, ref TVector p, ref TVector q)
        {
            TVector broadcast = TSimd.Create(*a);
            p = TSimd.MultiplyAdd(broadcast, v0, p);
            q = TSimd.MultiplyAdd(broadcast, v1, q);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void AddRow(float* sums, TVector p, TVector q)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(sums), p), sums);
            TSimd.Store(TSimd.Add(TSimd.Load(sums + TSimd.Lanes), q), sums + TSimd.Lanes);
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
            float* row = Sums + (nint)item * Side;
            for (int j = item; j < Channels; j++)
            {
                double sum = 0;
                for (int slice = 0; slice < Slices; slice++) sum += row[(nint)slice * Side * Side + j];
                Gram[(nint)item * Channels + j] = (float)(sum / Positions);
            }
        }
    }

    /// <summary>An item is a row of G up to the diagonal. Reading columns is what costs; two threads never write to one line of the cache.</summary>
    private struct MirrorJob : IJob
    {
        public int Channels;
        public float* Gram;

        public readonly void Run(int item, int worker)
        {
            float* row = Gram + (nint)item * Channels, column = Gram + item;
            for (int j = 0; j < item; j++) row[j] = column[(nint)j * Channels];
        }
    }
}
