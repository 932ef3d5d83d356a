namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Memory of one thread. Only inside a kernel; it begins with no defined content.</summary>
/// <remarks>An array whose indices are all constants once loops are unrolled lives in registers.</remarks>
public static class LocalMemory
{
    /// <summary>An array of a constant number of elements.</summary>
    public static ArrayView<T> Allocate<T>(int extent)
        where T : unmanaged => KernelOnly.Throw<ArrayView<T>>("LocalMemory.Allocate");
}
