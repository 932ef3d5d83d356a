namespace GatysGpu.Kernels;

/// <summary>Copies from global to shared memory. ILGPU gives no address of shared memory to inline PTX, so that they are plain
/// copies, done at once; the waits have nothing to wait for.</summary>
internal static class AsyncCopy
{
    /// <summary>Copies one element.</summary>
    public static void Copy<T>(ref T shared, ref T global)
        where T : unmanaged => shared = global;

    /// <summary>Copies one element, or writes zeros, and reads nothing, where <paramref name="inside"/> is false.</summary>
    public static void CopyOrZero<T>(ref T shared, ref T global, bool inside)
        where T : unmanaged
    {
        if (inside) shared = global;
        else shared = default;
    }

    /// <summary>Nothing is under way.</summary>
    public static void Commit()
    {
    }

    /// <summary>Nothing is under way.</summary>
    public static void Wait(int pending)
    {
    }
}
