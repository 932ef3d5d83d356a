using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Kernels.Compiler.Language;

// Kernels as modules of the driver, and launches as a graph.
public sealed partial class CudaAccelerator
{
    /// <inheritdoc/>
    /// <exception cref="CudaException">The driver refused something that the action did.</exception>
    public override CapturedGraph Capture(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new Graph(this, stream.Stream.Capture(work));
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

    private sealed class Graph(CudaAccelerator accelerator, CudaGraph graph) : CapturedGraph(accelerator)
    {
        public override void Launch(AcceleratorStream stream) => graph.Launch(accelerator.StreamOf(stream));

        public override void Dispose() => graph.Dispose();
    }
}
