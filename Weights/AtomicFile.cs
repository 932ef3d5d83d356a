namespace GatysGpu.Weights;

/// <summary>Writes a file so that its name always stands for a whole file: the old one or the new one, never half of one.</summary>
/// <remarks>
/// The bytes go to a temporary file in the target's own folder (a rename is atomic only within one file system), are flushed to
/// the disk, and the temporary file is then renamed over the target. Whatever fails before the rename leaves the target as it was
/// and removes the temporary file. A program that is killed can leave a file named <c>.gatys-….tmp</c>, never a damaged target.
/// </remarks>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Makes the file, or replaces it as a whole.</summary>
    /// <param name="path">The target; its folder must exist. A symbolic link stays one, and what it points to is replaced.</param>
    /// <param name="write">Writes the file's content to a stream that can seek. What it throws is passed on.</param>
    /// <exception cref="IOException">The folder is absent, the disk is full, the target is a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Target(path);
        // Checked before the work, not only by the rename after it.
        if (Directory.Exists(target)) throw new IOException($"'{target}' is a folder");
        string temporary = TemporaryPath(target);
        try
        {
            // CreateNew: a file that someone else made, or a link that was put there, is never written through.
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferBytes))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            KeepMode(target, temporary);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            RemoveQuietly(temporary);
            throw;
        }
    }

    /// <summary>Tries whether <see cref="Write"/> could make its temporary file, and leaves nothing behind.</summary>
    /// <param name="path">The target that will be written later.</param>
    /// <exception cref="IOException">The folder is absent, the disk is full or read-only, the target is a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void CheckWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Target(path);
        if (Directory.Exists(target)) throw new IOException($"'{target}' is a folder");
        using FileStream probe = new(TemporaryPath(target), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
            FileOptions.DeleteOnClose);
    }

    // A rename over a link would replace the link, and the file it stands for would stay old.
    private static string Target(string path)
    {
        FileInfo file = new(path);
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
    }

    // The name does not contain the target's, which may already be as long as the file system allows.
    private static string TemporaryPath(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, $".gatys-{Guid.NewGuid():N}.tmp");

    private static void KeepMode(string target, string temporary)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target)) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
    }

    // The first error is the one worth reporting; what cannot be removed after it is not.
    private static void RemoveQuietly(string temporary)
    {
        try { File.Delete(temporary); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }
}
