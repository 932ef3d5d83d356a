using System.CommandLine;
using GatysGpu.Cli.Display;
using GatysGpu.Cli.Files;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Weights;
using GatysGpu.Weights.Flat;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys weights convert</c>: any published file becomes one flat binary.</summary>
internal sealed class WeightsConvert : WeightsSubcommand
{
    private const string Safetensors = ".safetensors";

    private readonly Argument<string?> from;
    private readonly Option<string> output;
    private readonly Option<string> input;
    private readonly Option<FlatDtype> dtype;
    private readonly Terminal terminal;

    public WeightsConvert(Terminal terminal) : this(terminal, PictureArguments.One("IN", "A file of weights, of any format"),
        OptionOf.Value("--output", "OUT", $"The file to make: a flat binary, or {Safetensors} for other programs", null, "", ValueReader.Path),
        InputOption(), DtypeOption()) { }

    private WeightsConvert(Terminal terminal, Argument<string?> from, Option<string> output, Option<string> input, Option<FlatDtype> dtype) : base(
        new Command("convert", "Converts a published file of weights to the flat binary that opens at once.") { from },
        new HelpPage("gatys weights convert IN -o OUT [options]", [new("Options", output, input, dtype)],
            [("gatys weights convert VGG_ILSVRC_19_layers.caffemodel -o vgg19.weights", "Convert the original file:")],
            "Reads .caffemodel, PyTorch's .pth, safetensors, TensorFlow.js and Keras .h5, told apart by content. "
            + "--weights of 'gatys stylize' takes all of them as they are; the converted file opens faster."))
    {
        (this.terminal, this.from, this.output, this.input, this.dtype) = (terminal, from, output, input, dtype);
        output.Aliases.Add("-o");
        output.Required = true;
        // With a default, however empty, it would not be missed.
        output.DefaultValueFactory = null;
        PictureArguments.Require(Command, from);
        Runs(Run);
    }

    private int Run(ParseResult parsed)
    {
        string source = parsed.GetValue(from)!, target = parsed.GetValue(output)!;
        bool safetensors = Path.GetExtension(target).Equals(Safetensors, StringComparison.OrdinalIgnoreCase);
        FlatDtype stored = parsed.GetValue(dtype);
        if (safetensors && stored != FlatDtype.Float32)
            throw new InputException($"--dtype: {Safetensors} is written as float32; expected float32, or another extension for a flat binary");
        Overwriting.Refuse("--output", target, ("IN", source));
        FileErrors.Naming("--output", target, () =>
        {
            AtomicFile.CheckWritable(target);
            return true;
        });
        ConvertOptions options = new(Convention(parsed.GetValue(input)!), stored, safetensors ? WeightOutput.Safetensors : WeightOutput.Flat);
        ConvertReport report = FileErrors.Naming("IN", source, () => ShareBar.Show(terminal, show =>
            WeightConverter.Convert(source, target, options, new Share(show))), "a file of weights that can be read");
        Tell(terminal, target, report);
        return ExitCode.Ok;
    }

    private sealed class Share(Action<ShareBar.Report> show) : IProgress<double>
    {
        public void Report(double value) => show(new(value, "converted"));
    }
}
