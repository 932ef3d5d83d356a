namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>Something that the driver made in a context and that is given back once: by <see cref="Dispose"/>, or by the
/// context's own disposal if nobody did before.</summary>
public abstract class CudaResource : IDisposable
{
    private int disposed;

    private protected CudaResource(CudaContext context) => Context = context;

    /// <summary>The context that it belongs to.</summary>
    public CudaContext Context { get; }

    /// <summary>Whether it was given back.</summary>
    public bool IsDisposed => Volatile.Read(ref disposed) != 0;

    /// <summary>Gives it back; a second call does nothing. Work that uses it must have ended.</summary>
    /// <exception cref="CudaException">The driver refused, for a reason other than that the context is lost.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        GC.SuppressFinalize(this);
        Context.Forget(this);
        Release(Context.Enter());
    }

    /// <summary>Makes the context current on this thread.</summary>
    /// <returns>The driver.</returns>
    /// <exception cref="ObjectDisposedException">This object or its context was disposed.</exception>
    private protected CudaApi Enter()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return Context.Enter();
    }

    /// <summary>The driver's call that gives it back. Runs once, with the context current.</summary>
    private protected abstract void Release(CudaApi api);
}
