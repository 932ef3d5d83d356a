using System.Runtime.InteropServices;

namespace GatysGpu.Kernels;

/// <summary>Copies between views and spans, as the project's language has them, by those of ILGPU that take a reference and a
/// length.</summary>
internal static class ViewCopies
{
    /// <summary>Overwrites the view.</summary>
    public static void CopyFromCPU<T>(this ArrayView<T> view, ReadOnlySpan<T> data)
        where T : unmanaged
    {
        RequireSame(view.Length, data.Length);
        if (data.Length > 0) view.CopyFromCPU(ref MemoryMarshal.GetReference(data), data.Length);
    }

    /// <summary>Overwrites the host's memory with the view's content.</summary>
    public static void CopyToCPU<T>(this ArrayView<T> view, Span<T> data)
        where T : unmanaged
    {
        RequireSame(view.Length, data.Length);
        if (data.Length > 0) view.CopyToCPU(ref MemoryMarshal.GetReference(data), data.Length);
    }

    private static void RequireSame(long view, long data)
    {
        if (view != data) throw new ArgumentException($"The view has {view} elements, the other side {data}.");
    }
}
