using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Kernels.Devices.Gpu;

// The same operations many times, as one launch of a graph.
public sealed partial class GpuDevice
{
    private bool refusesGraphs;

    /// <inheritdoc/>
    public RepeatedOperations Repeat(Action operations) => new GraphedOperations(this, operations);

    /// <summary>Operations that are recorded as a graph.</summary>
    /// <remarks>The first run is a plain one: it loads kernels and takes scratch memory, which nothing can while it is recorded.
    /// The second one records and runs the graph, later ones only run it. A graph keeps addresses and asks nobody whether they
    /// are still valid: where any buffer was given back since, all begins anew. Where the driver refuses, runs stay
    /// plain.</remarks>
    private sealed class GraphedOperations(GpuDevice device, Action operations) : RepeatedOperations(operations)
    {
        private CapturedGraph? graph;
        private bool settled;

        public override void Run()
        {
            if (graph is { IsStale: true }) Forget();
            if (graph is not null) graph.Launch();
            else if (settled && !device.refusesGraphs) Record();
            else base.Run();
            settled = true;
        }

        public override void Dispose()
        {
            Forget();
            base.Dispose();
        }

        private void Record()
        {
            try
            {
                graph = device.accelerator.Capture(base.Run);
                graph.Launch();
            }
            catch (Exception e) when (e is CudaException or InvalidOperationException)
            {
                Forget();
                // An error of the operations themselves comes again here; then it is the one to report.
                base.Run();
                device.refusesGraphs = true;
                device.note?.Invoke($"{device.accelerator.Name}: kernels are launched one by one, which takes longer and "
                    + $"changes nothing else, because the driver did not record them as a graph: {e.Message}");
            }
        }

        private void Forget()
        {
            graph?.Dispose();
            graph = null;
            settled = false;
        }
    }
}
