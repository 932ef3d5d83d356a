namespace GatysGpu.Cli.Files;

/// <summary>Why a file cannot be used, in the user's words.</summary>
internal static class FileErrors
{
    /// <summary>The reason without the file's name.</summary>
    /// <param name="e">What opening or writing a file threw.</param>
    public static string Reason(Exception e) => e switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "its folder does not exist",
        PathTooLongException => "the name is too long",
        UnauthorizedAccessException => "may not be accessed, or is a folder",
        _ => e.Message,
    };

    /// <summary>Does something with a file that an option names; failures name both.</summary>
    /// <param name="option">The option.</param>
    /// <param name="path">Its value.</param>
    /// <param name="act">What to do.</param>
    /// <param name="expected">What the option takes.</param>
    /// <exception cref="InputException">The file system refused.</exception>
    public static T Naming<T>(string option, string path, Func<T> act, string expected = "a file that can be written")
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{option} '{path}': {Reason(e)}; expected {expected}", e);
        }
    }
}
