namespace GatysGpu.Kernels.Devices.Gpu;

// The checker.
public sealed partial class GpuDevice
{
    /// <summary>The checker: the GPU's kernels on the CPU, instruction by instruction; it stops with the C# line at the first
    /// fault.</summary>
    /// <param name="precision">How matrices are multiplied.</param>
    public static GpuDevice CreateSimt(GpuPrecision precision = GpuPrecision.Tf32)
    {
        Context context = Context.Create(builder => builder.CPU());
        return new GpuDevice(context.CreateCPUAccelerator(0), precision, context);
    }
}
