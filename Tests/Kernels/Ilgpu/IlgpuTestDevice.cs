using GatysGpu.Kernels.Devices.Gpu;
using ILGPU;
using ILGPU.Runtime.CPU;

namespace GatysGpu.Tests.Kernels.Ilgpu;

/// <summary>ILGPU's own CPU accelerator, with what a GPU has: warps of 32 threads, groups of up to 256.</summary>
/// <remarks>It runs the C# itself, a thread of the operating system for each thread of a group: an exchange within a warp takes up
/// to a millisecond on two cores.</remarks>
internal static class IlgpuTestDevice
{
    private const int WarpThreads = 32, Warps = 8;

    /// <summary>A context that has just this accelerator, as its first.</summary>
    public static Context CreateContext() => Context.Create(builder => builder.CPU(new CPUDevice(WarpThreads, Warps, 1)));

    /// <summary>The project's operations on it.</summary>
    public static GpuDevice Create(GpuPrecision precision)
    {
        Context context = CreateContext();
        return new GpuDevice(context.CreateCPUAccelerator(0), precision, context);
    }
}
