using System.Numerics;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Vectors;

/// <summary>How flat vectors are cut: an item is a chunk of fixed length, so that sums do not depend on the number of threads.</summary>
internal static class VectorChunks
{
    /// <summary>Elements of a chunk, a multiple of every number of lanes.</summary>
    public const int Length = 4096;

    /// <summary>Chunks of a vector.</summary>
    public static int Count(long length) => checked((int)((length + Length - 1) / Length));
}

/// <summary>Partial inner products of several vectors with one, in float64: products of two float32 are exact there. A lane is an element;
/// the remainder is done one by one.</summary>
internal unsafe struct DotsJob : IJob
{
    /// <summary>First elements of the vectors.</summary>
    public float** A;
    public int Count;
    public float* B;
    public nint Length;

    /// <summary>[chunks, Count]. Overwritten.</summary>
    public double* Sums;

    public readonly void Run(int item, int worker)
    {
        nint first = (nint)item * VectorChunks.Length, end = Math.Min(first + VectorChunks.Length, Length);
        for (int k = 0; k < Count; k++) Sums[(nint)item * Count + k] = Dot(A[k] + first, B + first, (int)(end - first));
    }

    private static double Dot(float* a, float* b, int length)
    {
        Vector<double> low = Vector<double>.Zero, high = low;
        int i = 0;
        for (; i + Vector<float>.Count <= length; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.Load(a + i), out Vector<double> aLow, out Vector<double> aHigh);
            Vector.Widen(Vector.Load(b + i), out Vector<double> bLow, out Vector<double> bHigh);
            low = Vector.FusedMultiplyAdd(aLow, bLow, low);
            high = Vector.FusedMultiplyAdd(aHigh, bHigh, high);
        }
        double sum = Vector.Sum(low + high);
        for (; i < length; i++) sum += (double)a[i] * b[i];
        return sum;
    }
}

/// <summary>result = Σ c·v. A lane is an element; the remainder is done one by one.</summary>
internal unsafe struct LinearCombinationJob<TSimd, TVector> : IJob
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    public float** Vectors;
    public float* Coefficients, Result;
    public int Count;
    public nint Length;

    public readonly void Run(int item, int worker)
    {
        nint i = (nint)item * VectorChunks.Length, end = Math.Min(i + VectorChunks.Length, Length);
        for (; i + TSimd.Lanes <= end; i += TSimd.Lanes)
        {
            TVector sum = TSimd.Zero;
            for (int k = 0; k < Count; k++)
                sum = TSimd.MultiplyAdd(TSimd.Create(Coefficients[k]), TSimd.Load(Vectors[k] + i), sum);
            TSimd.Store(sum, Result + i);
        }
        for (; i < end; i++)
        {
            float sum = 0;
            for (int k = 0; k < Count; k++) sum = MathF.FusedMultiplyAdd(Coefficients[k], Vectors[k][i], sum);
            Result[i] = sum;
        }
    }
}

/// <summary>x = min(max(x, low), high); NaN stays NaN.</summary>
internal unsafe struct ClampJob : IJob
{
    public float* X;
    public nint Length;
    public float Low, High;

    public readonly void Run(int item, int worker)
    {
        nint first = (nint)item * VectorChunks.Length, end = Math.Min(first + VectorChunks.Length, Length);
        for (nint i = first; i < end; i++) X[i] = Math.Clamp(X[i], Low, High);
    }
}

/// <summary>g = 0 where x stands at a bound and −g points outside.</summary>
internal unsafe struct ProjectGradientJob : IJob
{
    public float* X, G;
    public nint Length;
    public float Low, High;

    public readonly void Run(int item, int worker)
    {
        nint first = (nint)item * VectorChunks.Length, end = Math.Min(first + VectorChunks.Length, Length);
        for (nint i = first; i < end; i++)
            if ((X[i] <= Low && G[i] > 0) || (X[i] >= High && G[i] < 0)) G[i] = 0;
    }
}

/// <summary>One step of Adam; the formula is at <see cref="IDevice.AdamStep"/>.</summary>
internal unsafe struct AdamJob : IJob
{
    public float* X, G, M, V, Average;
    public nint Length;
    public AdamSettings Settings;

    public readonly void Run(int item, int worker)
    {
        AdamSettings s = Settings;
        float first = (float)(1 / (1 - Math.Pow(s.Beta1, s.Step))), second = (float)(1 / (1 - Math.Pow(s.Beta2, s.Step)));
        nint start = (nint)item * VectorChunks.Length, end = Math.Min(start + VectorChunks.Length, Length);
        for (nint i = start; i < end; i++)
        {
            float g = G[i];
            M[i] = s.Beta1 * M[i] + (1 - s.Beta1) * g;
            V[i] = s.Beta2 * V[i] + (1 - s.Beta2) * g * g;
            float x = X[i] - s.StepSize * (M[i] * first) / (MathF.Sqrt(V[i] * second) + s.Epsilon);
            X[i] = Math.Clamp(x, s.Low, s.High);
            Average[i] = s.AverageDecay * Average[i] + (1 - s.AverageDecay) * X[i];
        }
    }
}
