namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Work of an accelerator that runs in the order in which it was given; streams run beside each other.</summary>
public abstract class AcceleratorStream : IDisposable
{
    private protected AcceleratorStream(Accelerator accelerator) => Accelerator = accelerator;

    /// <summary>Whose work it is.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>Waits until all of it is done.</summary>
    public abstract void Synchronize();

    /// <summary>Waits and gives the stream back. Twice is no error.</summary>
    public abstract void Dispose();
}
