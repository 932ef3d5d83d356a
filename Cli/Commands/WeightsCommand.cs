using System.CommandLine;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Weights;
using GatysGpu.Weights.Flat;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys weights</c>: everything about files of weights.</summary>
internal sealed class WeightsCommand
{
    public WeightsCommand(Terminal terminal)
    {
        Children = [new WeightsFetch(terminal), new WeightsConvert(terminal), new WeightsInfo(terminal), new WeightsVerify(terminal)];
        Command = new Command("weights", "Gets published VGG-19 weights, converts them, tells what a file holds.");
        foreach (WeightsSubcommand child in Children) Command.Subcommands.Add(child.Command);
    }

    /// <summary>For the parser.</summary>
    public Command Command { get; }

    /// <summary>fetch, convert, info, verify.</summary>
    public IReadOnlyList<WeightsSubcommand> Children { get; }

    /// <summary>For the help.</summary>
    public HelpPage Page { get; } = new("gatys weights COMMAND [options]", [], [("gatys weights fetch", "Get the published weights, once and for all:")]);
}

/// <summary>One of the commands below <c>gatys weights</c>.</summary>
internal abstract class WeightsSubcommand(Command command, HelpPage page) : Subcommand(command, page)
{
    /// <summary>An option that says what a network was trained for.</summary>
    protected static Option<string> InputOption() => OptionOf.Value("--input", string.Join('|', InputConvention.Names),
        "What the network was trained for, if it is known better than the file and its filters tell", "found out", "",
        ValueReader.Choice([.. InputConvention.Names.Select(n => (n, n))]));

    /// <summary>An option that says how filters are stored.</summary>
    protected static Option<FlatDtype> DtypeOption() => OptionOf.Value("--dtype", "float32|float16|bfloat16",
        "How filters are stored; the shorter ones halve the file", "float32", FlatDtype.Float32,
        ValueReader.Choice(("float32", FlatDtype.Float32), ("float16", FlatDtype.Float16), ("bfloat16", FlatDtype.BFloat16)));

    /// <summary>The convention that was named, or null.</summary>
    protected static InputConvention? Convention(string name) => name.Length == 0 ? null : InputConvention.Parse(name);

    /// <summary>Prints what a conversion found, and every warning.</summary>
    protected static void Tell(Terminal terminal, string path, ConvertReport report)
    {
        terminal.Say($"{path}: {report.Extent}, {report.Bytes:N0} bytes, from {report.Format}");
        terminal.Say($"  input   {report.Input} ({report.InputReason})");
        if (report.Source is not null) terminal.Say($"  source  {report.Source}");
        foreach (string warning in report.Warnings) terminal.Note($"warning: {warning}");
    }
}
