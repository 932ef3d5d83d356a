using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Losses;
using GatysGpu.Kernels.Simd;
using GatysGpu.Kernels.Vectors;

namespace GatysGpu.Kernels.Devices.Host;

/// <summary>The CPU device: losses and vector operations.</summary>
internal sealed unsafe partial class HostDevice<TSimd, TVector>
{
    public void Gram(FeatureMap f, DeviceVector gram)
    {
        OperationChecks.Square(gram, f.Channels, "G");
        BlockedMap map = Blocked(f);
        byte* memory = Scratch(GramBytes(f.Channels, map.Positions));
        GramProduct<TSimd, TVector>.Run(pool, map, f.Channels, Pointer(gram), memory);
    }

    public long GramBytes(int channels, long positions) =>
        GramProduct<TSimd, TVector>.ScratchBytes(Conv3x3Packing.Blocks(channels, TSimd.Lanes), checked((nint)positions));

    public void GramLoss(DeviceVector gram, DeviceVector target, double scale, long positions, DeviceScalar loss)
    {
        OperationChecks.GramLoss(gram, target, positions);
        float* g = Pointer(gram), a = Pointer(target);
        double sum = 0, factor = 4 * scale / positions;
        for (long i = 0; i < gram.Length; i++)
        {
            double difference = (double)g[i] - a[i];
            sum += difference * difference;
            g[i] = (float)(factor * difference);
        }
        *Pointer(loss) = scale * sum;
    }

    public void GramBackward(DeviceVector d, FeatureMap f, FeatureMap dF, bool accumulate)
    {
        OperationChecks.GramBackward(d, f, dF);
        GramGradient<TSimd, TVector> gradient = new() { F = Blocked(f), DF = Blocked(dF), Accumulate = accumulate };
        Prepare(ref gradient, d, f.Channels, Scratch(GradientBytes(f.Channels)));
        GramBackward<TSimd, TVector>.Run(pool, gradient);
    }

    /// <summary>Scratch memory for a product D·F: the packed D and each worker's own.</summary>
    private long GradientBytes(int channels) => PackedGramBytes(channels) +
        pool.Threads * GramGradient<TSimd, TVector>.ScratchBytes(Conv3x3Packing.Blocks(channels, TSimd.Lanes));

    private static long PackedGramBytes(int channels) =>
        Align(GramGradient<TSimd, TVector>.PackedLength(Conv3x3Packing.Blocks(channels, TSimd.Lanes)) * sizeof(float));

    private static void Prepare(ref GramGradient<TSimd, TVector> gradient, DeviceVector d, int channels, byte* memory)
    {
        gradient.Packed = (float*)memory;
        gradient.Scratch = memory + PackedGramBytes(channels);
        GramGradient<TSimd, TVector>.Pack(Pointer(d), channels, Conv3x3Packing.Blocks(channels, TSimd.Lanes), gradient.Packed);
    }

    public void ContentLoss(FeatureMap f, FeatureMap target, double scale, FeatureMap dF, bool accumulate, DeviceScalar loss)
    {
        OperationChecks.ContentLoss(f, target, dF);
        BlockedMap map = Blocked(f);
        int items = checked(map.Blocks * ContentJob<TSimd, TVector>.Chunks(map.Positions));
        double* sums = (double*)Scratch((long)items * sizeof(double));
        pool.Run(items, new ContentJob<TSimd, TVector>
        {
            F = map, Target = Blocked(target).Start, DF = Blocked(dF).Start,
            DoubleScale = (float)(2 * scale), Accumulate = accumulate, Sums = sums,
        });
        *Pointer(loss) = scale * Sum(sums, items);
    }

    public void TotalVariation(DeviceImage image, double scale, DeviceImage dImage, bool accumulate, DeviceScalar loss)
    {
        OperationChecks.TotalVariation(image, dImage);
        int items = checked(3 * image.Height);
        double* sums = (double*)Scratch((long)items * sizeof(double));
        pool.Run(items, new TotalVariationJob
        {
            X = Pointer(image), DX = Pointer(dImage), Height = image.Height, Width = image.Width,
            DoubleScale = (float)(2 * scale), Accumulate = accumulate, Sums = sums,
        });
        *Pointer(loss) = scale * Sum(sums, items);
    }

    public void Dots(ReadOnlySpan<DeviceVector> a, DeviceVector b, Span<double> results)
    {
        OperationChecks.Dots(a, b, results.Length);
        if (a.Length == 0) return;
        float** pointers = stackalloc float*[a.Length];
        Pointers(a, pointers);
        int items = VectorChunks.Count(b.Length);
        double* sums = (double*)Scratch((long)items * a.Length * sizeof(double));
        pool.Run(items, new DotsJob { A = pointers, Count = a.Length, B = Pointer(b), Length = (nint)b.Length, Sums = sums });
        results.Clear();
        for (int item = 0; item < items; item++)
            for (int k = 0; k < a.Length; k++) results[k] += sums[(nint)item * a.Length + k];
    }

    public void LinearCombination(ReadOnlySpan<double> coefficients, ReadOnlySpan<DeviceVector> vectors, DeviceVector result)
    {
        OperationChecks.LinearCombination(coefficients.Length, vectors, result);
        float** pointers = stackalloc float*[vectors.Length];
        float* factors = stackalloc float[vectors.Length];
        Pointers(vectors, pointers);
        for (int k = 0; k < coefficients.Length; k++) factors[k] = (float)coefficients[k];
        pool.Run(VectorChunks.Count(result.Length), new LinearCombinationJob<TSimd, TVector>
        {
            Vectors = pointers, Coefficients = factors, Result = Pointer(result), Count = vectors.Length, Length = (nint)result.Length,
        });
    }

    public void Clamp(DeviceVector x, float low, float high)
    {
        OperationChecks.Clamp(low, high);
        pool.Run(VectorChunks.Count(x.Length), new ClampJob { X = Pointer(x), Length = (nint)x.Length, Low = low, High = high });
    }

    public void ProjectGradient(DeviceVector x, float low, float high, DeviceVector g)
    {
        OperationChecks.ProjectGradient(x, g);
        pool.Run(VectorChunks.Count(x.Length), new ProjectGradientJob { X = Pointer(x), G = Pointer(g), Length = (nint)x.Length, Low = low, High = high });
    }

    public void AdamStep(DeviceVector x, DeviceVector g, DeviceVector m, DeviceVector v, DeviceVector average, in AdamSettings settings)
    {
        OperationChecks.AdamStep(x, g, m, v, average, settings.Step);
        pool.Run(VectorChunks.Count(x.Length), new AdamJob
        {
            X = Pointer(x), G = Pointer(g), M = Pointer(m), V = Pointer(v), Average = Pointer(average), Length = (nint)x.Length, Settings = settings,
        });
    }

    private static void Pointers(ReadOnlySpan<DeviceVector> vectors, float** pointers)
    {
        for (int k = 0; k < vectors.Length; k++) pointers[k] = Pointer(vectors[k]);
    }

    private static double Sum(double* values, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += values[i];
        return sum;
    }
}
