namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Memory of one buffer on its device.</summary>
internal abstract class BufferMemory : IDisposable
{
    /// <summary>What a kernel sees for the first byte.</summary>
    internal abstract long Address { get; }

    /// <summary>Gives it back. Called once.</summary>
    public abstract void Dispose();
}

/// <summary>Bytes of a buffer: what a copy reads or overwrites.</summary>
/// <param name="Buffer">Where they lie.</param>
/// <param name="Offset">The first, from the start of the buffer.</param>
/// <param name="Bytes">Number of bytes, more than 0.</param>
internal readonly record struct BufferRange(MemoryBuffer Buffer, long Offset, long Bytes)
{
    /// <summary>What a kernel sees for the first byte.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    internal long Address => Buffer.Address + Offset;
}
