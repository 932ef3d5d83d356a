using System.CommandLine;
using GatysGpu.Cli.Display;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Kernels.GradientChecks;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys gradcheck</c>: proves the gradients of a device.</summary>
internal sealed class GradcheckCommand : Subcommand
{
    private readonly Terminal terminal;
    private readonly DeviceOptions devices;
    private readonly Option<string?> operation;
    private readonly Option<bool> asJson;

    public GradcheckCommand(Terminal terminal) : this(terminal, new DeviceOptions(), OptionOf.Value<string?>(
        "--operation", "NAME", $"Check this one alone: {ValueReader.Alternatives(Operations)}", "all that the device offers",
        null,
        ValueReader.Choice<string?>([.. Operations.Select(name => (name, (string?)name))])),
        OptionOf.Flag("--json", "Print JSON"))
    {
    }

    private GradcheckCommand(Terminal terminal, DeviceOptions devices, Option<string?> operation, Option<bool> asJson) : base(
        new Command("gradcheck", "Compares every gradient of a device with central differences and with the float64 definition."),
        new HelpPage("gatys gradcheck [options]", [new("What is checked", operation, asJson), new("Machine", [.. devices.All])],
            [
                ("gatys gradcheck", "Does this machine compute right gradients?"),
                ("gatys gradcheck --device simt --operation GramBackward", "One of the GPU's operations, without a GPU:"),
            ],
            "Each line is one shape: the element that is farthest from what it should be, with its index as [channel,row,column], both values, "
            + "their difference and what is allowed: "
            + Text($"{GradientSuite.Float32Tolerance:0.#E+0} of the largest gradient, or ")
            + Text($"{GradientSuite.Tf32Tolerance:0.#E+0} where factors are rounded to TF32, or ")
            + Text($"{GradientSuite.Winograd4x4Tolerance:0.#E+0} where the CPU convolves by F(4×4). ")
            + "What only some devices do in one pass is checked on those; a line names what a device does not offer.",
            "Exit code 0 where every element is within what is allowed, 2 where one is not."))
    {
        (this.terminal, this.devices, this.operation, this.asJson) = (terminal, devices, operation, asJson);
        Runs(Run);
    }

    private static IReadOnlyList<string> Operations { get; } = [.. GradientSuite.Operations, .. GradientSuite.FusedOperations];

    private int Run(ParseResult parsed)
    {
        using IDevice device = devices.Create(parsed, terminal, GradientSuite.RequireRoom);
        string? one = parsed.GetValue(operation);
        string[] missing = [.. Operations.Except(GradientSuite.OfferedBy(device))];
        if (missing.Contains(one))
            throw new InputException($"--operation {one}: {device.Name} does not offer it, and so there is nothing to check; expected "
                + ValueReader.Alternatives(GradientSuite.OfferedBy(device)));
        GradientReport report = new(terminal.Output, device.Name, one is null ? missing : []);
        IEnumerable<GradientCheckResult> results = GradientSuite.Run(device, one, ToleranceOf(device, parsed));
        bool passed = parsed.GetValue(asJson) ? report.PrintJson(results) : report.PrintTable(results);
        return passed ? ExitCode.Ok : ExitCode.BadInput;
    }

    private static double ToleranceOf(IDevice device, ParseResult parsed) => device switch
    {
        GpuDevice { Precision: GpuPrecision.Tf32 } => GradientSuite.Tf32Tolerance,
        not GpuDevice when parsed.GetValue<ConvolutionAlgorithm>("--convolution") == ConvolutionAlgorithm.Winograd4x4 =>
            GradientSuite.Winograd4x4Tolerance,
        _ => GradientSuite.Float32Tolerance,
    };

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
