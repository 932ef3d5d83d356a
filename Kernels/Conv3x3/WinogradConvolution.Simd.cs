using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>3×3 convolution by a Winograd tile: transform a run of tiles, multiply at each of the n² points, transform back.</summary>
/// <remarks>
/// <para>V[ξ] = Bᵀ d B for T tiles: [n², C/L, T, L]. M[ξ] = V[ξ]·U[ξ] by <see cref="RegisterTile{TSimd,TVector}"/>:
/// [n², K-strip/L, T, L]. Y = Aᵀ M A. T and the strip were found by measuring: with few channels V and M stay in a core's
/// second-level cache; with many, U streams past, and more tiles share what was fetched. T never changes what a tile's sums
/// are.</para>
/// <para>A lane is a channel: of C in V, of K in M. Tiles that reach over the map's edge are gathered position by position.</para>
/// </remarks>
internal static unsafe class WinogradConvolution<TTile, TSimd, TVector>
    where TTile : IWinogradTile
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    private const int StripChannels = 64;

    // Patch, transforms' intermediate and outputs of one tile.
    private static int TileFloats => (2 * TTile.Points + TTile.Outputs * TTile.Outputs) * TSimd.Lanes;

    /// <summary>Bytes of scratch memory one worker needs for this shape.</summary>
    public static long ScratchBytes(int inputBlocks, int outputBlocks)
    {
        Sizes s = new(inputBlocks, outputBlocks, int.MaxValue, 1);
        return s.ScratchFloats * sizeof(float);
    }

    /// <summary>Convolves.</summary>
    /// <param name="pool">Who works.</param>
    /// <param name="problem">Map, filters, epilogue; filters are [n², groups, C/L, L, V·L].</param>
    /// <param name="scratch">For each worker <paramref name="scratchBytes"/>, at least <see cref="ScratchBytes"/>.</param>
    /// <param name="scratchBytes">Distance between two workers' scratch memory.</param>
    public static void Run<TEpilogue>(WorkerPool pool, in Conv3x3Problem<TSimd, TVector, TEpilogue> problem, byte* scratch, long scratchBytes)
        where TEpilogue : unmanaged, IConv3x3Epilogue<TVector>
    {
        int tilesX = (problem.OutputWidth + TTile.Outputs - 1) / TTile.Outputs, tilesY = (problem.OutputHeight + TTile.Outputs - 1) / TTile.Outputs;
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
        /// <summary>Groups of output blocks, each of so many vectors; M holds a strip of some.</summary>
        public readonly int Groups, Vectors, StripGroups;

        public readonly int Tiles, InputBlocks;
        public readonly nint UPoint, VPoint, MPoint;

        public Sizes(int inputBlocks, int outputBlocks, int tileCount, int threads)
        {
            InputBlocks = inputBlocks;
            (Groups, Vectors) = (RegisterTile.Groups(outputBlocks, TSimd.Lanes), RegisterTile.Vectors(outputBlocks, TSimd.Lanes));
            StripGroups = Math.Clamp(StripChannels / (Vectors * TSimd.Lanes), 1, Groups);
            int channels = inputBlocks * TSimd.Lanes;
            // Of 36 points; with fewer points, as many more tiles take the same memory.
            int wanted = (channels <= 64 ? 48 : channels <= 128 ? 96 : 132) * 36 / TTile.Points;
            long share = ((long)tileCount + threads - 1) / threads, items = (share + wanted - 1) / wanted;
            Tiles = RegisterTile.Padded((int)Math.Min(wanted, (share + items - 1) / items));
            UPoint = Conv3x3Packing.PointStep(outputBlocks * TSimd.Lanes, channels, TSimd.Lanes);
            // One vector more than needed, so that the points do not fall on the same cache sets.
            VPoint = ((nint)inputBlocks * Tiles + 1) * TSimd.Lanes;
            MPoint = ((nint)StripGroups * Vectors * Tiles + 1) * TSimd.Lanes;
        }

        public long ScratchFloats => TTile.Points * (long)(VPoint + MPoint) + TileFloats;
    }

    private struct Job<TEpilogue> : IJob where TEpilogue : unmanaged, IConv3x3Epilogue<TVector>
    {
        public Conv3x3Problem<TSimd, TVector, TEpilogue> Problem;
        public Sizes Sizes;
        public int TilesX, TileCount;
        public byte* Scratch;
        public long ScratchBytes;

        public readonly void Run(int item, int worker)
        {
            int first = item * Sizes.Tiles, count = Math.Min(Sizes.Tiles, TileCount - first);
            float* patch = (float*)(Scratch + worker * ScratchBytes);
            float* v = patch + TileFloats;
            float* m = v + TTile.Points * Sizes.VPoint;
            for (int block = 0; block < Sizes.InputBlocks; block++) TransformInput(block, first, count, patch, v);
            for (int group = 0; group < Sizes.Groups; group += Sizes.StripGroups)
            {
                int end = Math.Min(group + Sizes.StripGroups, Sizes.Groups);
                for (int point = 0; point < TTile.Points; point++) Multiply(point, group, end, count, v, m);
                int firstBlock = Sizes.Vectors * group, endBlock = Math.Min(Sizes.Vectors * end, Problem.OutputBlocks);
                if (!Problem.Gram.IsNone) AddGram(firstBlock, endBlock, first, count, worker);
                for (int block = firstBlock; block < endBlock; block++) TransformOutput(block, block - firstBlock, first, count, patch, m);
            }
        }

        private readonly void TransformInput(int block, int first, int count, float* patch, float* v)
        {
            BlockedMap x = Problem.X;
            nint rowFloats = (nint)x.Width * TSimd.Lanes;
            float* scratch = patch + TTile.Points * TSimd.Lanes;
            v += block * (nint)Sizes.Tiles * TSimd.Lanes;
            for (int t = 0; t < count; t++, v += TSimd.Lanes)
            {
                int row = Problem.Origin + (first + t) / TilesX * TTile.Outputs - 1, column = Problem.Origin + (first + t) % TilesX * TTile.Outputs - 1;
                if (!Problem.IsUnpooled && row >= 0 && column >= 0 && row + TTile.Inputs <= x.Height && column + TTile.Inputs <= x.Width)
                {
                    WinogradTransforms<TTile, TSimd, TVector>.Input(x.At<TSimd, TVector>(block, row, column), rowFloats, scratch, v, Sizes.VPoint);
                    continue;
                }
                if (Problem.IsUnpooled) Problem.Unpooled.Patch(block, row, column, TTile.Inputs, x.Height, x.Width, patch);
                else Gather(block, row, column, patch);
                WinogradTransforms<TTile, TSimd, TVector>.Input(patch, TTile.Inputs * TSimd.Lanes, scratch, v, Sizes.VPoint);
            }
        }

        private readonly void Gather(int block, int row, int column, float* patch)
        {
            BlockedMap x = Problem.X;
            bool reflect = Problem.Padding == Padding.Reflect;
            for (int i = 0; i < TTile.Points; i++)
            {
                int y = row + i / TTile.Inputs, c = column + i % TTile.Inputs;
                // A tile at the edge reaches up to m positions over it; what is further out than padding makes no output.
                if (reflect && y >= -1 && y <= x.Height && c >= -1 && c <= x.Width)
                    (y, c) = (Mirror.Index(y, x.Height), Mirror.Index(c, x.Width));
                bool inside = y >= 0 && y < x.Height && c >= 0 && c < x.Width;
                TSimd.Store(inside ? TSimd.Load(x.At<TSimd, TVector>(block, y, c)) : TSimd.Zero, patch + i * TSimd.Lanes);
            }
        }

        private readonly void Multiply(int point, int group, int end, int count, float* v, float* m)
        {
            int rows = RegisterTile.Padded(count);
            nint panel = (nint)Sizes.Tiles * TSimd.Lanes;
            nint groupFloats = (nint)Sizes.InputBlocks * TSimd.Lanes * Sizes.Vectors * TSimd.Lanes;
            float* u = Problem.Filters + point * Sizes.UPoint + group * groupFloats, nextPoint = u + Sizes.UPoint;
            float* from = v + point * Sizes.VPoint, sums = m + point * Sizes.MPoint;
            for (int g = group; g < end; g++, u += groupFloats, sums += Sizes.Vectors * panel)
                RegisterTile<TSimd, TVector>.Multiply(from, panel, Sizes.InputBlocks, u, Sizes.Vectors, sums, panel, rows,
                    accumulate: false, next: g + 1 < end ? u + groupFloats : nextPoint);
        }

        private readonly void TransformOutput(int block, int slot, int first, int count, float* patch, float* m)
        {
            float* scratch = patch + TTile.Points * TSimd.Lanes, y = patch + 2 * TTile.Points * TSimd.Lanes;
            m += slot * (nint)Sizes.Tiles * TSimd.Lanes;
            for (int t = 0; t < count; t++, m += TSimd.Lanes)
            {
                WinogradTransforms<TTile, TSimd, TVector>.Output(m, Sizes.MPoint, scratch, y);
                int row = (first + t) / TilesX * TTile.Outputs, column = (first + t) % TilesX * TTile.Outputs;
                int rows = Math.Min(TTile.Outputs, Problem.OutputHeight - row), columns = Math.Min(TTile.Outputs, Problem.OutputWidth - column);
                Problem.Epilogue.Store(block, row, column, rows, columns, y, TTile.Outputs * TSimd.Lanes);
            }
        }

        /// <summary>Has D·F added where these tiles' results will be: the memory is still near when they come.</summary>
        private readonly void AddGram(int firstBlock, int endBlock, int first, int count, int worker)
        {
            int height = Problem.X.Height, width = Problem.X.Width;
            for (int t = first; t < first + count;)
            {
                int tiles = Math.Min(TilesX - t % TilesX, first + count - t);
                int row = Problem.Origin + t / TilesX * TTile.Outputs, column = Problem.Origin + t % TilesX * TTile.Outputs;
                int endRow = Math.Min(row + TTile.Outputs, height), endColumn = Math.Min(column + tiles * TTile.Outputs, width);
                column = Math.Max(column, 0);
                for (int y = Math.Max(row, 0); y < endRow; y++)
                    Problem.Gram.Add(firstBlock, endBlock, (nint)y * width + column, endColumn - column, worker);
                t += tiles;
            }
        }
    }
}
