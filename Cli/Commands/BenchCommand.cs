using System.CommandLine;
using GatysGpu.Cli.Help;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys bench</c>: how fast this machine is at what.</summary>
internal sealed class BenchCommand
{
    public BenchCommand(Terminal terminal)
    {
        Children = [new BenchKernels(terminal)];
        Command = new Command("bench", "Measures how fast this machine is.");
        foreach (Subcommand child in Children) Command.Subcommands.Add(child.Command);
    }

    /// <summary>For the parser.</summary>
    public Command Command { get; }

    /// <summary>kernels.</summary>
    public IReadOnlyList<Subcommand> Children { get; }

    /// <summary>For the help.</summary>
    public HelpPage Page { get; } =
        new("gatys bench COMMAND [options]", [], [("gatys bench kernels", "How near is each kernel to what the GPU can do?")]);
}
