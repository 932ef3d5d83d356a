using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Optimizers;

/// <summary>What every optimiser asks of its arguments.</summary>
internal static class OptimizerArguments
{
    public static void CheckLength(IDifferentiable problem, DeviceVector x)
    {
        if (x.Length != problem.Length)
            throw new ArgumentException($"the problem has {problem.Length} unknowns, x has {x.Length}", nameof(x));
    }

    public static void CheckBounds(Box? bounds)
    {
        if (bounds is { } box && !(box.Low < box.High))
            throw new ArgumentOutOfRangeException(nameof(bounds), $"bounds {box.Low} to {box.High}; the lower must be below the upper");
    }

    public static void CheckPositive(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must be above 0 and finite");
    }

    /// <summary>From 0 to below 1.</summary>
    public static void CheckShare(double value, string name)
    {
        if (!(value >= 0 && value < 1)) throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must be from 0 to below 1");
    }
}
