using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>A window on device memory: <see cref="Length"/> elements of <typeparamref name="T"/>. On the host it is a handle;
/// elements can be reached only inside a kernel.</summary>
/// <remarks>The compiler knows this type: in a kernel it is a pointer and a length. Indexing out of range is undefined on a GPU and
/// stops the checker.</remarks>
public readonly struct ArrayView<T>
    where T : unmanaged
{
    internal ArrayView(MemoryBuffer? buffer, long byteOffset, long length)
    {
        Buffer = buffer;
        ByteOffset = byteOffset;
        Length = length;
    }

    /// <summary>The memory that the view lies in; none for an empty view.</summary>
    internal MemoryBuffer? Buffer { get; }

    /// <summary>Bytes from the start of <see cref="Buffer"/>.</summary>
    internal long ByteOffset { get; }

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>Number of elements as 32 bits.</summary>
    public int IntLength => checked((int)Length);

    /// <summary>The element at an index from 0. Only inside a kernel.</summary>
    public ref T this[int index] => ref Element();

    /// <summary>The element at an index from 0. Only inside a kernel.</summary>
    public ref T this[long index] => ref Element();

    /// <summary>The element at an index from 0. Only inside a kernel.</summary>
    public ref T this[Index1D index] => ref Element();

    /// <summary>The elements from <paramref name="offset"/> on.</summary>
    /// <param name="offset">From 0.</param>
    /// <param name="length">Number of elements; the part must lie inside the view.</param>
    public ArrayView<T> SubView(int offset, int length) => SubView((long)offset, length);

    /// <summary>The elements from <paramref name="offset"/> to the end.</summary>
    public ArrayView<T> SubView(long offset) => SubView(offset, Length - offset);

    /// <inheritdoc cref="SubView(int, int)"/>
    /// <exception cref="ArgumentOutOfRangeException">On the host, where the part does not lie inside the view.</exception>
    public ArrayView<T> SubView(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"A part of {length} elements from {offset} on does not lie in a view of {Length}.");
        return new ArrayView<T>(Buffer, ByteOffset + offset * Unsafe.SizeOf<T>(), length);
    }

    /// <summary>The same bytes as elements of another type; bytes at the end that do not fill an element are left out.</summary>
    /// <remarks>A vector type needs a view that begins at a multiple of its size.</remarks>
    public ArrayView<TOther> Cast<TOther>()
        where TOther : unmanaged =>
        new(Buffer, ByteOffset, Length * Unsafe.SizeOf<T>() / Unsafe.SizeOf<TOther>());

    /// <summary>The view without its stride.</summary>
    public static implicit operator ArrayView<T>(ArrayView1D<T, Stride1D.Dense> view) => view.BaseView;

    private static ref T Element()
    {
        KernelOnly.Throw("An element of an ArrayView");
        return ref Unsafe.NullRef<T>();
    }
}
