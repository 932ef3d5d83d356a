using GatysGpu.Engine.Optimizers;
using GatysGpu.Kernels.Devices;
using GatysGpu.Tests.Kernels.Devices;

namespace GatysGpu.Tests.Engine.Optimizers;

/// <summary>A function of host values as an optimiser sees it: float32 vectors on a device. Counts and allocates nothing itself.</summary>
internal sealed class HostFunction : IDifferentiable
{
    private readonly Func<double[], double[], double> evaluate;
    private readonly float[] values;
    private readonly double[] x, gradient;

    /// <param name="start">The first iterate.</param>
    /// <param name="evaluate">Value at its first argument; writes the gradient to the second.</param>
    public HostFunction(double[] start, Func<double[], double[], double> evaluate)
    {
        this.evaluate = evaluate;
        Device = new ReferenceDevice();
        (values, x, gradient) = (Array.ConvertAll(start, v => (float)v), new double[start.Length], new double[start.Length]);
        X = new DeviceVector(Device.Allocate(DeviceVector.BytesFor(start.Length)), 0, start.Length);
        Device.Upload(values, X);
    }

    public ReferenceDevice Device { get; }

    public DeviceVector X { get; }

    public long Length => x.Length;

    /// <summary>Evaluations so far: what an optimiser reports must be this.</summary>
    public int Evaluations { get; private set; }

    public double Evaluate(DeviceVector at, DeviceVector gradientThere)
    {
        Evaluations++;
        Device.Download(at, values);
        for (int i = 0; i < x.Length; i++) x[i] = values[i];
        double value = evaluate(x, gradient);
        for (int i = 0; i < x.Length; i++) values[i] = (float)gradient[i];
        Device.Upload(values, gradientThere);
        return value;
    }

    public double[] Read(DeviceVector vector)
    {
        var read = new float[vector.Length];
        Device.Download(vector, read);
        return read.ToDouble();
    }
}

/// <summary>Functions whose minima are known.</summary>
internal static class TestFunctions
{
    /// <summary>Rosenbrock's valley in pairs: Σ 100(x₂ₖ₊₁ − x₂ₖ²)² + (1 − x₂ₖ)², minimum 0 at ones. The start is (−1.2, 1, …).</summary>
    public static HostFunction Rosenbrock(int pairs) => new([.. Enumerable.Repeat(new[] { -1.2, 1 }, pairs).SelectMany(p => p)], (x, g) =>
    {
        double value = 0;
        for (int i = 0; i < x.Length; i += 2)
        {
            double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
            value += 100 * a * a + b * b;
            g[i] = -400 * a * x[i] - 2 * b;
            g[i + 1] = 200 * a;
        }
        return value;
    });

    /// <summary>½ Σ cᵢ(xᵢ − tᵢ)² with c from 1 to <paramref name="condition"/> in equal ratios; minimum 0 at t.</summary>
    public static HostFunction Quadratic(double[] start, double[] t, double condition) => new(start, (x, g) =>
    {
        double value = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double c = Math.Pow(condition, i / (double)Math.Max(1, x.Length - 1));
            value += 0.5 * c * (x[i] - t[i]) * (x[i] - t[i]);
            g[i] = c * (x[i] - t[i]);
        }
        return value;
    });

    /// <summary>½ xᵀAx − bᵀx over the box 0 to 255, A the tridiagonal (−1, 2.1, −1), with b such that <paramref name="minimum"/> is
    /// the minimum: the gradient there is 0 inside the box and <paramref name="push"/> against the bounds.</summary>
    public static HostFunction BoxQuadratic(double[] start, double[] minimum, double push)
    {
        double[] b = Product(minimum);
        for (int i = 0; i < b.Length; i++) b[i] -= minimum[i] <= 0 ? push : minimum[i] >= 255 ? -push : 0;
        return new(start, (x, g) =>
        {
            double value = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double row = 2.1 * x[i] - (i > 0 ? x[i - 1] : 0) - (i + 1 < x.Length ? x[i + 1] : 0);
                value += x[i] * (0.5 * row - b[i]);
                g[i] = row - b[i];
            }
            return value;
        });
    }

    private static double[] Product(double[] x) =>
        [.. x.Select((v, i) => 2.1 * v - (i > 0 ? x[i - 1] : 0) - (i + 1 < x.Length ? x[i + 1] : 0))];
}
