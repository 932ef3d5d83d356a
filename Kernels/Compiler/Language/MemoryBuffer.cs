namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Memory of an accelerator.</summary>
public abstract class MemoryBuffer : IDisposable
{
    /// <summary>Size.</summary>
    public abstract long LengthInBytes { get; }

    /// <summary>The address that a kernel sees for the first byte.</summary>
    internal abstract long Address { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
