using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Gram;

/// <summary>dF (+)= D·F on blocked maps, some positions at a time: a 1×1 convolution with the filters D, by
/// <see cref="RegisterTile{TSimd,TVector}"/>.</summary>
/// <remarks>A lane is a channel of dF. D, symmetric, is packed as [pairs, C/L, L, 2L] first.</remarks>
internal unsafe struct GramGradient<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Positions whose sums a worker's scratch memory holds.</summary>
    public const int ChunkPositions = 96;
    private const int SumChannels = 128;

    /// <summary>F and dF. Where F is but a part of a map, dF begins at the same position, and only its channels lie further apart.</summary>
    public BlockedMap F, DF;

    /// <summary>Whether DF already holds a gradient.</summary>
    public bool Accumulate;

    /// <summary>D, from <see cref="Pack"/>.</summary>
    public float* Packed;

    /// <summary>For each worker <see cref="ScratchBytes"/>.</summary>
    public byte* Scratch;

    /// <summary>Floats of the packed D.</summary>
    public static long PackedLength(int blocks) => (long)((blocks + 1) / 2) * blocks * TSimd.Lanes * 2 * TSimd.Lanes;

    /// <summary>Bytes of scratch memory one worker needs.</summary>
    public static long ScratchBytes => 2L * ChunkPositions * TSimd.Lanes * sizeof(float);

    /// <summary>Whether there is nothing to add.</summary>
    public readonly bool IsNone => Packed == null;

    /// <summary>Brings D into the order in which it is read.</summary>
    /// <param name="d">D, [C, C].</param>
    /// <param name="channels">C.</param>
    /// <param name="blocks">⌈C/L⌉.</param>
    /// <param name="packed">Room for <see cref="PackedLength"/> floats.</param>
    public static void Pack(float* d, int channels, int blocks, float* packed)
    {
        int width = 2 * TSimd.Lanes;
        new Span<float>(packed, checked((int)PackedLength(blocks))).Clear();
        for (int c = 0; c < channels; c++)
            for (int k = 0; k < channels; k++)
                packed[((nint)(k / width) * blocks * TSimd.Lanes + c) * width + k % width] = d[(nint)c * channels + k];
    }

    /// <summary>dF (+)= D·F for some blocks of channels at some positions.</summary>
    /// <param name="firstBlock">First block of dF, even.</param>
    /// <param name="endBlock">The block after the last.</param>
    /// <param name="first">First position.</param>
    /// <param name="count">Number of positions.</param>
    /// <param name="worker">Whose scratch memory to use.</param>
    public readonly void Add(int firstBlock, int endBlock, nint first, nint count, int worker)
    {
        for (nint done = 0; done < count; done += ChunkPositions)
            AddChunk(firstBlock, endBlock, first + done, (int)Math.Min(ChunkPositions, count - done), worker);
    }

    private readonly void AddChunk(int firstBlock, int endBlock, nint first, int count, int worker)
    {
        nint panel = F.Positions * TSimd.Lanes, outPanel = DF.Positions * TSimd.Lanes, second = ChunkPositions * TSimd.Lanes;
        int rows = (count + RegisterTile<TSimd, TVector>.RowStep - 1) & -RegisterTile<TSimd, TVector>.RowStep;
        int blocksAtOnce = SumChannels / TSimd.Lanes;
        float* sums = (float*)(Scratch + worker * ScratchBytes);
        for (int block = firstBlock; block < endBlock; block += 2)
        {
            float* filters = Packed + (nint)(block / 2) * F.Blocks * TSimd.Lanes * 2 * TSimd.Lanes;
            for (int c = 0; c < F.Blocks; c += blocksAtOnce)
                RegisterTile<TSimd, TVector>.Multiply(F.Start + first * TSimd.Lanes + c * panel, panel, Math.Min(blocksAtOnce, F.Blocks - c),
                    filters + (nint)c * TSimd.Lanes * 2 * TSimd.Lanes, sums, second, rows, c > 0);
            for (int b = block; b < Math.Min(block + 2, endBlock); b++)
                Store(sums + (b - block) * second, DF.Start + first * TSimd.Lanes + b * outPanel, count);
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
