using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Optimizers;

/// <summary>A scalar function of a vector that lies on a device, with its gradient.</summary>
public interface IDifferentiable
{
    /// <summary>Number of unknowns.</summary>
    long Length { get; }

    /// <summary>The function's value at <paramref name="x"/>.</summary>
    /// <param name="x">Where, <see cref="Length"/> values. Not changed.</param>
    /// <param name="gradient">Gradient there, <see cref="Length"/> values. Overwritten.</param>
    double Evaluate(DeviceVector x, DeviceVector gradient);
}
