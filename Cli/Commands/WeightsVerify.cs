using System.CommandLine;
using GatysGpu.Cli.Files;
using GatysGpu.Cli.Help;
using GatysGpu.Weights;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys weights verify</c>: whether a file is what it seems.</summary>
internal sealed class WeightsVerify : WeightsSubcommand
{
    public WeightsVerify(Terminal terminal) : this(terminal, PictureArguments.One("FILE", "A file of weights, of any format")) { }

    private WeightsVerify(Terminal terminal, Argument<string?> file) : base(
        new Command("verify", "Checks a file of weights: hashes, numbers, shapes, order of colours.") { file },
        new HelpPage("gatys weights verify FILE", [], [("gatys weights verify vgg19.weights", "Is it undamaged, and the right way round?")],
            "Exit code 0 where no check failed, 2 where one did."))
    {
        PictureArguments.Require(Command, file);
        Runs(parsed =>
        {
            string path = parsed.GetValue(file)!;
            IReadOnlyList<WeightCheck> checks = FileErrors.Naming("FILE", path, () => WeightVerifier.Verify(path),
                "a file of weights that can be read");
            foreach (WeightCheck check in checks)
                terminal.Output.WriteLine(Terminal.OneLine($"{check.Outcome.ToString().ToLowerInvariant(),-8} {check.Name}: {check.Detail}"));
            return checks.Any(c => c.Outcome == CheckOutcome.Failed) ? ExitCode.BadInput : ExitCode.Ok;
        });
    }
}
