using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>3×3 convolution by <see cref="Winograd4x4"/>: transform a run of tiles, multiply at each of the 36 points, transform back.</summary>
/// <remarks>
/// <para>V[ξ] = Bᵀ d B for T tiles: [36, C/L, T, L]. M[ξ] = V[ξ]·U[ξ] by <see cref="RegisterTile{TSimd,TVector}"/>:
/// [36, K-group/L, T, L]. Y = Aᵀ M A. T and the group are chosen so that V and M stay in a core's second-level cache
/// while U streams past; T never changes what a tile's sums are.</para>
/// <para>A lane is a channel: of C in V, of K in M. Tiles that reach over the map's edge are gathered position by position.</para>
/// </remarks>
internal static unsafe class WinogradConvolution<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    private const int GroupChannels = 64;
    private const int MaximumTiles = 128;

    /// <summary>Channels whose products are summed in one go; longer sums are made of several, which rounds less.</summary>
    private const int SumChannels = 128;

    /// <summary>What one convolution is told.</summary>
    public struct Problem<TEpilogue> where TEpilogue : unmanaged, IConv3x3Epilogue<TVector>
    {
        public BlockedMap X;
        public Padding Padding;

        /// <summary>[36, pairs, C/L, L, 2L], from <see cref="Conv3x3Packing"/>.</summary>
        public float* Filters;
        public int OutputBlocks;

        /// <summary>Position of the input that the output domain's (0, 0) stands on: 0, or −1 with a ring around the map.</summary>
        public int Origin;
        public TEpilogue Epilogue;

        public readonly int OutputHeight => X.Height - 2 * Origin;
        public readonly int OutputWidth => X.Width - 2 * Origin;
    }

    /// <summary>Bytes of scratch memory one worker needs for this shape.</summary>
    public static long ScratchBytes(int inputBlocks, int outputBlocks)
    {
        Sizes s = new(inputBlocks, outputBlocks, int.MaxValue, 1);
        return s.ScratchFloats * sizeof(float);
    }

    /// <summary>Convolves.</summary>
    /// <param name="pool">Who works.</param>
    /// <param name="problem">Map, filters, epilogue.</param>
    /// <param name="scratch">For each worker <paramref name="scratchBytes"/>, at least <see cref="ScratchBytes"/>.</param>
    /// <param name="scratchBytes">Distance between two workers' scratch memory.</param>
    public static void Run<TEpilogue>(WorkerPool pool, in Problem<TEpilogue> problem, byte* scratch, long scratchBytes)
        where TEpilogue : unmanaged, IConv3x3Epilogue<TVector>
    {
        int tilesX = (problem.OutputWidth + 3) / 4, tilesY = (problem.OutputHeight + 3) / 4;
        Job<TEpilogue> job = new()
        {
            Problem = problem,
            Sizes = new Sizes(problem.X.Blocks, problem.OutputBlocks, tilesX * tilesY, pool.Threads),
            TilesX = tilesX,
            TileCount = tilesX * tilesY,
            Scratch = scratch,
            ScratchBytes = scratchBytes,
        };
        pool.Run((job.TileCount + job.Sizes.Tiles - 1) / job.Sizes.Tiles, job);
    }

    /// <summary>How the work is cut.</summary>
    private readonly struct Sizes
    {
        public readonly int Tiles, GroupPairs, InputBlocks;
        public readonly nint VPoint, MPoint;

        public Sizes(int inputBlocks, int outputBlocks, int tileCount, int threads)
        {
            InputBlocks = inputBlocks;
            int pairs = (outputBlocks + 1) / 2;
            GroupPairs = Math.Clamp(GroupChannels / (2 * TSimd.Lanes), 1, pairs);
            int channels = inputBlocks * TSimd.Lanes;
            int wanted = channels <= 128 ? 48 : channels <= 256 ? 72 : MaximumTiles;
            long share = ((long)tileCount + threads - 1) / threads, items = (share + wanted - 1) / wanted;
            Tiles = RoundUp((int)Math.Min(wanted, (share + items - 1) / items));
            // One vector more than needed, so that the 36 points do not fall on the same cache sets.
            VPoint = ((nint)inputBlocks * Tiles + 1) * TSimd.Lanes;
            MPoint = ((nint)GroupPairs * 2 * Tiles + 1) * TSimd.Lanes;
        }

        public long ScratchFloats => 36L * (VPoint + MPoint) + (36 + 36 + 16) * TSimd.Lanes;

        private static int RoundUp(int tiles) =>
            (tiles + RegisterTile<TSimd, TVector>.RowStep - 1) / RegisterTile<TSimd, TVector>.RowStep * RegisterTile<TSimd, TVector>.RowStep;
    }

    private struct Job<TEpilogue> : IJob where TEpilogue : unmanaged, IConv3x3Epilogue<TVector>
    {
        public Problem<TEpilogue> Problem;
        public Sizes Sizes;
        public int TilesX, TileCount;
        public byte* Scratch;
        public long ScratchBytes;

        public readonly void Run(int item, int worker)
        {
            int first = item * Sizes.Tiles, count = Math.Min(Sizes.Tiles, TileCount - first);
            float* patch = (float*)(Scratch + worker * ScratchBytes);
            float* v = patch + (36 + 36 + 16) * TSimd.Lanes;
            float* m = v + 36 * Sizes.VPoint;
            for (int block = 0; block < Sizes.InputBlocks; block++) TransformInput(block, first, count, patch, v);
            int pairs = (Problem.OutputBlocks + 1) / 2;
            for (int pair = 0; pair < pairs; pair += Sizes.GroupPairs)
            {
                int group = Math.Min(Sizes.GroupPairs, pairs - pair);
                for (int point = 0; point < 36; point++) Multiply(point, pair, group, count, v, m);
                for (int block = 2 * pair; block < Math.Min(2 * (pair + group), Problem.OutputBlocks); block++)
                    TransformOutput(block, block - 2 * pair, first, count, patch, m);
            }
        }

        private readonly void TransformInput(int block, int first, int count, float* patch, float* v)
        {
            BlockedMap x = Problem.X;
            nint rowFloats = (nint)x.Width * TSimd.Lanes;
            float* scratch = patch + 36 * TSimd.Lanes;
            v += block * (nint)Sizes.Tiles * TSimd.Lanes;
            for (int t = 0; t < count; t++, v += TSimd.Lanes)
            {
                int row = Problem.Origin + (first + t) / TilesX * 4 - 1, column = Problem.Origin + (first + t) % TilesX * 4 - 1;
                if (row >= 0 && column >= 0 && row + 6 <= x.Height && column + 6 <= x.Width)
                {
                    WinogradTransforms<TSimd, TVector>.Input(x.At<TSimd, TVector>(block, row, column), rowFloats, scratch, v, Sizes.VPoint);
                    continue;
                }
                Gather(block, row, column, patch);
                WinogradTransforms<TSimd, TVector>.Input(patch, 6 * TSimd.Lanes, scratch, v, Sizes.VPoint);
            }
        }

        private readonly void Gather(int block, int row, int column, float* patch)
        {
            BlockedMap x = Problem.X;
            bool reflect = Problem.Padding == Padding.Reflect;
            for (int i = 0; i < 36; i++)
            {
                int y = row + i / 6, c = column + i % 6;
                // A tile at the edge reaches up to four positions over it; what is further out than padding makes no output.
                if (reflect && y >= -1 && y <= x.Height && c >= -1 && c <= x.Width)
                    (y, c) = (Mirror.Index(y, x.Height), Mirror.Index(c, x.Width));
                bool inside = y >= 0 && y < x.Height && c >= 0 && c < x.Width;
                TSimd.Store(inside ? TSimd.Load(x.At<TSimd, TVector>(block, y, c)) : TSimd.Zero, patch + i * TSimd.Lanes);
            }
        }

        private readonly void Multiply(int point, int pair, int group, int count, float* v, float* m)
        {
            int rows = (count + RegisterTile<TSimd, TVector>.RowStep - 1) & -RegisterTile<TSimd, TVector>.RowStep;
            int pairs = (Problem.OutputBlocks + 1) / 2, blocksAtOnce = SumChannels / TSimd.Lanes;
            nint panel = (nint)Sizes.Tiles * TSimd.Lanes, pairFloats = 2 * (nint)TSimd.Lanes * TSimd.Lanes;
            for (int p = pair; p < pair + group; p++)
            {
                float* u = Problem.Filters + ((nint)point * pairs + p) * Sizes.InputBlocks * pairFloats;
                float* sums = m + point * Sizes.MPoint + (p - pair) * 2 * panel;
                for (int block = 0; block < Sizes.InputBlocks; block += blocksAtOnce)
                    RegisterTile<TSimd, TVector>.Multiply(v + point * Sizes.VPoint + block * panel, panel,
                        Math.Min(blocksAtOnce, Sizes.InputBlocks - block), u + block * pairFloats, sums, panel, rows, block > 0);
            }
        }

        private readonly void TransformOutput(int block, int slot, int first, int count, float* patch, float* m)
        {
            float* scratch = patch + 36 * TSimd.Lanes, y = patch + 72 * TSimd.Lanes;
            m += slot * (nint)Sizes.Tiles * TSimd.Lanes;
            for (int t = 0; t < count; t++, m += TSimd.Lanes)
            {
                WinogradTransforms<TSimd, TVector>.Output(m, Sizes.MPoint, scratch, y);
                int row = (first + t) / TilesX * 4, column = (first + t) % TilesX * 4;
                int rows = Math.Min(4, Problem.OutputHeight - row), columns = Math.Min(4, Problem.OutputWidth - column);
                for (int i = 0; i < rows; i++)
                    for (int j = 0; j < columns; j++)
                        Problem.Epilogue.Store(block, row + i, column + j, TSimd.Load(y + (i * 4 + j) * TSimd.Lanes));
            }
        }
    }
}
