namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Limits of the machine that the checker imitates.</summary>
public sealed record SimtOptions
{
    /// <summary>Bytes of shared arrays of constant size that a group may have. Default: 48 KiB, as on every
    /// architecture.</summary>
    public int StaticSharedBytes { get; init; } = 48 * 1024;

    /// <summary>Bytes of shared memory, dynamic array included, that a group may have. Default: 99 KiB, what sm_86 and sm_89
    /// grant on demand.</summary>
    public int SharedBytes { get; init; } = 99 * 1024;

    /// <summary>Instructions that one warp may execute before it is taken for an infinite loop. Default: 100 million.</summary>
    public long InstructionsPerWarp { get; init; } = 100_000_000;

    /// <summary>Whether <see cref="SimtCounters.Lines"/> is filled. Default: false.</summary>
    public bool CountLines { get; init; }
}
