namespace GatysGpu.Kernels.Devices.Gpu;

// The checker.
public sealed partial class GpuDevice
{
    /// <summary>The checker: the GPU's kernels on the CPU, instruction by instruction; it stops with the C# line at the first
    /// fault.</summary>
    /// <param name="precision">How matrices are multiplied.</param>
    /// <param name="note">Told, once, of what makes the device slower than it should be.</param>
    public static GpuDevice CreateSimt(GpuPrecision precision = GpuPrecision.Tf32, Action<string>? note = null)
    {
        Context context = Context.Create(builder => builder.CPU());
        return new GpuDevice(context.CreateCPUAccelerator(0), precision, context, note);
    }
}
