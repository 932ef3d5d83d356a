namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>A queue of work that the device does in order; two streams run beside each other. Made by
/// <see cref="CudaContext.CreateStream"/>. One thread at a time.</summary>
public sealed unsafe partial class CudaStream : CudaResource
{
    private readonly nint handle;

    internal CudaStream(CudaContext context, nint handle) : base(context) => this.handle = handle;

    /// <summary>Whether work goes into a graph at present instead of to the device.</summary>
    public bool IsCapturing { get; private set; }

    /// <summary>Waits until the device has done all that the stream was given.</summary>
    /// <exception cref="CudaException">A kernel or a copy failed.</exception>
    /// <exception cref="InvalidOperationException">The stream is being captured: nothing runs that could be waited
    /// for.</exception>
    public void Synchronize()
    {
        RequireNoCapture("waits for the device");
        CudaApi api = Enter();
        api.Check(api.StreamSynchronize(handle), "cuStreamSynchronize", $"the work of a stream on {Context.Device.Name}");
    }

    /// <summary>Holds back what the stream is given from now on until another stream has reached an event.</summary>
    /// <param name="mark">An event of the same context.</param>
    /// <exception cref="CudaException">The driver refused.</exception>
    public void WaitFor(CudaEvent mark)
    {
        CudaApi api = Enter();
        api.Check(api.StreamWaitEvent(handle, mark.HandleIn(Context), 0), "cuStreamWaitEvent", $"an event of another stream");
    }

    /// <summary>Makes a graph of the work that an action gives to this stream; nothing of it runs until the graph is
    /// launched.</summary>
    /// <param name="work">Launches and copies on this stream. It must not wait for the device nor allocate on it, and what it
    /// uses must outlive the graph: kernel arguments and addresses are kept as they are now.</param>
    /// <exception cref="CudaException">The driver refused the capture or the graph.</exception>
    /// <exception cref="InvalidOperationException">The stream is being captured already.</exception>
    public CudaGraph Capture(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        RequireNoCapture("begins another capture");
        CudaApi api = Enter();
        api.Check(api.StreamBeginCapture(handle, CudaFlags.CaptureThreadLocal), "cuStreamBeginCapture_v2", $"capture of a stream");
        nint graph = 0;
        IsCapturing = true;
        try
        {
            work();
        }
        catch
        {
            // The stream must leave the capture; what the action threw is the error to report, not what this makes of the rest.
            EndCapture(&graph);
            if (graph != 0) api.GraphDestroy(graph);
            throw;
        }
        api.Check(EndCapture(&graph), "cuStreamEndCapture", $"capture of a stream");
        return CudaGraph.Instantiate(Context, graph);

        CudaResult EndCapture(nint* captured)
        {
            IsCapturing = false;
            return Context.Enter().StreamEndCapture(handle, captured);
        }
    }

    /// <summary>The handle, for a call in a certain context.</summary>
    internal nint HandleIn(CudaContext context)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Context.Require(context, "stream");
        return handle;
    }

    private protected override void Release(CudaApi api) =>
        api.CheckRelease(api.StreamDestroy(handle), "cuStreamDestroy_v2", $"a stream");

    private void RequireNoCapture(string what)
    {
        if (IsCapturing)
            throw new InvalidOperationException($"a stream under capture was given a call that {what}; do that before or after Capture");
    }
}
