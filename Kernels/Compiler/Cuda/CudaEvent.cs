namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>A mark in a stream: the host or another stream can wait until the device has reached it, and two of them tell the
/// time between them. Made by <see cref="CudaContext.CreateEvent"/>.</summary>
public sealed unsafe class CudaEvent : CudaResource
{
    private readonly nint handle;

    internal CudaEvent(CudaContext context, nint handle, bool timing) : base(context)
    {
        this.handle = handle;
        HasTiming = timing;
    }

    /// <summary>Whether it keeps the time at which it was reached.</summary>
    public bool HasTiming { get; }

    /// <summary>Sets the mark behind the work that the stream has so far; an earlier mark of this event is forgotten.</summary>
    /// <param name="stream">A stream of the same context.</param>
    /// <exception cref="CudaException">The driver refused.</exception>
    public void Record(CudaStream stream)
    {
        CudaApi api = Enter();
        api.Check(api.EventRecord(handle, stream.HandleIn(Context)), "cuEventRecord", $"an event in a stream");
    }

    /// <summary>Waits until the device has reached the mark; returns at once where none was set.</summary>
    /// <exception cref="CudaException">Work before the mark failed.</exception>
    public void Synchronize()
    {
        CudaApi api = Enter();
        api.Check(api.EventSynchronize(handle), "cuEventSynchronize", $"work before an event");
    }

    /// <summary>Waits for this event, then tells the time from another to it.</summary>
    /// <param name="start">An event that was recorded before this one.</param>
    /// <returns>Milliseconds, to about half a microsecond.</returns>
    /// <exception cref="InvalidOperationException">One of them keeps no time.</exception>
    /// <exception cref="CudaException">One of them was not recorded, or work before it failed.</exception>
    public double MillisecondsSince(CudaEvent start)
    {
        if (!HasTiming || !start.HasTiming)
            throw new InvalidOperationException("an event made with timing: false keeps no time; make both with timing: true");
        Synchronize();
        CudaApi api = Enter();
        float milliseconds;
        api.Check(api.EventElapsedTime(&milliseconds, start.HandleIn(Context), handle), "cuEventElapsedTime",
            $"the time between two events");
        return milliseconds;
    }

    /// <summary>The handle, for a call in a certain context.</summary>
    internal nint HandleIn(CudaContext context)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Context.Require(context, "event");
        return handle;
    }

    private protected override void Release(CudaApi api) =>
        api.CheckRelease(api.EventDestroy(handle), "cuEventDestroy_v2", $"an event");
}
