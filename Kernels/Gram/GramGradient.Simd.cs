using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Gram;

/// <summary>dF (+)= D·F on blocked maps, some positions at a time: a 1×1 convolution with the filters D, by
/// <see cref="RegisterTile{TSimd,TVector}"/>.</summary>
/// <remarks>A lane is a channel of dF. D, symmetric, is packed as [groups, C/L, L, V·L] first.</remarks>
internal unsafe struct GramGradient<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Positions whose sums a worker's scratch memory holds.</summary>
    public const int ChunkPositions = 96;

    /// <summary>F and dF. Where F is but a part of a map, dF begins at the same position, and only its channels lie further apart.</summary>
    public BlockedMap F, DF;

    /// <summary>Whether DF already holds a gradient.</summary>
    public bool Accumulate;

    /// <summary>D, from <see cref="Pack"/>.</summary>
    public float* Packed;

    /// <summary>For each worker <see cref="ScratchBytes"/>.</summary>
    public byte* Scratch;

    /// <summary>Floats of the packed D.</summary>
    public static long PackedLength(int blocks) =>
        (long)RegisterTile.Groups(blocks, TSimd.Lanes) * RegisterTile.Vectors(blocks, TSimd.Lanes) * blocks
        * TSimd.Lanes * TSimd.Lanes;

    /// <summary>Bytes of scratch memory one worker needs.</summary>
    /// <param name="blocks">⌈C/L⌉.</param>
    public static long ScratchBytes(int blocks) =>
        (long)RegisterTile.Vectors(blocks, TSimd.Lanes) * ChunkPositions * TSimd.Lanes * sizeof(float);

    /// <summary>Whether there is nothing to add.</summary>
    public readonly bool IsNone => Packed == null;

    /// <summary>Brings D into the order in which it is read.</summary>
    /// <param name="d">D, [C, C].</param>
    /// <param name="channels">C.</param>
    /// <param name="blocks">⌈C/L⌉.</param>
    /// <param name="packed">Room for <see cref="PackedLength"/> floats.</param>
    public static void Pack(float* d, int channels, int blocks, float* packed)
    {
        int width = RegisterTile.Vectors(blocks, TSimd.Lanes) * TSimd.Lanes;
        new Span<float>(packed, checked((int)PackedLength(blocks))).Clear();
        for (int c = 0; c < channels; c++)
            for (int k = 0; k < channels; k++)
                packed[((nint)(k / width) * blocks * TSimd.Lanes + c) * width + k % width] = d[(nint)c * channels + k];
    }

    /// <summary>dF (+)= D·F for some blocks of channels at some positions.</summary>
    /// <param name="firstBlock">First block of dF, of a whole group.</param>
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
        nint panel = F.Step * TSimd.Lanes, outPanel = DF.Step * TSimd.Lanes, vector = ChunkPositions * TSimd.Lanes;
        int rows = RegisterTile.Padded(count), vectors = RegisterTile.Vectors(F.Blocks, TSimd.Lanes);
        float* sums = (float*)(Scratch + worker * ScratchBytes(F.Blocks));
        for (int block = firstBlock; block < endBlock; block += vectors)
        {
            float* filters = Packed + (nint)block * F.Blocks * TSimd.Lanes * TSimd.Lanes;
            RegisterTile<TSimd, TVector>.Multiply(F.Start + first * TSimd.Lanes, panel, F.Blocks, filters, vectors, sums, vector,
                rows, accumulate: false);
            for (int b = block; b < Math.Min(block + vectors, endBlock); b++)
                Store(sums + (b - block) * vector, DF.Start + first * TSimd.Lanes + b * outPanel, count);
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
