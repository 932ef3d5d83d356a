using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Reflection;
using GatysGpu.Cli.Commands;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;

namespace GatysGpu.Cli;

/// <summary>The program: a command line in, an exit code out.</summary>
internal sealed class GatysProgram
{
    private readonly RootCommand root = new("Paints one picture in the style of another: neural style transfer after Gatys, Ecker and Bethge, 2016.");
    private readonly Dictionary<Command, HelpPage> pages = [];
    private readonly HelpPrinter help;
    private readonly Terminal terminal;

    private GatysProgram(Terminal terminal)
    {
        this.terminal = terminal;
        help = new HelpPrinter(terminal, pages);
        root.Directives.Clear();
        StylizeCommand stylize = new(terminal);
        EvaluateCommand evaluate = new(terminal);
        DevicesCommand devices = new(terminal);
        Add(stylize.Command, stylize.Page);
        Add(evaluate.Command, evaluate.Page);
        Add(devices.Command, devices.Page);
        WeightsCommand weights = new(terminal);
        Add(weights.Command, weights.Page);
        KernelsCommand kernels = new(terminal);
        Add(kernels.Command, kernels.Page);
        GradcheckCommand gradcheck = new(terminal);
        Add(gradcheck.Command, gradcheck.Page);
        BenchCommand bench = new(terminal);
        Add(bench.Command, bench.Page);
        foreach (Subcommand child in (IEnumerable<Subcommand>)[.. weights.Children, .. kernels.Children, .. bench.Children]) pages[child.Command] = child.Page;
        pages[root] = new HelpPage("gatys COMMAND [options]", [], [("gatys stylize photo.jpg painting.jpg -o out.png", "A photograph becomes a painting:")],
            "'gatys COMMAND --help' explains a command, 'gatys --version' prints the version.");
        foreach (Option option in root.Options)
        {
            if (option is HelpOption) option.Action = help;
            if (option is VersionOption) option.Action = new PrintVersion(terminal);
        }
    }

    /// <summary>Runs the program.</summary>
    /// <param name="args">The command line without the program's name.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Notes, progress and errors.</param>
    /// <param name="live">Whether <paramref name="error"/> is this process' error stream and a terminal whose last line can be redrawn.</param>
    /// <returns>One of <see cref="ExitCode"/>. Nothing is thrown.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, bool live = false)
    {
        try
        {
            return new GatysProgram(new Terminal(output, error, live)).Run(args);
        }
        catch (Exception e)
        {
            return Failure.Report(e, error);
        }
    }

    private int Run(string[] args)
    {
        if (args.Length == 0)
        {
            help.Print(root, terminal.Error);
            return ExitCode.BadInput;
        }
        // A picture may be called @photo.png: no response files.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not { ClearsParseErrors: true } && parsed.Errors.Count > 0) return Refuse(parsed);
        return parsed.Invoke(new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private void Add(Command command, HelpPage page)
    {
        root.Subcommands.Add(command);
        pages[command] = page;
    }

    private int Refuse(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string[] words = [.. parsed.UnmatchedTokens];
        IEnumerable<string> messages = command.Subcommands.Count > 0
            ? [words.Length > 0 ? UnknownCommand(words[0], command) : $"a command is missing; expected {NamesOf(command)}"]
            : words.Select(w => UnknownOptions.Describe(w, command)).Concat(parsed.Errors.Where(e => !IsUnmatched(e)).Select(Message)).Distinct();
        // The value after a mistyped option has no place either; that is not another mistake.
        string[] unknown = [.. messages.Where(UnknownOptions.IsDescription)];
        if (unknown.Length > 0) messages = unknown;
        foreach (string message in messages) terminal.Error.WriteLine($"gatys: {Terminal.OneLine(message)}");
        return ExitCode.BadInput;
    }

    private static string UnknownCommand(string word, Command command) =>
        $"'{word}' is not a command{UnknownOptions.Suggestion(word, command.Subcommands.Select(c => c.Name))}; expected {NamesOf(command)}";

    private static string NamesOf(Command command) => ValueReader.Alternatives([.. command.Subcommands.Select(c => c.Name)]);

    // Told better by the words themselves.
    private static bool IsUnmatched(ParseError error) => error.Message.StartsWith("Unrecognized command or argument", StringComparison.Ordinal);

    // The parser's own words for a missing or repeated value do not say what is expected.
    private static string Message(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: { HelpName: { } value, Arity.MinimumNumberOfValues: > 0 } option } result => result switch
        {
            { IdentifierTokenCount: 0 } => $"{option.Name} {value} is missing",
            { IdentifierTokenCount: > 1 } => $"{option.Name} is given {result.IdentifierTokenCount} times; expected once",
            { Tokens.Count: 0 } => $"{option.Name}: its value is missing; expected {value}",
            _ => error.Message,
        },
        _ => error.Message,
    };

    private sealed class PrintVersion(Terminal terminal) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            string version = typeof(GatysProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            terminal.Output.WriteLine($"gatys {version}");
            return ExitCode.Ok;
        }
    }
}
