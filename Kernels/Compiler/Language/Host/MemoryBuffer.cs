using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Memory of an accelerator.</summary>
public abstract class MemoryBuffer : IDisposable
{
    private bool disposed;

    private protected MemoryBuffer(Accelerator accelerator, long lengthInBytes, string name)
    {
        Accelerator = accelerator;
        LengthInBytes = lengthInBytes;
        Name = name;
        Memory = accelerator.AllocateBytes(lengthInBytes, name);
    }

    /// <summary>Whose memory it is.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>Size.</summary>
    public long LengthInBytes { get; }

    /// <summary>Whether it was given back, by itself or with its accelerator.</summary>
    public bool IsDisposed => disposed || Accelerator.IsDisposed;

    /// <summary>Type and length, for messages.</summary>
    internal string Name { get; }

    /// <summary>The memory on the device; none for 0 bytes.</summary>
    internal BufferMemory? Memory { get; }

    /// <summary>The address that a kernel sees for the first byte; 0 where there is none.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    internal long Address
    {
        get
        {
            if (IsDisposed)
                throw new ObjectDisposedException(Name, $"The buffer {Name} was disposed. Dispose it after its last use.");
            return Memory?.Address ?? 0;
        }
    }

    /// <summary>Gives the memory back. Twice is no error.</summary>
    public void Dispose()
    {
        if (!IsDisposed && Memory is not null) Accelerator.FreeBytes(Memory, LengthInBytes);
        disposed = true;
        GC.SuppressFinalize(this);
    }
}

/// <summary>Elements in the memory of an accelerator.</summary>
/// <remarks>Copies wait until they are done. Their arrays have exactly as many elements as the buffer; for a part of it, copy to
/// or from a <see cref="ArrayView{T}.SubView(long, long)"/> of its view.</remarks>
public sealed class MemoryBuffer1D<T, TStride> : MemoryBuffer
    where T : unmanaged
    where TStride : struct, IStride1D
{
    internal MemoryBuffer1D(Accelerator accelerator, long length)
        : base(accelerator, checked(length * Unsafe.SizeOf<T>()), $"{typeof(T).Name}[{length}]") => Length = length;

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>Number of elements as 32 bits.</summary>
    public Index1D IntExtent => checked((int)Length);

    /// <summary>All of it, as a kernel takes it.</summary>
    public ArrayView1D<T, TStride> View => new(new ArrayView<T>(this, 0, Length));

    /// <summary>The buffer's view.</summary>
    public static implicit operator ArrayView1D<T, TStride>(MemoryBuffer1D<T, TStride> buffer) => buffer.View;

    /// <summary>Overwrites the buffer.</summary>
    /// <param name="data">As many elements as the buffer has.</param>
    /// <exception cref="ArgumentException">Another number of elements.</exception>
    public void CopyFromCPU(T[] data) => View.BaseView.CopyFromCPU(data.AsSpan());

    /// <summary>Overwrites an array with the buffer's content.</summary>
    /// <param name="data">As many elements as the buffer has.</param>
    /// <exception cref="ArgumentException">Another number of elements.</exception>
    public void CopyToCPU(T[] data) => View.BaseView.CopyToCPU(data.AsSpan());

    /// <summary>The buffer's content as a new array.</summary>
    public T[] GetAsArray1D()
    {
        T[] data = new T[Length];
        CopyToCPU(data);
        return data;
    }

    /// <summary>Sets every byte to 0.</summary>
    public void MemSetToZero() => View.BaseView.MemSetToZero();

    /// <summary>Sets every byte to 0 in the order of a stream, without waiting.</summary>
    public void MemSetToZero(AcceleratorStream stream) => View.BaseView.MemSetToZero(stream);
}
