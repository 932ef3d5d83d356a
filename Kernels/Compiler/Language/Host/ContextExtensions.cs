using GatysGpu.Kernels.Compiler.Simt;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>The checker in a context.</summary>
public static class CPUContextExtensions
{
    /// <summary>Adds the checker.</summary>
    public static Context.Builder CPU(this Context.Builder builder) => builder.CPU(new SimtOptions());

    /// <summary>Adds the checker with limits of its own.</summary>
    public static Context.Builder CPU(this Context.Builder builder, SimtOptions options)
    {
        builder.Devices.Add(new CPUDevice(options));
        return builder;
    }

    /// <summary>Makes an accelerator of the checker.</summary>
    /// <param name="context">Made with <see cref="CPU(Context.Builder)"/>.</param>
    /// <param name="cpuDeviceIndex">From 0.</param>
    public static SimtAccelerator CreateCPUAccelerator(this Context context, int cpuDeviceIndex) =>
        (SimtAccelerator)context.Find<CPUDevice>(cpuDeviceIndex, "builder => builder.CPU()").CreateAccelerator(context);
}
