using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace GatysGpu.Weights.Flat;

/// <summary>A file in memory without being read: the system loads a page when it is touched and may drop it again.</summary>
/// <remarks>Without <see cref="Dispose"/> the mapping stays to the end of the program, so a span into it is never left hanging.
/// A file that another program cuts short while it is mapped ends this one: replace such files by renaming, as
/// <see cref="AtomicFile"/> does.</remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private byte* start;

    /// <summary>Maps a whole file, which must not be empty, for reading.</summary>
    public MappedFile(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        Length = stream.Length;
        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None,
            leaveOpen: false);
        view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Bytes [offset, offset + count), which must lie in the file; valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int count)
    {
        ObjectDisposedException.ThrowIf(start is null, typeof(WeightTable));
        if (offset < 0 || count < 0 || offset > Length - count) throw new ArgumentOutOfRangeException(nameof(offset));
        return new ReadOnlySpan<byte>(start + offset, count);
    }

    /// <summary>float32 values in place. Using them after <see cref="Dispose"/> throws.</summary>
    public ReadOnlyMemory<float> Floats(long offset, int count)
    {
        Bytes(offset, checked(count * sizeof(float)));
        return new Window(this, offset, count).Memory;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (start is null) return;
        start = null;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }

    private sealed class Window(MappedFile owner, long offset, int count) : MemoryManager<float>
    {
        public override Span<float> GetSpan()
        {
            ObjectDisposedException.ThrowIf(owner.start is null, typeof(WeightTable));
            return new Span<float>(owner.start + offset, count);
        }

        // Nothing moves a mapping.
        public override MemoryHandle Pin(int elementIndex = 0)
        {
            ObjectDisposedException.ThrowIf(owner.start is null, typeof(WeightTable));
            return new MemoryHandle((float*)(owner.start + offset) + elementIndex, default, this);
        }

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
