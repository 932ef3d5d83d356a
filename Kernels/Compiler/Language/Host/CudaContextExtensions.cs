using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>NVIDIA GPUs in a context.</summary>
public static class CudaContextExtensions
{
    /// <summary>Adds the GPUs that the driver knows; none, and no error, where there is no driver.</summary>
    public static Context.Builder Cuda(this Context.Builder builder)
    {
        if (CudaDriver.TryLoad(out CudaDriver? driver, out string reason)) return builder.Cuda(driver);
        builder.CudaMissing = reason;
        return builder;
    }

    /// <summary>Makes an accelerator of a GPU.</summary>
    /// <param name="context">Made with <see cref="Cuda(Context.Builder)"/>.</param>
    /// <param name="cudaDeviceIndex">From 0.</param>
    /// <exception cref="InvalidOperationException">There is no such GPU; the message says why.</exception>
    public static CudaAccelerator CreateCudaAccelerator(this Context context, int cudaDeviceIndex)
    {
        if (context.CudaMissing is { } reason)
            throw new InvalidOperationException($"CUDA device {cudaDeviceIndex} was asked for: {reason}");
        return (CudaAccelerator)context.Find<CudaDevice>(cudaDeviceIndex, "builder => builder.Cuda()").CreateAccelerator(context);
    }

    /// <summary>Adds the GPUs of a driver that is already loaded.</summary>
    internal static Context.Builder Cuda(this Context.Builder builder, CudaDriver driver)
    {
        foreach (CudaDeviceInfo info in driver.Devices) builder.Devices.Add(new CudaDevice(driver, info));
        return builder;
    }
}
