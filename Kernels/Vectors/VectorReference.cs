using GatysGpu.Kernels.Devices;

namespace GatysGpu.Kernels.Vectors;

// dot           a·b = Σ_i a[i]·b[i]
// combination   z[i] = Σ_v coefficient[v] · vector[v][i]
// clamp         x[i] = min(max(x[i], low), high)
// projection    g[i] = 0 where (x[i] ≤ low and g[i] > 0) or (x[i] ≥ high and g[i] < 0): there −g points out of the box
// Adam          m = β₁m + (1−β₁)g;  v = β₂v + (1−β₂)g²                             Kingma, Ba 2015, Algorithm 1
//               x = clamp(x − α · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε))
//               average = d·average + (1−d)·x                                      uncorrected, like m and v

/// <summary>Vector operations of the optimisers by plain loops in float64: the definition that every device is tested
/// against.</summary>
public static class VectorReference
{
    /// <summary>a·b.</summary>
    /// <param name="a">Any length.</param>
    /// <param name="b">Of the same length.</param>
    public static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Σᵥ coefficients[v] · vectors[v].</summary>
    /// <param name="coefficients">One a vector.</param>
    /// <param name="vectors">At least one, all of one length.</param>
    public static double[] LinearCombination(ReadOnlySpan<double> coefficients, params double[][] vectors)
    {
        var result = new double[vectors[0].Length];
        for (int v = 0; v < vectors.Length; v++)
            for (int i = 0; i < result.Length; i++) result[i] += coefficients[v] * vectors[v][i];
        return result;
    }

    /// <summary>x = min(max(x, low), high), in place.</summary>
    /// <param name="x">Any length. Changed in place.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound, not below <paramref name="low"/>.</param>
    public static void Clamp(double[] x, double low, double high)
    {
        for (int i = 0; i < x.Length; i++) x[i] = Math.Min(Math.Max(x[i], low), high);
    }

    /// <summary>g = 0 where x stands at a bound and −g would push it outside.</summary>
    /// <param name="x">Values within [low, high].</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="g">Gradient at x. Changed in place.</param>
    public static void ProjectGradient(double[] x, double low, double high, double[] g)
    {
        for (int i = 0; i < x.Length; i++)
            if ((x[i] <= low && g[i] > 0) || (x[i] >= high && g[i] < 0)) g[i] = 0;
    }

    /// <summary>One step of Adam with clamping and an averaged iterate.</summary>
    /// <param name="x">Iterate. Changed in place.</param>
    /// <param name="g">Gradient at x.</param>
    /// <param name="m">First moment, zeros before the first step. Changed in place.</param>
    /// <param name="v">Second moment, zeros before the first step. Changed in place.</param>
    /// <param name="average">Averaged iterate, uncorrected, zeros before the first step. Changed in place.</param>
    /// <param name="settings">Constants, and t from 1.</param>
    public static void AdamStep(double[] x, double[] g, double[] m, double[] v, double[] average, in AdamSettings settings)
    {
        double correction1 = 1 - Math.Pow(settings.Beta1, settings.Step), correction2 = 1 - Math.Pow(settings.Beta2, settings.Step);
        for (int i = 0; i < x.Length; i++)
        {
            m[i] = settings.Beta1 * m[i] + (1.0 - settings.Beta1) * g[i];
            v[i] = settings.Beta2 * v[i] + (1.0 - settings.Beta2) * g[i] * g[i];
            double step = settings.StepSize * (m[i] / correction1) / (Math.Sqrt(v[i] / correction2) + settings.Epsilon);
            x[i] = Math.Min(Math.Max(x[i] - step, settings.Low), settings.High);
            average[i] = settings.AverageDecay * average[i] + (1.0 - settings.AverageDecay) * x[i];
        }
    }
}
