using System.CommandLine;
using GatysGpu.Cli.Display;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys bench kernels</c>: times kernels on a GPU.</summary>
internal sealed class BenchKernels : Subcommand
{
    private readonly Argument<string?> name;
    private readonly Option<DeviceChoice> device;
    private readonly Option<bool> json;

    public BenchKernels(Terminal terminal) : this(terminal,
        PictureArguments.One("NAME", "A kernel, as 'gatys kernels list' names it; all without a name"),
        OptionOf.Value("--device", "cuda|cuda:N", "Which GPU; 'gatys devices' lists them", "cuda",
            new DeviceChoice(DeviceKind.Cuda), ReadDevice),
        OptionOf.Flag("--json", "Print JSON"))
    {
    }

    private BenchKernels(Terminal terminal, Argument<string?> name, Option<DeviceChoice> device, Option<bool> json) : base(
        new Command("kernels",
            "Times every kernel on a GPU at the shapes of VGG-19 for 512×512 pixels, beside what the GPU can do at most.") { name },
        new HelpPage("gatys bench kernels [NAME] [--device cuda:N] [--json]", [new("Options", device, json)],
            [
                ("gatys bench kernels", "How near is each kernel to what the GPU can do?"),
                ("gatys bench kernels Conv3x3TensorCore.Forward", "One kernel, on every layer:"),
            ],
            "A time is the median of nine samples by the GPU's own clock, after warming up; a sample of a short kernel is many launches. ±% is the "
            + "distance of the quartiles. Work and traffic are the least that the operation needs: each input read once, each output written once. "
            + "The roof is the lower of two: operations (FMA, or TF32 on tensor cores) and bytes (memory, or L2 where all of them stay in the "
            + "second-level cache). Its height is measured, by kernels that do nothing else. The share is the time that the roof allows over the "
            + "time taken.",
            "Exit code 0 where every kernel ran, 2 where one did not or there is no GPU."))
    {
        (this.name, this.device, this.json) = (name, device, json);
        Runs(parsed => Run(parsed, terminal));
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        string? kernel = parsed.GetValue(name) is { } one ? KernelsCommand.Find(one).Name : null;
        using RooflineBench bench = Open(parsed.GetValue(device).Ordinal);
        RooflineReport report = new(terminal.Output, bench.Device, bench.Driver, bench.Peaks, DateTime.UtcNow);
        IEnumerable<RooflineRow> rows = bench.Run(kernel);
        return (parsed.GetValue(json) ? report.PrintJson(rows) : report.PrintTable(rows)) ? ExitCode.Ok : ExitCode.BadInput;
    }

    private static RooflineBench Open(int ordinal)
    {
        try
        {
            return RooflineBench.Open(ordinal);
        }
        catch (GpuUnavailableException e)
        {
            throw new InputException(
                $"--device cuda:{ordinal}: {e.Message} Timing needs a GPU; 'gatys kernels check' counts without one", e);
        }
    }

    private static DeviceChoice ReadDevice(string text)
    {
        const string Allowed = "expected cuda, cuda:0 and so on: only GPUs are timed";
        try
        {
            DeviceChoice choice = DeviceChoice.Read(text);
            return choice.Kind == DeviceKind.Cuda ? choice : throw new FormatException(Allowed);
        }
        catch (FormatException)
        {
            throw new FormatException(Allowed);
        }
    }
}
