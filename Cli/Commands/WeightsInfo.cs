using System.CommandLine;
using GatysGpu.Cli.Files;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Weights;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys weights info</c>: what a file holds.</summary>
internal sealed class WeightsInfo : WeightsSubcommand
{
    public WeightsInfo(Terminal terminal) : this(terminal, PictureArguments.One("FILE", "A file of weights, of any format"),
        OptionOf.Flag("--json", "Print JSON")) { }

    private WeightsInfo(Terminal terminal, Argument<string?> file, Option<bool> json) : base(
        new Command("info", "Tells what a file of weights holds, and which published network it is.") { file },
        new HelpPage("gatys weights info FILE [--json]", [new("Options", json)], [("gatys weights info vgg19.weights", "Which network is this?")]))
    {
        PictureArguments.Require(Command, file);
        Runs(parsed =>
        {
            string path = parsed.GetValue(file)!;
            WeightInfo info = FileErrors.Naming("FILE", path, () => WeightInfo.Read(path), "a file of weights that can be read");
            terminal.Output.WriteLine(parsed.GetValue(json) ? info.ToJson() : info.ToString().TrimEnd());
            return ExitCode.Ok;
        });
    }
}
