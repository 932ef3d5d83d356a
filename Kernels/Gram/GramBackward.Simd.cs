using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Gram;

/// <summary>dF (+)= D·F on blocked maps: a 1×1 convolution with the filters D, by <see cref="RegisterTile{TSimd,TVector}"/>.</summary>
/// <remarks>A lane is a channel of dF. D, symmetric, is packed as [pairs, C/L, L, 2L] first.</remarks>
internal static unsafe class GramBackward<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    private const int ChunkPositions = 96;
    private const int SumChannels = 128;

    /// <summary>Floats of the packed D.</summary>
    public static long PackedLength(int blocks) => (long)((blocks + 1) / 2) * blocks * TSimd.Lanes * 2 * TSimd.Lanes;

    /// <summary>Bytes of scratch memory one worker needs.</summary>
    public static long ScratchBytes => 2L * ChunkPositions * TSimd.Lanes * sizeof(float);

    /// <summary>Multiplies.</summary>
    /// <param name="pool">Who works.</param>
    /// <param name="d">D, [C, C].</param>
    /// <param name="channels">C.</param>
    /// <param name="f">F.</param>
    /// <param name="dF">Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether dF already holds a gradient.</param>
    /// <param name="packed">Room for <see cref="PackedLength"/> floats.</param>
    /// <param name="scratch">For each worker <paramref name="scratchBytes"/>.</param>
    /// <param name="scratchBytes">At least <see cref="ScratchBytes"/>.</param>
    public static void Run(WorkerPool pool, float* d, int channels, BlockedMap f, BlockedMap dF, bool accumulate,
        float* packed, byte* scratch, long scratchBytes)
    {
        Pack(d, channels, f.Blocks, packed);
        int items = (int)((f.Positions + ChunkPositions - 1) / ChunkPositions);
        pool.Run(items, new Job { F = f, DF = dF, Accumulate = accumulate, Packed = packed, Scratch = scratch, ScratchBytes = scratchBytes });
    }

    private static void Pack(float* d, int channels, int blocks, float* packed)
    {
        int width = 2 * TSimd.Lanes;
        new Span<float>(packed, checked((int)PackedLength(blocks))).Clear();
        for (int c = 0; c < channels; c++)
            for (int k = 0; k < channels; k++)
                packed[((nint)(k / width) * blocks * TSimd.Lanes + c) * width + k % width] = d[(nint)c * channels + k];
    }

    private struct Job : IJob
    {
        public BlockedMap F, DF;
        public bool Accumulate;
        public float* Packed;
        public byte* Scratch;
        public long ScratchBytes;

        public readonly void Run(int item, int worker)
        {
            nint first = (nint)item * ChunkPositions, panel = F.Positions * TSimd.Lanes;
            int count = (int)Math.Min(ChunkPositions, F.Positions - first);
            int rows = (count + RegisterTile<TSimd, TVector>.RowStep - 1) & -RegisterTile<TSimd, TVector>.RowStep;
            float* sums = (float*)(Scratch + worker * ScratchBytes);
            const int second = ChunkPositions;
            int blocksAtOnce = SumChannels / TSimd.Lanes;
            for (int block = 0; block < F.Blocks; block += 2)
            {
                float* filters = Packed + (nint)(block / 2) * F.Blocks * TSimd.Lanes * 2 * TSimd.Lanes;
                for (int c = 0; c < F.Blocks; c += blocksAtOnce)
                    RegisterTile<TSimd, TVector>.Multiply(F.Start + first * TSimd.Lanes + c * panel, panel, Math.Min(blocksAtOnce, F.Blocks - c),
                        filters + (nint)c * TSimd.Lanes * 2 * TSimd.Lanes, sums, second * TSimd.Lanes, rows, c > 0);
                for (int b = block; b < Math.Min(block + 2, F.Blocks); b++)
                    Store(sums + (b - block) * second * TSimd.Lanes, DF.Start + first * TSimd.Lanes + b * panel, count);
            }
        }

        private readonly void Store(float* sums, float* dF, int count)
        {
            for (int i = 0; i < count * TSimd.Lanes; i += TSimd.Lanes)
            {
                TVector z = TSimd.Load(sums + i);
                TSimd.Store(Accumulate ? TSimd.Add(TSimd.Load(dF + i), z) : z, dF + i);
            }
        }
    }
}
