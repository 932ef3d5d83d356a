using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Bench;

/// <summary>The processor's fused multiply-adds a second: independent chains in registers, no memory at all.</summary>
internal static unsafe class PeakBenchmark
{
    // A multiply-add takes 4 cycles and two begin in each: 8 chains would do, 12 leave room.
    private const int Chains = 12;

    /// <summary>GFLOP/s of all threads together, best of five.</summary>
    public static double GigaFlops(int threads)
    {
        using WorkerPool pool = new(threads);
        return Enumerable.Range(0, 5).Max(_ => Once(pool, 4_000_000));
    }

    /// <summary>GFLOP/s of all of a pool's threads together, once.</summary>
    /// <param name="pool">Who works.</param>
    /// <param name="repeats">How long: a million take 3 ms where the processor does 130 GFLOP/s a thread.</param>
    public static double Once(WorkerPool pool, int repeats) => (int)Kernels.Devices.Host.HostDevice.WidestSupported switch
    {
        512 => Measure<Simd512, Vector512<float>>(pool, repeats),
        256 => Measure<Simd256, Vector256<float>>(pool, repeats),
        _ => Measure<Simd128, Vector128<float>>(pool, repeats),
    };

    private static double Measure<TSimd, TVector>(WorkerPool pool, int repeats) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        float* results = (float*)NativeMemory.AlignedAlloc((nuint)(pool.Threads * TSimd.Lanes * sizeof(float)), 64);
        long start = Stopwatch.GetTimestamp();
        pool.Run(pool.Threads, new Job<TSimd, TVector> { Results = results, Repeats = repeats });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        NativeMemory.AlignedFree(results);
        return 2e-9 * Chains * TSimd.Lanes * repeats * pool.Threads / seconds;
    }

    private struct Job<TSimd, TVector> : IJob where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        public float* Results;
        public int Repeats;

        public readonly void Run(int item, int worker)
        {
            // Chains that come to rest at 2: neither tiny nor infinite numbers.
            TVector a = TSimd.Create(0.5f), b = TSimd.Create(1);
            TVector p0 = a, p1 = a, p2 = a, p3 = a, p4 = a, p5 = a, p6 = a, p7 = a, p8 = a, p9 = a, p10 = a, p11 = a;
            for (int i = 0; i < Repeats; i++)
            {
                p0 = TSimd.MultiplyAdd(p0, a, b);
                p1 = TSimd.MultiplyAdd(p1, a, b);
                p2 = TSimd.MultiplyAdd(p2, a, b);
                p3 = TSimd.MultiplyAdd(p3, a, b);
                p4 = TSimd.MultiplyAdd(p4, a, b);
                p5 = TSimd.MultiplyAdd(p5, a, b);
                p6 = TSimd.MultiplyAdd(p6, a, b);
                p7 = TSimd.MultiplyAdd(p7, a, b);
                p8 = TSimd.MultiplyAdd(p8, a, b);
                p9 = TSimd.MultiplyAdd(p9, a, b);
                p10 = TSimd.MultiplyAdd(p10, a, b);
                p11 = TSimd.MultiplyAdd(p11, a, b);
            }
            TVector upper = TSimd.Add(TSimd.Add(TSimd.Add(p0, p1), TSimd.Add(p2, p3)), TSimd.Add(p4, p5));
            TVector lower = TSimd.Add(TSimd.Add(TSimd.Add(p6, p7), TSimd.Add(p8, p9)), TSimd.Add(p10, p11));
            TSimd.Store(TSimd.Add(upper, lower), Results + item * TSimd.Lanes);
        }
    }
}
