namespace GatysGpu.Kernels.Gpu;

/// <summary>What a device was seen to do at most: the roofs under which a kernel works (Williams, Waterman, Patterson
/// 2009).</summary>
/// <param name="FmaPerSecond">Float32 operations a second by fused multiply-adds, each counted as two.</param>
/// <param name="Tf32PerSecond">The same on tensor cores by mma.m16n8k8; 0 where there are none.</param>
/// <param name="MemoryBytesPerSecond">Bytes read and written a second by a copy that is much larger than the cache.</param>
/// <param name="CacheBytesPerSecond">The same by a copy that stays in the second-level cache.</param>
/// <param name="CacheBytes">What stays there: half of the cache.</param>
public readonly record struct RooflinePeaks(double FmaPerSecond, double Tf32PerSecond, double MemoryBytesPerSecond,
    double CacheBytesPerSecond, long CacheBytes)
{
    // Long enough that the launch does not count: some milliseconds on a large GPU.
    private const int FmaRounds = 4096, TensorCoreRounds = 2048;

    // Groups of 256 threads that fill a multiprocessor of 2048.
    private const int GroupsOfAMultiprocessor = 8;

    private const long MemoryCopyBytes = 256L << 20;
    private const long PieceBytes = 16L * RooflineKernels.PiecesOfAGroup;

    /// <summary>Measures them.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="timer">Its clock.</param>
    /// <param name="l2Bytes">Its second-level cache.</param>
    /// <param name="tensorCores">Whether it has TF32.</param>
    /// <remarks>A copy counts what it reads and what it writes.</remarks>
    internal static RooflinePeaks Measure(Accelerator accelerator, LaunchTimer timer, long l2Bytes, bool tensorCores)
    {
        int groups = GroupsOfAMultiprocessor * accelerator.NumMultiprocessors;
        using RooflineMemory memory = new(accelerator);
        ArrayView<float> result = memory.Floats((long)groups * RooflineKernels.Threads);
        KernelConfig config = new(new Index1D(groups), new Index1D(RooflineKernels.Threads));
        double fma = FmaFlops(groups, FmaRounds) / Time(RooflineKernels.MultiplyAdd, config, result, FmaRounds);
        double tf32 = !tensorCores ? 0 : TensorCoreFlops(groups, TensorCoreRounds)
            / Time(RooflineKernels.TensorCoreProduct, config, result, TensorCoreRounds);
        // Not more than an eighth of what there is, and both sides in the cache.
        long large = Math.Min(MemoryCopyBytes, accelerator.MemorySize / 8), small = Math.Max(l2Bytes / 4, PieceBytes);
        return new RooflinePeaks(fma, tf32, CopyRate(large), CopyRate(small), l2Bytes / 2);

        double Time(Action<ArrayView<float>, float, float, int> kernel, KernelConfig launch, ArrayView<float> to, int rounds)
        {
            Action<KernelConfig, ArrayView<float>, float, float, int> run = accelerator.LoadStreamKernel(kernel);
            return timer.Measure(() => run(launch, to, 0.75f, 0.5f, rounds)).Seconds;
        }

        double CopyRate(long bytes)
        {
            long pieces = bytes / PieceBytes;
            using RooflineMemory copies = new(accelerator);
            long floats = pieces * PieceBytes / 4;
            ArrayView<Float4> from = copies.Floats(floats).Cast<Float4>(), to = copies.Floats(floats).Cast<Float4>();
            Action<KernelConfig, ArrayView<Float4>, ArrayView<Float4>> copy =
                accelerator.LoadStreamKernel<ArrayView<Float4>, ArrayView<Float4>>(RooflineKernels.Copy);
            KernelConfig launch = new(new Index1D(checked((int)pieces)), new Index1D(RooflineKernels.Threads));
            return 2.0 * pieces * PieceBytes / timer.Measure(() => copy(launch, from, to)).Seconds;
        }
    }

    /// <summary>Operations of <see cref="RooflineKernels.MultiplyAdd"/>, without the last sum.</summary>
    internal static double FmaFlops(int groups, int rounds) =>
        2.0 * groups * RooflineKernels.Threads * RooflineKernels.Sums * RooflineKernels.AddsOfARound * rounds;

    /// <summary>Operations of <see cref="RooflineKernels.TensorCoreProduct"/>: a product of a warp is 16 × 8 × 8
    /// multiply-adds.</summary>
    internal static double TensorCoreFlops(int groups, int rounds) =>
        2.0 * 16 * 8 * 8 * groups * (RooflineKernels.Threads / 32) * RooflineKernels.Tiles * RooflineKernels.ProductsOfARound
        * rounds;
}
