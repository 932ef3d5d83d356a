namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>How the index of a one-dimensional view becomes an address.</summary>
public interface IStride1D;

/// <summary>The strides of one-dimensional views.</summary>
public static class Stride1D
{
    /// <summary>Elements lie side by side.</summary>
    public readonly struct Dense : IStride1D;
}

/// <summary>A one-dimensional view with a stride; the only stride is <see cref="Stride1D.Dense"/>.</summary>
public readonly struct ArrayView1D<T, TStride>
    where T : unmanaged
    where TStride : struct, IStride1D
{
    private readonly ArrayView<T> view;

    internal ArrayView1D(ArrayView<T> view) => this.view = view;

    /// <summary>The view without its stride.</summary>
    public ArrayView<T> BaseView => view;

    /// <summary>Number of elements.</summary>
    public long Length => view.Length;

    /// <summary>Number of elements as 32 bits.</summary>
    public int IntLength => view.IntLength;

    /// <summary>Number of elements as an index.</summary>
    public Index1D IntExtent => view.IntLength;

    /// <summary>The element at an index from 0. Only inside a kernel.</summary>
    public ref T this[int index] => ref view[index];

    /// <summary>The element at an index from 0. Only inside a kernel.</summary>
    public ref T this[long index] => ref view[index];

    /// <summary>The element at an index from 0. Only inside a kernel.</summary>
    public ref T this[Index1D index] => ref view[index.X];

    /// <summary>The elements from <paramref name="index"/> on.</summary>
    public ArrayView1D<T, TStride> SubView(Index1D index, Index1D extent) => new(view.SubView(index.X, extent.X));}
