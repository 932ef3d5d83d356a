namespace GatysGpu.Kernels.Compiler.Language;

// Launches as a list, as a GPU has them as a graph: with the same arguments and addresses every time, and with the same rules for
// what may be captured, so that what works here works there.
public sealed partial class SimtAccelerator
{
    private List<Action>? recorded;

    /// <inheritdoc/>
    public override CapturedGraph Capture(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        RequireNoCapture("begins another capture");
        List<Action> list = recorded = [];
        try
        {
            work();
        }
        finally
        {
            recorded = null;
        }
        return new Graph(this, list);
    }

    /// <summary>Does something on the device: now, or whenever the graph is launched that is being captured.</summary>
    private void Do(Action work)
    {
        if (recorded is null) work();
        else recorded.Add(work);
    }

    private void RequireNoCapture(string what)
    {
        if (recorded is not null)
            throw new InvalidOperationException(
                $"the checker was given a call that {what} during Capture; do that before or after");
    }

    private sealed class Graph(SimtAccelerator accelerator, List<Action> work) : CapturedGraph(accelerator)
    {
        private bool disposed;

        public override void Launch(AcceleratorStream stream)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            foreach (Action one in work) one();
        }

        public override void Dispose() => disposed = true;
    }
}
