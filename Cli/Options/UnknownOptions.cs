using System.CommandLine;
using System.CommandLine.Parsing;

namespace GatysGpu.Cli.Options;

/// <summary>Finds what is written like an option but is none, and the option that was probably meant.</summary>
internal static class UnknownOptions
{
    /// <summary>Adds an error for each argument of a command that begins with a hyphen and does not stand after <c>--</c>.</summary>
    /// <remarks>The parser would take <c>--sise</c> for the name of a picture.</remarks>
    public static void Refuse(CommandResult result)
    {
        HashSet<string> values = [.. result.Tokens.Select(t => t.Value).Where(t => t.Length > 1 && t[0] == '-' && !IsNumber(t))];
        if (values.Count == 0 || result.Tokens.Any(t => t.Type == TokenType.DoubleDash)) return;
        foreach (string value in values) result.AddError(Describe(value, result.Command));
    }

    /// <summary>What is wrong with a word that a command has no place for.</summary>
    public static string Describe(string word, Command command)
    {
        string help = $"'gatys {PathOf(command)} --help' explains it";
        return word.Length > 1 && word[0] == '-'
            ? $"'{word}' is not an option of '{PathOf(command)}'{Suggestion(word.Split('=', ':')[0], NamesOf(command))}; {help}"
            : $"'{word}' is one argument too many for '{PathOf(command)}'; {help}";
    }

    /// <summary>A command's name with those of the commands that it belongs to, without the program's.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{PathOf(parent)} {command.Name}" : command.Name;

    /// <summary>The nearest of some names in words, or nothing where none is near.</summary>
    public static string Suggestion(string typed, IEnumerable<string> names)
    {
        (string name, int distance) = names.Select(n => (n, Distance(typed, n))).MinBy(pair => pair.Item2);
        return distance <= Math.Max(1, typed.Length / 3) ? $"; did you mean {name}?" : "";
    }

    /// <summary>Levenshtein's distance: insertions, deletions and exchanges of a character.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(exchanged, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }

    private static IEnumerable<string> NamesOf(Command command) => command.Options.SelectMany(o => o.Aliases.Append(o.Name)).Append("--help");

    private static bool IsNumber(string text) => double.TryParse(text, out _);
}
