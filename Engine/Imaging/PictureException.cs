namespace GatysGpu.Engine.Imaging;

/// <summary>A picture file cannot be read or written. The message is one line: the file's name, the reason, and the remedy where
/// there is one; it can be shown to a user as it is.</summary>
public sealed class PictureException : Exception
{
    /// <summary>Makes the message <c>name: reason</c>.</summary>
    /// <param name="path">The file as the user named it; control characters in it are shown as '?'.</param>
    /// <param name="reason">What is wrong and what to do, without the file's name.</param>
    /// <param name="inner">What was caught, where something was.</param>
    public PictureException(string path, string reason, Exception? inner = null) : base($"{OneLine(path)}: {OneLine(reason)}", inner) =>
        (Path, Reason) = (path, reason);

    /// <summary>The file as the user named it.</summary>
    public string Path { get; }

    /// <summary>The message without the file's name.</summary>
    public string Reason { get; }

    // A file name may hold a line break or a terminal's escape sequence; a message must not.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
