using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>A compiled kernel, ready to launch on one accelerator.</summary>
internal abstract class DeviceKernel(Kernel kernel)
{
    /// <summary>Where each scalar begins in the argument buffer.</summary>
    internal int[] ArgumentOffsets { get; } = kernel.ArgumentOffsets;

    /// <summary>What was compiled.</summary>
    internal Kernel Kernel { get; } = kernel;

    /// <summary>Runs it, in the order of the stream.</summary>
    /// <param name="stream">Of this accelerator.</param>
    /// <param name="config">Of any size: the device says what it cannot do.</param>
    /// <param name="arguments">Laid out as <see cref="ArgumentOffsets"/> says; read before the call returns.</param>
    internal abstract void Launch(AcceleratorStream stream, in KernelConfig config, ReadOnlySpan<byte> arguments);
}
