using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Copies between views and the host's memory, and within the device.</summary>
/// <remarks>Those without a stream wait until they are done. Both sides have equally many elements.</remarks>
public static class ArrayViewExtensions
{
    /// <summary>A span has less than 2³¹ bytes, an array of larger elements may have more: what is copied at once.</summary>
    private const int MostBytes = 1 << 30;

    /// <summary>Overwrites the view.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void CopyFromCPU<T>(this ArrayView<T> view, ReadOnlySpan<T> data)
        where T : unmanaged
    {
        if (view.Owner("CopyFromCPU", data.Length) is not { } accelerator) return;
        int most = MostBytes / Unsafe.SizeOf<T>();
        for (int done = 0; done < data.Length; done += most)
        {
            ReadOnlySpan<T> part = data.Slice(done, Math.Min(most, data.Length - done));
            accelerator.CopyIn(view.SubView(done, part.Length).Range(), MemoryMarshal.AsBytes(part));
        }
    }

    /// <inheritdoc cref="CopyFromCPU{T}(ArrayView{T}, ReadOnlySpan{T})"/>
    public static void CopyFromCPU<T>(this ArrayView<T> view, T[] data)
        where T : unmanaged => view.CopyFromCPU((ReadOnlySpan<T>)data);

    /// <inheritdoc cref="CopyFromCPU{T}(ArrayView{T}, ReadOnlySpan{T})"/>
    public static void CopyFromCPU<T>(this ArrayView1D<T, Stride1D.Dense> view, T[] data)
        where T : unmanaged => view.BaseView.CopyFromCPU((ReadOnlySpan<T>)data);

    /// <summary>Overwrites the host's memory with the view's content.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void CopyToCPU<T>(this ArrayView<T> view, Span<T> data)
        where T : unmanaged
    {
        if (view.Owner("CopyToCPU", data.Length) is not { } accelerator) return;
        int most = MostBytes / Unsafe.SizeOf<T>();
        for (int done = 0; done < data.Length; done += most)
        {
            Span<T> part = data.Slice(done, Math.Min(most, data.Length - done));
            accelerator.CopyOut(view.SubView(done, part.Length).Range(), MemoryMarshal.AsBytes(part));
        }
    }

    /// <inheritdoc cref="CopyToCPU{T}(ArrayView{T}, Span{T})"/>
    public static void CopyToCPU<T>(this ArrayView<T> view, T[] data)
        where T : unmanaged => view.CopyToCPU((Span<T>)data);

    /// <inheritdoc cref="CopyToCPU{T}(ArrayView{T}, Span{T})"/>
    public static void CopyToCPU<T>(this ArrayView1D<T, Stride1D.Dense> view, T[] data)
        where T : unmanaged => view.BaseView.CopyToCPU((Span<T>)data);

    /// <summary>Overwrites <paramref name="target"/> with the view's content, in the order of the default stream.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void CopyTo<T>(this ArrayView<T> source, ArrayView<T> target)
        where T : unmanaged
    {
        if (source.Owner("CopyTo", target.Length) is { } accelerator) source.CopyTo(accelerator.DefaultStream, target);
    }

    /// <summary>Overwrites <paramref name="target"/> with the view's content in the order of a stream, without waiting.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or a view is of another accelerator.</exception>
    public static void CopyTo<T>(this ArrayView<T> source, AcceleratorStream stream, ArrayView<T> target)
        where T : unmanaged
    {
        if (source.Owner("CopyTo", target.Length) is not { } accelerator) return;
        accelerator.RequireOwn(stream);
        _ = target.Address(accelerator);
        accelerator.CopyWithin(stream, source.Range(), target.Range());
    }

    /// <summary>Sets every byte of the view to 0, in the order of the default stream.</summary>
    public static void MemSetToZero<T>(this ArrayView<T> view)
        where T : unmanaged
    {
        if (view.Owner("MemSetToZero", view.Length) is { } accelerator) view.MemSetToZero(accelerator.DefaultStream);
    }

    /// <summary>Sets every byte of the view to 0 in the order of a stream, without waiting.</summary>
    public static void MemSetToZero<T>(this ArrayView<T> view, AcceleratorStream stream)
        where T : unmanaged
    {
        if (view.Owner("MemSetToZero", view.Length) is not { } accelerator) return;
        accelerator.RequireOwn(stream);
        accelerator.Clear(stream, view.Range());
    }

    /// <summary>The accelerator that has to do something; none where there is nothing to do.</summary>
    private static Accelerator? Owner<T>(this ArrayView<T> view, string call, long length)
        where T : unmanaged
    {
        if (length != view.Length)
            throw new ArgumentException($"{call}: the view has {view.Length} elements, the other side {length}. "
                + "Take a SubView, or a part of the array, of the same length.");
        _ = view.Buffer?.Address;
        return length == 0 ? null : view.Buffer!.Accelerator;
    }

    /// <summary>The bytes of a view that is not empty.</summary>
    private static BufferRange Range<T>(this ArrayView<T> view)
        where T : unmanaged => new(view.Buffer!, view.ByteOffset, view.Length * Unsafe.SizeOf<T>());

    /// <summary>The address that a kernel of <paramref name="accelerator"/> sees for the first element; 0 for a view of
    /// nothing.</summary>
    /// <exception cref="ArgumentException">The view is of another accelerator.</exception>
    /// <exception cref="ObjectDisposedException">Its buffer was disposed.</exception>
    internal static long Address<T>(this ArrayView<T> view, Accelerator accelerator)
        where T : unmanaged
    {
        if (view.Buffer is not { } buffer) return 0;
        if (buffer.Accelerator != accelerator)
            throw new ArgumentException($"The view is of {buffer.Name}, a buffer of {buffer.Accelerator.Name}, and was given to "
                + $"another accelerator, {accelerator.Name}. Allocate it on the accelerator that uses it.");
        return buffer.Address + view.ByteOffset;
    }
}
