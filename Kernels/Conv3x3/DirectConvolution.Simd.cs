using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>3×3 convolution as it is defined, nine taps a position: for small maps, where its exactness costs little time.</summary>
/// <remarks>
/// <para>A row of the output is made at a time: the three rows of the input that it needs are copied with their padding to
/// [3, C/L, W+2, L]; then each tap is one product of <see cref="RegisterTile{TSimd,TVector}"/>, rows = positions.</para>
/// <para>A lane is a channel. Positions are padded to a multiple of <c>RowStep</c>; what falls beyond W is not stored.</para>
/// </remarks>
internal static unsafe class DirectConvolution<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Bytes of scratch memory one worker needs.</summary>
    public static long ScratchBytes(int inputBlocks, int outputBlocks, int width) =>
        (3L * inputBlocks + RegisterTile.Vectors(outputBlocks, TSimd.Lanes)) * RowFloats(width + 2) * sizeof(float);

    /// <summary>Convolves.</summary>
    /// <param name="pool">Who works.</param>
    /// <param name="problem">Map, filters, epilogue; filters are [9, groups, C/L, L, V·L].</param>
    /// <param name="scratch">For each worker <paramref name="scratchBytes"/>, at least <see cref="ScratchBytes"/>.</param>
    /// <param name="scratchBytes">Distance between two workers' scratch memory.</param>
    public static void Run<TEpilogue>(WorkerPool pool, in Conv3x3Problem<TSimd, TVector, TEpilogue> problem, byte* scratch, long scratchBytes)
        where TEpilogue : unmanaged, IConv3x3Epilogue<TVector> =>
        pool.Run(problem.OutputHeight, new Job<TEpilogue> { Problem = problem, Scratch = scratch, ScratchBytes = scratchBytes });

    // Room for two positions of padding and for the rows that fill the register tile up.
    private static nint RowFloats(int width) => ((nint)width + 2 + RegisterTile.RowStep) * TSimd.Lanes;

    private struct Job<TEpilogue> : IJob where TEpilogue : unmanaged, IConv3x3Epilogue<TVector>
    {
        public Conv3x3Problem<TSimd, TVector, TEpilogue> Problem;
        public byte* Scratch;
        public long ScratchBytes;

        public readonly void Run(int item, int worker)
        {
            float* rows = (float*)(Scratch + worker * ScratchBytes);
            int blocks = Problem.X.Blocks, width = Problem.OutputWidth;
            nint rowFloats = RowFloats(Problem.X.Width + 2);
            float* sums = rows + 3 * blocks * rowFloats;
            for (int r = 0; r < 3; r++)
                for (int block = 0; block < blocks; block++)
                    CopyRow(block, Problem.Origin + item + r - 1, rows + (r * blocks + block) * rowFloats);
            int positions = RegisterTile.Padded(width), vectors = RegisterTile.Vectors(Problem.OutputBlocks, TSimd.Lanes);
            nint tapFloats = Conv3x3Packing.PointStep(Problem.OutputBlocks * TSimd.Lanes, blocks * TSimd.Lanes, TSimd.Lanes);
            for (int block = 0; block < Problem.OutputBlocks; block += vectors)
            {
                float* filters = Problem.Filters + block * (nint)blocks * TSimd.Lanes * TSimd.Lanes;
                for (int tap = 0; tap < 9; tap++)
                    RegisterTile<TSimd, TVector>.Multiply(rows + tap / 3 * blocks * rowFloats + tap % 3 * TSimd.Lanes, rowFloats, blocks,
                        filters + tap * tapFloats, vectors, sums, rowFloats, positions, tap > 0);
                int end = Math.Min(block + vectors, Problem.OutputBlocks), row = Problem.Origin + item;
                if (!Problem.Gram.IsNone && row >= 0 && row < Problem.X.Height)
                    Problem.Gram.Add(block, end, (nint)row * Problem.X.Width, Problem.X.Width, worker);
                for (int b = block; b < end; b++)
                    Problem.Epilogue.Store(b, item, 0, 1, width, sums + (b - block) * rowFloats, 0);
            }
        }

        private readonly void CopyRow(int block, int y, float* row)
        {
            BlockedMap x = Problem.X;
            bool reflect = Problem.Padding == Padding.Reflect;
            if (reflect) y = Mirror.Index(y, x.Height);
            bool outside = y < 0 || y >= x.Height;
            for (int c = Problem.Origin - 1; c < Problem.Origin + Problem.OutputWidth + 1; c++, row += TSimd.Lanes)
            {
                int column = reflect ? Mirror.Index(c, x.Width) : c;
                bool inside = !outside && column >= 0 && column < x.Width;
                TSimd.Store(inside ? TSimd.Load(x.At<TSimd, TVector>(block, y, column)) : TSimd.Zero, row);
            }
        }
    }
}
