using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Vectors;

/// <summary>Elementwise vector operations of the optimisers; a thread has four neighbours, moved by one instruction, so that a
/// warp reads and writes 512 bytes in whole lines. Defined by <see cref="VectorReference"/>.</summary>
/// <remarks>Launched with <see cref="ElementLaunch.ForFours"/>. All are bound by memory: no element is read or written
/// twice.</remarks>
public static class VectorsGpu
{
    /// <summary>x = min(max(x, low), high), in place; NaN stays NaN.</summary>
    public static void Clamp(ArrayView<float> x, float low, float high)
    {
        long n = ElementLaunch.Index;
        if (FourNeighbours.Whole(x, n)) ClampFour(x, n, true, low, high);
        else if (FourNeighbours.Part(x, n)) ClampFour(x, n, false, low, high);
    }

    /// <summary>g = 0 where x stands at a bound and −g would push it outside; four neighbours that stay are not
    /// written.</summary>
    /// <param name="x">Stands at a bound where it is not above <paramref name="low"/>, or not below
    /// <paramref name="high"/>.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="g">Gradient at x, as long as x. Changed in place.</param>
    public static void ProjectGradient(ArrayView<float> x, float low, float high, ArrayView<float> g)
    {
        long n = ElementLaunch.Index;
        if (FourNeighbours.Whole(x, n)) ProjectFour(x, n, true, low, high, g);
        else if (FourNeighbours.Part(x, n)) ProjectFour(x, n, false, low, high, g);
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
        long n = ElementLaunch.Index;
        if (FourNeighbours.Whole(x, n)) AdamFour(x, g, m, v, average, s, n, true);
        else if (FourNeighbours.Part(x, n)) AdamFour(x, g, m, v, average, s, n, false);
    }

    private static void ClampFour(ArrayView<float> x, long n, bool whole, float low, float high)
    {
        Float4 at = FourNeighbours.Read(x, n, whole);
        FourNeighbours.Write(x, n, whole, new Float4(Clamped(at.X, low, high), Clamped(at.Y, low, high),
            Clamped(at.Z, low, high), Clamped(at.W, low, high)));
    }

    private static void ProjectFour(ArrayView<float> x, long n, bool whole, float low, float high, ArrayView<float> g)
    {
        Float4 at = FourNeighbours.Read(x, n, whole), slope = FourNeighbours.Read(g, n, whole);
        bool stops0 = Stops(at.X, slope.X, low, high), stops1 = Stops(at.Y, slope.Y, low, high);
        bool stops2 = Stops(at.Z, slope.Z, low, high), stops3 = Stops(at.W, slope.W, low, high);
        if (stops0 | stops1 | stops2 | stops3)
            FourNeighbours.Write(g, n, whole, new Float4(stops0 ? 0 : slope.X, stops1 ? 0 : slope.Y, stops2 ? 0 : slope.Z,
                stops3 ? 0 : slope.W));
    }

    private static bool Stops(float at, float slope, float low, float high) =>
        (at <= low & slope > 0) | (at >= high & slope < 0);

    private static void AdamFour(ArrayView<float> x, ArrayView<float> g, ArrayView<float> m, ArrayView<float> v,
        ArrayView<float> average, AdamConstants s, long n, bool whole)
    {
        Float4 slope = FourNeighbours.Read(g, n, whole);
        Float4 first = FourNeighbours.Read(m, n, whole), second = FourNeighbours.Read(v, n, whole);
        Float4 at = FourNeighbours.Read(x, n, whole), mean = FourNeighbours.Read(average, n, whole);
        first = new Float4(First(s, first.X, slope.X), First(s, first.Y, slope.Y), First(s, first.Z, slope.Z),
            First(s, first.W, slope.W));
        second = new Float4(Second(s, second.X, slope.X), Second(s, second.Y, slope.Y), Second(s, second.Z, slope.Z),
            Second(s, second.W, slope.W));
        at = new Float4(To(s, at.X, first.X, second.X), To(s, at.Y, first.Y, second.Y), To(s, at.Z, first.Z, second.Z),
            To(s, at.W, first.W, second.W));
        mean = new Float4(Mean(s, mean.X, at.X), Mean(s, mean.Y, at.Y), Mean(s, mean.Z, at.Z), Mean(s, mean.W, at.W));
        FourNeighbours.Write(m, n, whole, first);
        FourNeighbours.Write(v, n, whole, second);
        FourNeighbours.Write(x, n, whole, at);
        FourNeighbours.Write(average, n, whole, mean);
    }

    private static float First(AdamConstants s, float m, float slope) => s.Beta1 * m + s.OneMinusBeta1 * slope;

    private static float Second(AdamConstants s, float v, float slope) => s.Beta2 * v + s.OneMinusBeta2 * slope * slope;

    private static float To(AdamConstants s, float x, float m, float v)
    {
        float step = s.StepSize * (m * s.Correction1) / (MathF.Sqrt(v * s.Correction2) + s.Epsilon);
        return Clamped(x - step, s.Low, s.High);
    }

    private static float Mean(AdamConstants s, float average, float x) => s.AverageDecay * average + s.OneMinusAverageDecay * x;

    private static float Clamped(float value, float low, float high) => value < low ? low : value > high ? high : value;
}
