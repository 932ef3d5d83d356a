namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Work that was recorded once by <see cref="Accelerator.Capture"/> and can be repeated as a whole.</summary>
public abstract class CapturedGraph : IDisposable
{
    private readonly Accelerator accelerator;
    private readonly long releases;

    private protected CapturedGraph(Accelerator accelerator)
    {
        this.accelerator = accelerator;
        releases = accelerator.Releases;
    }

    /// <summary>Whether a buffer of the accelerator was given back since the capture: it may be one that the graph uses, and
    /// another's by now. Then capture anew.</summary>
    public bool IsStale => accelerator.Releases != releases;

    /// <summary>Does all of it once, in the order of the default stream.</summary>
    public void Launch() => Launch(accelerator.DefaultStream);

    /// <summary>Does all of it once, in the order of a stream.</summary>
    public abstract void Launch(AcceleratorStream stream);

    /// <summary>Gives the graph back. A launch that is under way runs to its end.</summary>
    public abstract void Dispose();
}
