using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Vectors;

/// <summary>Elementwise vector operations of the optimisers; a thread has one element, a group 256 neighbours, so that a warp
/// reads and writes whole lines of 128 bytes. Defined by <see cref="VectorReference"/>.</summary>
/// <remarks>Launched with <see cref="ElementLaunch.For"/>. All are bound by memory: no element is read or written
/// twice.</remarks>
public static class VectorsGpu
{
    /// <summary>x = min(max(x, low), high), in place; NaN stays NaN.</summary>
    public static void Clamp(ArrayView<float> x, float low, float high)
    {
        long i = ElementLaunch.Index;
        if (i < x.Length) x[i] = Clamped(x[i], low, high);
    }

    /// <summary>g = 0 where x stands at a bound and −g would push it outside; nothing is written elsewhere.</summary>
    /// <param name="x">Stands at a bound where it is not above <paramref name="low"/>, or not below
    /// <paramref name="high"/>.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="g">Gradient at x, as long as x. Changed in place.</param>
    public static void ProjectGradient(ArrayView<float> x, float low, float high, ArrayView<float> g)
    {
        long i = ElementLaunch.Index;
        if (i >= x.Length) return;
        float at = x[i], slope = g[i];
        if ((at <= low && slope > 0) || (at >= high && slope < 0)) g[i] = 0;
    }

    /// <summary>One step of Adam with clamping and an averaged iterate.</summary>
    /// <param name="x">Iterate. Changed in place.</param>
    /// <param name="g">Gradient at x.</param>
    /// <param name="m">First moment. Changed in place.</param>
    /// <param name="v">Second moment. Changed in place.</param>
    /// <param name="average">Averaged iterate, uncorrected. Changed in place.</param>
    /// <param name="s">Constants of this step.</param>
    public static void AdamStep(ArrayView<float> x, ArrayView<float> g, ArrayView<float> m, ArrayView<float> v,
        ArrayView<float> average, AdamConstants s)
    {
        long i = ElementLaunch.Index;
        if (i >= x.Length) return;
        float slope = g[i];
        float first = s.Beta1 * m[i] + s.OneMinusBeta1 * slope;
        float second = s.Beta2 * v[i] + s.OneMinusBeta2 * slope * slope;
        m[i] = first;
        v[i] = second;
        float step = s.StepSize * (first * s.Correction1) / (MathF.Sqrt(second * s.Correction2) + s.Epsilon);
        float to = Clamped(x[i] - step, s.Low, s.High);
        x[i] = to;
        average[i] = s.AverageDecay * average[i] + s.OneMinusAverageDecay * to;
    }

    private static float Clamped(float value, float low, float high) => value < low ? low : value > high ? high : value;
}
