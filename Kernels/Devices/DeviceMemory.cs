namespace GatysGpu.Kernels.Devices;

/// <summary>One allocation on a device. What lies in it is described by the views of <see cref="FeatureMap"/>,
/// <see cref="DeviceImage"/>, <see cref="DeviceVector"/> and <see cref="DeviceBytes"/>, which own nothing.</summary>
public abstract class DeviceMemory : IDisposable
{
    /// <summary>Size in bytes as it was asked for.</summary>
    public abstract long Bytes { get; }

    /// <summary>Gives the memory back. Views of it must not be used afterwards.</summary>
    public abstract void Dispose();
}
