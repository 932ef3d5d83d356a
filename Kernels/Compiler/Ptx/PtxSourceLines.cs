using System.Globalization;
using System.Text;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>The C# lines in one PTX text: <c>.file</c>, <c>.loc</c>, and the line itself as a comment where its file is at
/// hand.</summary>
internal sealed class PtxSourceLines
{
    private readonly List<string> files = [];
    private readonly Dictionary<string, string[]?> contents = [];
    private SourceLocation? current;

    /// <summary>The table of files named so far.</summary>
    public void AppendFiles(StringBuilder text)
    {
        for (int i = 0; i < files.Count; i++)
            text.Append(CultureInfo.InvariantCulture,
                $".file {i + 1} \"{Printable(files[i].Replace('\\', '/').Replace('"', '\''))}\"\n");
    }

    /// <summary>Says where the next instructions come from, if that is another line than before.</summary>
    public void AppendChange(StringBuilder text, SourceLocation? location)
    {
        if (location is not { Line: > 0, File: { } file } || location == current) return;
        bool sameLine = current is { } before && before.File == file && before.Line == location.Line;
        current = location;
        int index = files.IndexOf(file);
        if (index < 0) files.Add(file);
        text.Append("\t// ").Append(Printable(location.Short));
        for (SourceLocation? caller = location.Caller; caller is not null; caller = caller.Caller)
            text.Append(" < ").Append(Printable(caller.Short));
        if (Line(file, location.Line) is { } source) text.Append(": ").Append(Printable(source));
        text.Append('\n');
        if (!sameLine)
            text.Append(CultureInfo.InvariantCulture, $"\t.loc {(index < 0 ? files.Count : index + 1)} {location.Line} 0\n");
    }

    private string? Line(string file, int line)
    {
        if (!contents.TryGetValue(file, out string[]? lines)) contents[file] = lines = Read(file);
        return lines is not null && line <= lines.Length ? lines[line - 1].Trim() : null;
    }

    private static string[]? Read(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>PTX is ASCII. A backslash at the end would take the next line into the comment.</summary>
    private static string Printable(string text) =>
        string.Create(text.Length, text, (target, source) =>
        {
            for (int i = 0; i < source.Length; i++) target[i] = source[i] is >= ' ' and <= '~' and not '\\' ? source[i] : '?';
        });
}
