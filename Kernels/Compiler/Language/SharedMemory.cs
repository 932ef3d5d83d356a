using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Memory that the threads of one group share. Only inside a kernel; it begins with no defined content.</summary>
public static class SharedMemory
{
    /// <summary>An array of a constant number of elements, aligned to 16 bytes or the element's size.</summary>
    public static ArrayView<T> Allocate<T>(int extent)
        where T : unmanaged => KernelOnly.Throw<ArrayView<T>>("SharedMemory.Allocate");

    /// <inheritdoc cref="Allocate{T}(int)"/>
    public static ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D extent)
        where T : unmanaged => new(Allocate<T>(extent.X));

    /// <summary>One element.</summary>
    public static ref T Allocate<T>()
        where T : unmanaged
    {
        KernelOnly.Throw("SharedMemory.Allocate");
        return ref Unsafe.NullRef<T>();
    }

    /// <summary>The array whose size the launch decides (<see cref="SharedMemoryConfig"/>).</summary>
    public static ArrayView<T> GetDynamic<T>()
        where T : unmanaged => KernelOnly.Throw<ArrayView<T>>("SharedMemory.GetDynamic");
}
