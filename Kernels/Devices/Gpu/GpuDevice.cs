using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Devices.Gpu;

/// <summary>Operations as kernels on an accelerator: an NVIDIA GPU, or the checker, which runs the same kernels on the
/// CPU.</summary>
/// <remarks>Work is queued on the accelerator's default stream; only downloads, <see cref="ReadScalars"/> and <see cref="Dots"/>
/// wait. A kernel is compiled when it is first launched. After one iteration nothing is allocated, on the device or on the
/// heap.</remarks>
public sealed partial class GpuDevice : IDevice
{
    private readonly Context? context;
    private readonly Accelerator accelerator;
    private readonly MemoryBuffer1D<double, Stride1D.Dense> partialsBuffer, sumsBuffer;
    private readonly ArrayView<double> partials, sums;
    private readonly ArrayView<float>[] views = new ArrayView<float>[OperationChecks.MostVectors];
    private bool disposed;

    /// <summary>Operations on an accelerator.</summary>
    /// <param name="accelerator">Where.</param>
    /// <param name="precision">How matrices are multiplied.</param>
    /// <param name="context">What the accelerator came from, to be disposed of with the device; none leaves both to the
    /// caller.</param>
    internal GpuDevice(Accelerator accelerator, GpuPrecision precision, Context? context = null)
    {
        (this.context, this.accelerator, Precision) = (context, accelerator, precision);
        partialsBuffer = accelerator.Allocate1D<double>(OperationChecks.MostVectors * GroupSum.MostGroups);
        sumsBuffer = accelerator.Allocate1D<double>(OperationChecks.MostVectors);
        (partials, sums) = (partialsBuffer.View.BaseView, sumsBuffer.View.BaseView);
    }

    /// <summary>How matrices are multiplied.</summary>
    public GpuPrecision Precision { get; }

    /// <inheritdoc/>
    public string Name => $"{accelerator.Name}, {(Precision == GpuPrecision.Tf32 ? "TF32" : "FP32")}";

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        scratch?.Dispose();
        sumsBuffer.Dispose();
        partialsBuffer.Dispose();
        context?.Dispose();
    }
}
