using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Kernels.Compiler.Language;

// Kernels as modules of the driver, and launches as a graph.
public sealed partial class CudaAccelerator
{
    /// <summary>Records what an action launches, copies and clears on the default stream; nothing of it runs until the graph is
    /// launched.</summary>
    /// <param name="work">Must not wait, allocate, or copy from or to the host; every kernel in it must have been launched once
    /// before, since loading one is no work of a stream. Arguments and buffers are kept as they are now: they must outlive the
    /// graph.</param>
    /// <returns>What repeats all of it for the price of one launch.</returns>
    /// <exception cref="CudaException">The driver refused something that the action did.</exception>
    public CapturedGraph Capture(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new CapturedGraph(this, stream.Stream.Capture(work));
    }

    /// <summary>One kernel's module.</summary>
    private sealed class CudaKernel : DeviceKernel
    {
        private readonly CudaAccelerator accelerator;
        private readonly CudaFunction function;

        internal CudaKernel(CudaAccelerator accelerator, Kernel kernel)
            : base(kernel)
        {
            this.accelerator = accelerator;
            if (accelerator.stream.Stream.IsCapturing)
                throw new InvalidOperationException(
                    $"{kernel.Name} was launched for the first time inside Capture, where it cannot be "
                    + "loaded. Launch it once before.");
            CudaDeviceInfo device = accelerator.Cuda.Device;
            PtxTarget target = PtxTarget.ForDevice(device.ComputeCapabilityMajor, device.ComputeCapabilityMinor)
                ?? throw new KernelCompileException(null, $"{kernel.Name} for {device.Name}, which is {device.Architecture}",
                    $"Use a GPU of {PtxTarget.All[0]} or later, or the processor.");
            // The module lives as long as the driver's context, which the accelerator disposes.
            CudaModule module = accelerator.Cuda.LoadModule(kernel.Name, PtxPrinter.Print(kernel, target));
            function = module.GetFunction(kernel.Name);
        }

        internal override void Launch(AcceleratorStream stream, in KernelConfig config, ReadOnlySpan<byte> arguments)
        {
            Index3D grid = config.GridDim, group = config.GroupDim;
            function.Launch(accelerator.StreamOf(stream), new CudaLaunchShape(new CudaDim3(grid.X, grid.Y, grid.Z),
                new CudaDim3(group.X, group.Y, group.Z), config.SharedMemoryConfig.Bytes), arguments, ArgumentOffsets);
        }
    }
}

/// <summary>Work that was recorded once by <see cref="CudaAccelerator.Capture"/> and can be repeated as a whole.</summary>
public sealed class CapturedGraph : IDisposable
{
    private readonly CudaAccelerator accelerator;
    private readonly CudaGraph graph;
    private readonly long releases;

    internal CapturedGraph(CudaAccelerator accelerator, CudaGraph graph)
    {
        this.accelerator = accelerator;
        this.graph = graph;
        releases = accelerator.Releases;
    }

    /// <summary>Whether a buffer of the accelerator was given back since the capture: it may be one that the graph uses, and
    /// another's by now. Then capture anew.</summary>
    public bool IsStale => accelerator.Releases != releases;

    /// <summary>Does all of it once, in the order of the default stream.</summary>
    public void Launch() => Launch(accelerator.DefaultStream);

    /// <summary>Does all of it once, in the order of a stream.</summary>
    public void Launch(AcceleratorStream stream) => graph.Launch(accelerator.StreamOf(stream));

    /// <summary>Gives the graph back. A launch that is under way runs to its end.</summary>
    public void Dispose() => graph.Dispose();
}
