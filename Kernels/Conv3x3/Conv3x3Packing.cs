using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>Filters in the order in which the CPU's convolutions read them. Missing channels of a last block are zero.</summary>
internal static unsafe class Conv3x3Packing
{
    /// <summary>⌈channels / lanes⌉.</summary>
    public static int Blocks(int channels, int lanes) => (channels + lanes - 1) / lanes;

    /// <summary>Pairs of output blocks: the register tile is two vectors wide.</summary>
    public static int Pairs(int outputs, int lanes) => (Blocks(outputs, lanes) + 1) / 2;

    /// <summary>Filters of the transposed convolution, dX = wᵀ ∗ dY: w′[c, k, r, s] = w[k, c, 2−r, 2−s].</summary>
    /// <param name="filters">[K, C, 3, 3].</param>
    /// <param name="outputs">K.</param>
    /// <param name="inputs">C.</param>
    /// <returns>[C, K, 3, 3].</returns>
    public static float[] Transposed(ReadOnlySpan<float> filters, int outputs, int inputs)
    {
        float[] result = new float[filters.Length];
        for (int k = 0; k < outputs; k++)
            for (int c = 0; c < inputs; c++)
                for (int tap = 0; tap < 9; tap++)
                    result[(c * outputs + k) * 9 + 8 - tap] = filters[(k * inputs + c) * 9 + tap];
        return result;
    }

    /// <summary>Floats of <see cref="Winograd"/>.</summary>
    public static long WinogradLength(int outputs, int inputs, int lanes) => (long)Winograd4x4.Points * PairFloats(outputs, inputs, lanes);

    /// <summary>Floats of <see cref="Direct"/>.</summary>
    public static long DirectLength(int outputs, int inputs, int lanes) => 9L * PairFloats(outputs, inputs, lanes);

    /// <summary>U = G g Gᵀ as [36, pairs, C/L, L, 2L].</summary>
    /// <param name="pool">Who works; an item is a pair of output blocks.</param>
    /// <param name="filters">[K, C, 3, 3].</param>
    /// <param name="outputs">K.</param>
    /// <param name="inputs">C.</param>
    /// <param name="lanes">L.</param>
    /// <param name="packed">Zeroed before. Written where channels exist.</param>
    public static void Winograd(WorkerPool pool, ReadOnlySpan<float> filters, int outputs, int inputs, int lanes, float* packed)
    {
        fixed (float* w = filters)
            pool.Run(outputs, new WinogradJob { Filters = w, Outputs = outputs, Inputs = inputs, Lanes = lanes, Packed = packed });
    }

    /// <summary>The filters themselves as [pairs, 9, C/L, L, 2L].</summary>
    /// <param name="filters">[K, C, 3, 3].</param>
    /// <param name="outputs">K.</param>
    /// <param name="inputs">C.</param>
    /// <param name="lanes">L.</param>
    /// <param name="packed">Zeroed before. Written where channels exist.</param>
    public static void Direct(ReadOnlySpan<float> filters, int outputs, int inputs, int lanes, float* packed)
    {
        int blocks = Blocks(inputs, lanes);
        for (int k = 0; k < outputs; k++)
            for (int c = 0; c < inputs; c++)
                for (int tap = 0; tap < 9; tap++)
                    packed[((k / (2 * lanes) * 9L + tap) * blocks * lanes + c) * 2 * lanes + k % (2 * lanes)] = filters[(k * inputs + c) * 9 + tap];
    }

    private static long PairFloats(int outputs, int inputs, int lanes) =>
        (long)Pairs(outputs, lanes) * Blocks(inputs, lanes) * lanes * 2 * lanes;

    private struct WinogradJob : IJob
    {
        public float* Filters, Packed;
        public int Outputs, Inputs, Lanes;

        public readonly void Run(int item, int worker)
        {
            Span<double> g = stackalloc double[9], u = stackalloc double[36];
            long point = PairFloats(Outputs, Inputs, Lanes), rows = (long)Blocks(Inputs, Lanes) * Lanes;
            for (int c = 0; c < Inputs; c++)
            {
                for (int tap = 0; tap < 9; tap++) g[tap] = Filters[((long)item * Inputs + c) * 9 + tap];
                Winograd4x4.TransformFilter(g, u);
                float* to = Packed + (item / (2 * Lanes) * rows + c) * 2 * Lanes + item % (2 * Lanes);
                for (int i = 0; i < 36; i++) to[i * point] = (float)u[i];
            }
        }
    }
}
