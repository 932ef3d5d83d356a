namespace GatysGpu.Tests;

/// <summary>Derivatives by central differences, the truth for every backward pass.</summary>
internal static class FiniteDifferences
{
    /// <summary>∂f/∂x[i] ≈ (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h for every i.</summary>
    /// <param name="f">A scalar function. It may keep no reference to its argument.</param>
    /// <param name="x">Where. Changed during the call and restored exactly.</param>
    /// <param name="h">Step. A function of degree two has no truncation error: a large step only lessens rounding.</param>
    public static double[] Gradient(Func<double[], double> f, double[] x, double h)
    {
        var gradient = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double kept = x[i];
            x[i] = kept + h;
            double above = f(x);
            x[i] = kept - h;
            double below = f(x);
            x[i] = kept;
            gradient[i] = (above - below) / (2 * h);
        }
        return gradient;
    }
}
