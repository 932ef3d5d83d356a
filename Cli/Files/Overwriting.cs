using System.Text.RegularExpressions;

namespace GatysGpu.Cli.Files;

/// <summary>Keeps the program from writing over what it reads.</summary>
internal static class Overwriting
{
    private static readonly StringComparison Comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>Refuses to write a file that is also read, or written under another option.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="path">The file, or null if the option was not given.</param>
    /// <param name="others">Other files and what they are; null ones are passed over.</param>
    /// <exception cref="InputException">Two names stand for the same file.</exception>
    public static void Refuse(string option, string? path, params IEnumerable<(string What, string? Path)> others)
    {
        if (path is null) return;
        string real = Real(path);
        foreach ((string what, string? other) in others)
            if (other is not null && Real(other).Equals(real, Comparison))
                throw new InputException($"{option} '{path}': is also {what}, which would be lost; expected another file");
    }

    /// <summary>Refuses intermediate pictures whose names an input may have.</summary>
    /// <param name="output">The painting's file.</param>
    /// <param name="inputs">Files that are read.</param>
    /// <exception cref="InputException">An input has a name that <see cref="Snapshot"/> makes.</exception>
    public static void RefuseSnapshots(string output, IEnumerable<string> inputs)
    {
        string real = Real(output);
        string stem = Path.Combine(Path.GetDirectoryName(real)!, Path.GetFileNameWithoutExtension(real));
        Regex made = new($"^{Regex.Escape(stem)}-[0-9]{{4,}}{Regex.Escape(Path.GetExtension(output))}$",
            Comparison == StringComparison.Ordinal ? RegexOptions.None : RegexOptions.IgnoreCase);
        foreach (string input in inputs)
            if (made.IsMatch(Real(input)))
                throw new InputException($"--save-every: could write over the input '{input}'; expected another name for --output");
    }

    /// <summary>The name of an intermediate picture: <c>out-0050.png</c>.</summary>
    /// <param name="output">The painting's file.</param>
    /// <param name="iteration">Iterations of all scales so far.</param>
    public static string Snapshot(string output, int iteration) =>
        Path.Combine(Path.GetDirectoryName(output) ?? "", $"{Path.GetFileNameWithoutExtension(output)}-{iteration:D4}{Path.GetExtension(output)}");

    /// <summary>The file itself, wherever symbolic links in its name lead.</summary>
    private static string Real(string path)
    {
        string full = Path.GetFullPath(path);
        string? folder = Path.GetDirectoryName(full);
        // A root has no folder.
        if (folder is null) return full;
        string inFolder = Path.Combine(Real(folder), Path.GetFileName(full));
        try
        {
            return new FileInfo(inFolder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? inFolder;
        }
        catch (IOException)
        {
            // Absent or a circle of links: opening it will say so.
            return inFolder;
        }
    }
}
