using System.CommandLine;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys kernels</c>: the kernels that a GPU runs, for who studies or changes them.</summary>
internal sealed class KernelsCommand
{
    public KernelsCommand(Terminal terminal)
    {
        Children = [new KernelsList(terminal), new KernelsShow(terminal), new KernelsCheck(terminal)];
        Command = new Command("kernels", "Lists the GPU's kernels, shows what they are compiled to, runs them in the checker.");
        foreach (Subcommand child in Children) Command.Subcommands.Add(child.Command);
    }

    /// <summary>For the parser.</summary>
    public Command Command { get; }

    /// <summary>list, show, check.</summary>
    public IReadOnlyList<Subcommand> Children { get; }

    /// <summary>For the help.</summary>
    public HelpPage Page { get; } = new("gatys kernels COMMAND [options]", [], [("gatys kernels list", "What is there?")]);

    /// <summary>The kernel with this name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static CatalogKernel Find(string name) => KernelCatalog.Find(name) ?? throw new InputException(
        $"NAME '{name}' is not a kernel{UnknownOptions.Suggestion(name, KernelCatalog.All.Select(k => k.Name))}; "
        + "'gatys kernels list' lists them");
}
