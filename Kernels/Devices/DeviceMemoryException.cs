namespace GatysGpu.Kernels.Devices;

/// <summary>A device has too little memory for what was asked of it.</summary>
/// <param name="message">How much was asked for, how much there is, and what to lower.</param>
public sealed class DeviceMemoryException(string message) : Exception(message);
