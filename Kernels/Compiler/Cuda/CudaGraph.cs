namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>Work that was captured from a stream once and can be launched as a whole any number of times, for the price of one
/// launch. Made by <see cref="CudaStream.Capture"/>.</summary>
public sealed unsafe class CudaGraph : CudaResource
{
    private readonly nint executable;

    private CudaGraph(CudaContext context, nint executable) : base(context) => this.executable = executable;

    /// <summary>Enqueues all of the work in a stream. Launches of one graph never overlap.</summary>
    /// <param name="stream">A stream of the same context; it need not be the captured one.</param>
    /// <exception cref="CudaException">The driver refused.</exception>
    public void Launch(CudaStream stream)
    {
        CudaApi api = Enter();
        api.Check(api.GraphLaunch(executable, stream.HandleIn(Context)), "cuGraphLaunch",
            $"a captured graph on {Context.Device.Name}");
    }

    /// <summary>Prepares a captured graph for launching; the context owns the result.</summary>
    /// <param name="context">Current on this thread.</param>
    /// <param name="graph">Handle of the captured graph; destroyed in any case.</param>
    /// <exception cref="CudaException">The driver refused.</exception>
    internal static CudaGraph Instantiate(CudaContext context, nint graph)
    {
        CudaApi api = context.Enter();
        nint executable = 0;
        CudaResult instantiated = api.GraphInstantiate(&executable, graph, 0);
        // The executable is a copy: the captured graph is of no further use, whether that worked or not.
        CudaResult destroyed = api.GraphDestroy(graph);
        api.Check(instantiated, "cuGraphInstantiateWithFlags", $"a captured graph on {context.Device.Name}");
        CudaGraph result = context.Adopt(new CudaGraph(context, executable));
        api.CheckRelease(destroyed, "cuGraphDestroy", $"a captured graph on {context.Device.Name}");
        return result;
    }

    private protected override void Release(CudaApi api) =>
        api.CheckRelease(api.GraphExecDestroy(executable), "cuGraphExecDestroy", $"a captured graph");
}
