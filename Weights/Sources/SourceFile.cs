using Microsoft.Win32.SafeHandles;

namespace GatysGpu.Weights.Sources;

/// <summary>A file that is read at any offset, never further than it is long.</summary>
/// <remarks>Read, not mapped: a mapped file of 548 MB would count as this program's memory page by page.</remarks>
internal sealed class SourceFile : IDisposable
{
    private readonly SafeFileHandle handle;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public SourceFile(string path)
    {
        Path = path;
        handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = RandomAccess.GetLength(handle);
    }

    /// <summary>The file as the caller named it.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/> on.</summary>
    /// <exception cref="WeightException">The file ends before; the message says where.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        Require(offset, destination.Length, "data");
        for (int done = 0; done < destination.Length;)
        {
            int got = RandomAccess.Read(handle, destination[done..], offset + done);
            if (got == 0) throw Cut("data", offset, destination.Length, offset + done);
            done += got;
        }
    }

    /// <summary>Some bytes as an array.</summary>
    public byte[] Read(long offset, int count)
    {
        Require(offset, count, "data");
        byte[] bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>Checks that [offset, offset + count) lies in the file, before anything is allocated for it.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="count">Number of bytes.</param>
    /// <param name="what">What lies there, for the message.</param>
    public void Require(long offset, long count, string what)
    {
        // Written so that no sum can overflow.
        if (offset < 0 || count < 0 || count > Length || offset > Length - count) throw Cut(what, offset, count, Length);
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private WeightException Cut(string what, long offset, long count, long end) => new(Path,
        $"{what} needs {count} bytes at {offset}, the file ends at {end}", "It is cut off or damaged: download it again.");
}
