using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Kernels.Devices.Gpu;

// NVIDIA GPUs.
public sealed partial class GpuDevice
{
    /// <summary>The NVIDIA GPUs of this machine; none, and no error, where there is no driver.</summary>
    public static IReadOnlyList<GpuDeviceInfo> CudaDevices => CudaDriver.TryLoad(out CudaDriver? driver, out _)
        ? [.. driver.Devices.Select(d =>
            new GpuDeviceInfo(d.Ordinal, d.Name, d.TotalMemoryBytes, d.ComputeCapabilityMajor, d.ComputeCapabilityMinor))]
        : [];

    /// <summary>A device on an NVIDIA GPU.</summary>
    /// <param name="ordinal">Its number in <see cref="CudaDevices"/>.</param>
    /// <param name="precision">How matrices are multiplied; none takes <see cref="GpuPrecision.Tf32"/> where the GPU has
    /// it.</param>
    /// <param name="note">Told, once, of what makes the device slower than it should be, a sentence for people.</param>
    /// <exception cref="GpuUnavailableException">There is no driver or no such GPU, it has no TF32, or the driver does not give
    /// it.</exception>
    public static GpuDevice CreateCuda(int ordinal = 0, GpuPrecision? precision = null, Action<string>? note = null)
    {
        if (!CudaDriver.TryLoad(out _, out string reason)) throw new GpuUnavailableException(reason);
        IReadOnlyList<GpuDeviceInfo> devices = CudaDevices;
        if (ordinal < 0 || ordinal >= devices.Count)
            throw new GpuUnavailableException($"there is no GPU {ordinal}: there are {devices.Count}, counted from 0");
        GpuDeviceInfo info = devices[ordinal];
        if (precision == GpuPrecision.Tf32 && !info.HasTf32)
            throw new GpuUnavailableException(
                $"TF32 needs compute capability 8.0, {info.Name} has {info.Major}.{info.Minor}; take fp32");
        Context context = Context.Create(builder => builder.Cuda());
        try
        {
            GpuPrecision best = info.HasTf32 ? GpuPrecision.Tf32 : GpuPrecision.Fp32;
            return new GpuDevice(context.CreateCudaAccelerator(ordinal), precision ?? best, context, note);
        }
        catch (CudaException e)
        {
            context.Dispose();
            throw new GpuUnavailableException(e.Message, e);
        }
    }
}
