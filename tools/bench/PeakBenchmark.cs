using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Bench;

/// <summary>The processor's fused multiply-adds a second: the register tile on data that stay in the first-level cache.</summary>
internal static unsafe class PeakBenchmark
{
    private const int Rows = 12, Channels = 64;

    /// <summary>GFLOP/s of all threads together, best of five.</summary>
    public static double GigaFlops(int threads) => HostWidth() switch
    {
        512 => Measure<Simd512, Vector512<float>>(threads),
        256 => Measure<Simd256, Vector256<float>>(threads),
        _ => Measure<Simd128, Vector128<float>>(threads),
    };

    private static int HostWidth() => (int)Kernels.Devices.Host.HostDevice.WidestSupported;

    private static double Measure<TSimd, TVector>(int threads) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        using WorkerPool pool = new(threads);
        nuint each = (nuint)(Channels * (Rows + 2 * TSimd.Lanes) + 2 * Rows * TSimd.Lanes) * sizeof(float);
        float* memory = (float*)NativeMemory.AlignedAlloc(each * (nuint)threads, 64);
        NativeMemory.Clear(memory, each * (nuint)threads);
        const int repeats = 20_000;
        double best = 0;
        for (int i = 0; i < 5; i++)
        {
            long start = Stopwatch.GetTimestamp();
            pool.Run(threads, new Job<TSimd, TVector> { Memory = memory, Each = (nint)each / sizeof(float), Repeats = repeats });
            double flops = 2.0 * Rows * Channels * 2 * TSimd.Lanes * repeats * threads;
            best = Math.Max(best, flops / Stopwatch.GetElapsedTime(start).TotalSeconds * 1e-9);
        }
        NativeMemory.AlignedFree(memory);
        return best;
    }

    private struct Job<TSimd, TVector> : IJob where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        public float* Memory;
        public nint Each;
        public int Repeats;

        public readonly void Run(int item, int worker)
        {
            float* a = Memory + item * Each, b = a + Channels * Rows, y = b + Channels * 2 * TSimd.Lanes;
            for (int i = 0; i < Repeats; i++)
                RegisterTile<TSimd, TVector>.Multiply(a, Rows * TSimd.Lanes, Channels / TSimd.Lanes, b, y, Rows * TSimd.Lanes, Rows, accumulate: false);
        }
    }
}
