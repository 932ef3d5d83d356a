using System.CommandLine;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;

namespace GatysGpu.Cli.Commands;

/// <summary>A command below another one, such as <c>gatys weights info</c>.</summary>
internal abstract class Subcommand(Command command, HelpPage page)
{
    /// <summary>For the parser.</summary>
    public Command Command { get; } = command;

    /// <summary>For the help.</summary>
    public HelpPage Page { get; } = page;

    /// <summary>Makes the command do something and refuse what it has no place for.</summary>
    protected void Runs(Func<ParseResult, int> action)
    {
        Command.Validators.Add(UnknownOptions.Refuse);
        foreach (Option option in Page.Groups.SelectMany(g => g.Options)) Command.Options.Add(option);
        Command.SetAction(action);
    }
}
