using System.Runtime.InteropServices;

namespace GatysGpu.Kernels.Devices.Host;

/// <summary>Pages straight from the Linux kernel, and straight back to it.</summary>
/// <remarks>The C library keeps freed blocks of up to 32 MiB for later, once it has seen blocks of that size: the filters of a small scale
/// would still be resident while a larger one is painted.</remarks>
internal static unsafe partial class LinuxPages
{
    private const int ReadWrite = 3, PrivateAnonymous = 0x22, HugePages = 14;

    /// <summary>Takes zeroed pages.</summary>
    /// <exception cref="OutOfMemoryException">There are none.</exception>
    public static void* Take(nuint bytes)
    {
        void* start = Map(null, bytes, ReadWrite, PrivateAnonymous, -1, 0);
        if (start == (void*)-1) throw new OutOfMemoryException($"the system has no {bytes} bytes");
        // Only a wish: maps are walked in long strides, and pages of 2 MiB spare the processor's page tables.
        _ = Advise(start, bytes, HugePages);
        return start;
    }

    /// <summary>Gives them back.</summary>
    public static void Return(void* start, nuint bytes) => _ = Unmap(start, bytes);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
