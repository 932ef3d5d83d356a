using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Gram;

/// <summary>dF (+)= D·F on whole blocked maps.</summary>
internal static unsafe class GramBackward<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    private const int Chunk = GramGradient<TSimd, TVector>.ChunkPositions;

    /// <summary>Multiplies.</summary>
    /// <param name="pool">Who works.</param>
    /// <param name="gradient">Maps, D and scratch memory.</param>
    public static void Run(WorkerPool pool, in GramGradient<TSimd, TVector> gradient) =>
        pool.Run((int)((gradient.F.Positions + Chunk - 1) / Chunk), new Job { Gradient = gradient });

    /// <summary>An item is some positions.</summary>
    private struct Job : IJob
    {
        public GramGradient<TSimd, TVector> Gradient;

        public readonly void Run(int item, int worker)
        {
            nint first = (nint)item * Chunk;
            Gradient.Add(0, Gradient.F.Blocks, first, Math.Min(Chunk, Gradient.F.Positions - first), worker);
        }
    }
}
