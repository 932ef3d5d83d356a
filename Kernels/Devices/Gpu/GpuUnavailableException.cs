namespace GatysGpu.Kernels.Devices.Gpu;

/// <summary>A GPU that was asked for cannot be used.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="inner">What the driver said, where it said something.</param>
public sealed class GpuUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
