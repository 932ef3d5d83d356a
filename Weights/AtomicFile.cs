namespace GatysGpu.Weights;

/// <summary>Writes a file so that its name never shows half of it.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/>, flushes to the disk, then renames over it.</summary>
    /// <param name="path">The file to make or to replace. Its folder must exist.</param>
    /// <param name="write">Writes the whole content; the stream can seek and is closed for it.</param>
    /// <remarks>Killed at any moment, or thrown out of by <paramref name="write"/>, it leaves at <paramref name="path"/> what
    /// was there before. A kill may leave the temporary file <c>.NAME.XXXXXXXX.tmp</c>; an exception does not.</remarks>
    /// <exception cref="IOException">The folder is missing, full or not writable.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? throw new IOException($"{path}: is a folder, expected a file's name.");
        string temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()[..8]}.tmp");
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                // Without this a power cut after the rename could show the new name with none of its data.
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
