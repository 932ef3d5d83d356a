using System.Globalization;

namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>A device has too little memory for an allocation, after the pool gave back all that it held unused.</summary>
public sealed class DeviceOutOfMemoryException : CudaException
{
    internal DeviceOutOfMemoryException(
        CudaApi api, string deviceName, long requestedBytes, CudaMemoryInfo device, CudaMemoryUsage pool)
        : base("cuMemAlloc_v2", CudaResult.OutOfMemory, api.ErrorName(CudaResult.OutOfMemory),
            api.ErrorText(CudaResult.OutOfMemory), $"{requestedBytes} bytes on {deviceName}", "",
            Describe(deviceName, requestedBytes, device, pool))
    {
        RequestedBytes = requestedBytes;
        FreeBytes = device.FreeBytes;
        TotalBytes = device.TotalBytes;
        Pool = pool;
    }

    /// <summary>Bytes that were asked for.</summary>
    public long RequestedBytes { get; }

    /// <summary>Bytes of the device that nobody held at that moment, other programs counted in. One allocation may not get all of
    /// them, since they need not lie together.</summary>
    public long FreeBytes { get; }

    /// <summary>Bytes of the device in all.</summary>
    public long TotalBytes { get; }

    /// <summary>What this program's pool held.</summary>
    public CudaMemoryUsage Pool { get; }

    private static string Describe(string deviceName, long requested, CudaMemoryInfo device, CudaMemoryUsage pool) =>
        $"{deviceName} was asked for {MiB(requested)}; {MiB(device.FreeBytes)} of its {MiB(device.TotalBytes)} are free, "
        + $"and this program's pool holds {MiB(pool.ReservedBytes)}, {MiB(pool.InUseBytes)} of it in use. "
        + (requested > device.TotalBytes
            ? "Lower the size of the picture."
            : "Lower the size of the picture, or end other programs that use the device.");

    private static string MiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N1} MiB");
}
