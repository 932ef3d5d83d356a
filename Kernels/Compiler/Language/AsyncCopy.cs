namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Copies from global to shared memory that run beside the thread (sm_80 and later). Only inside a kernel.</summary>
/// <remarks>A copy has happened for the thread that asked for it after <see cref="Wait"/>, for the others after a barrier behind that.
/// Until then neither side may be touched.</remarks>
public static class AsyncCopy
{
    /// <summary>Begins to copy one element of 4, 8 or 16 bytes, both sides aligned to its size.</summary>
    /// <param name="shared">In shared memory. Overwritten.</param>
    /// <param name="global">In global memory.</param>
    public static void Copy<T>(ref T shared, ref T global)
        where T : unmanaged => KernelOnly.Throw("AsyncCopy.Copy");

    /// <summary>Like <see cref="Copy"/>, but writes zeros, and reads nothing, where <paramref name="inside"/> is false.</summary>
    public static void CopyOrZero<T>(ref T shared, ref T global, bool inside)
        where T : unmanaged => KernelOnly.Throw("AsyncCopy.CopyOrZero");

    /// <summary>Closes the group of copies that this thread began since the last call.</summary>
    public static void Commit() => KernelOnly.Throw("AsyncCopy.Commit");

    /// <summary>Waits until at most <paramref name="pending"/> of the youngest groups of this thread are still under way.</summary>
    /// <param name="pending">A constant, 0 to 7.</param>
    public static void Wait(int pending) => KernelOnly.Throw("AsyncCopy.Wait");
}
