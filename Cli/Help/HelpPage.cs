using System.CommandLine;
using System.CommandLine.Invocation;

namespace GatysGpu.Cli.Help;

/// <summary>Options that belong together.</summary>
/// <param name="Title">What they decide.</param>
/// <param name="Options">In the order in which a reader wants them.</param>
internal sealed record HelpGroup(string Title, params IReadOnlyList<Option> Options);

/// <summary>What <c>--help</c> says of a command beside its description.</summary>
/// <param name="Usage">The line after <c>Usage:</c>.</param>
/// <param name="Groups">All options.</param>
/// <param name="Examples">Command lines, each with a line on what it does.</param>
/// <param name="Remarks">Paragraphs at the end.</param>
internal sealed record HelpPage(string Usage, IReadOnlyList<HelpGroup> Groups, IReadOnlyList<(string Command, string What)> Examples,
    params IReadOnlyList<string> Remarks);

/// <summary>Prints a command's help: purpose, usage, arguments or commands, options by group, examples.</summary>
internal sealed class HelpPrinter(Terminal terminal, IReadOnlyDictionary<Command, HelpPage> pages) : SynchronousCommandLineAction
{
    private const int Indent = 2, WidestName = 28;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Print(parseResult.CommandResult.Command, terminal.Output);
        return ExitCode.Ok;
    }

    /// <summary>Prints one command's help.</summary>
    public void Print(Command command, TextWriter to)
    {
        HelpPage page = pages[command];
        Paragraph(to, command.Description!, 0);
        to.WriteLine();
        to.WriteLine($"Usage: {page.Usage}");
        Table(to, "Commands", command.Subcommands.Select(c => (c.Name, c.Description!)));
        Table(to, "Arguments", command.Arguments.Select(a => (a.Name, a.Description!)));
        foreach (HelpGroup group in page.Groups) Table(to, group.Title, group.Options.Select(o => (NameOf(o), o.Description!)));
        if (page.Examples.Count > 0) to.WriteLine($"\nExample{(page.Examples.Count > 1 ? "s" : "")}:");
        foreach ((string example, string what) in page.Examples)
        {
            Paragraph(to, what, Indent);
            to.WriteLine($"{new string(' ', 2 * Indent)}{example}");
        }
        foreach (string remark in page.Remarks)
        {
            to.WriteLine();
            Paragraph(to, remark, 0);
        }
    }

    private static string NameOf(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(a => a.StartsWith('-')).Order().Append(option.Name).Distinct().OrderBy(n => n.Length));
        return option.HelpName is null ? names : $"{names} {option.HelpName}";
    }

    private void Table(TextWriter to, string title, IEnumerable<(string Name, string What)> rows)
    {
        (string Name, string What)[] all = [.. rows];
        if (all.Length == 0) return;
        to.WriteLine();
        to.WriteLine($"{title}:");
        int column = Indent + Math.Min(WidestName, all.Max(r => r.Name.Length)) + 2;
        foreach ((string name, string what) in all)
        {
            string first = new string(' ', Indent) + name;
            // A long name has a line of its own.
            bool apart = first.Length > column - 2;
            if (apart) to.WriteLine(first);
            Paragraph(to, what, column, apart ? "" : first);
        }
    }

    private void Paragraph(TextWriter to, string text, int indent, string before = "")
    {
        string line = before.PadRight(indent);
        foreach (string word in text.Split(' '))
        {
            if (line.Length > indent && line.Length + 1 + word.Length > terminal.Width)
            {
                to.WriteLine(line);
                line = new string(' ', indent);
            }
            line += line.Length > indent ? $" {word}" : word;
        }
        to.WriteLine(line);
    }
}
