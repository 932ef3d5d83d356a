using System.CommandLine;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;

namespace GatysGpu.Cli.Commands;

/// <summary>The command line of <c>gatys evaluate</c>.</summary>
internal sealed class EvaluateCommand
{
    private readonly Argument<string?> content = PictureArguments.One("CONTENT", "The content picture; it is brought to IMAGE's size");
    private readonly Argument<string?> style = PictureArguments.One("STYLE", "The style picture");
    private readonly Argument<string?> image = PictureArguments.One("IMAGE", "The picture at which the objective is evaluated");

    private readonly Option<string[]> moreStyles = new("--more-styles")
    {
        HelpName = "FILE…", Description = "Further style pictures, for --style-blend", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> gradient = OptionOf.Value<string?>("--gradient", "FILE",
        "Write the gradient with respect to IMAGE as .npy: float32, shape 3×H×W, RGB, 0–255 scale", null, null, ValueReader.Path);

    private readonly Option<int?> size = OptionOf.Value<int?>("--size", "PIXELS",
        "Bring style pictures whose longer side is larger to this one, as 'stylize' does", "their own size", null,
        text => ValueReader.Whole(1, 65_535)(text));

    public EvaluateCommand(Terminal terminal)
    {
        Command = new Command("evaluate", "Prints the objective of 'stylize' and its terms at a picture, as JSON.") { content, style, image };
        foreach (Option option in Page.Groups.SelectMany(g => g.Options)) Command.Options.Add(option);
        Command.Validators.Add(UnknownOptions.Refuse);
        PictureArguments.Require(Command, content, style, image);
        Command.SetAction(parsed => new EvaluateRun(this, parsed, terminal).Run());
    }

    /// <summary>For the parser.</summary>
    public Command Command { get; }

    /// <summary>For the help.</summary>
    public HelpPage Page => new("gatys evaluate CONTENT STYLE IMAGE [options]",
        [
            new("Input and output", gradient, moreStyles, size),
            new("Objective", [.. Objective.All]),
            new("Network", [.. Network.All]),
            new("Machine", [.. Device.All, .. Pictures.All]),
        ],
        [
            ("gatys evaluate photo.jpg painting.jpg out.png --objective paper --gradient grad.npy",
                "The paper's loss of a painting, and its gradient:"),
        ],
        "A term's value is multiplied by its weight in the total. "
        + "Exit codes: 0 done, 2 something given cannot be used, 3 the machine has too little memory.");

    public ObjectiveOptions Objective { get; } = new();
    public NetworkOptions Network { get; } = new();
    public DeviceOptions Device { get; } = new();
    public PictureOptions Pictures { get; } = new();

    /// <summary>The content picture's file.</summary>
    public string Content(ParseResult parsed) => parsed.GetValue(content)!;

    /// <summary>The style pictures' files.</summary>
    public string[] Styles(ParseResult parsed) => [parsed.GetValue(style)!, .. parsed.GetValue(moreStyles) ?? []];

    /// <summary>The file of the picture that is evaluated.</summary>
    public string Image(ParseResult parsed) => parsed.GetValue(image)!;

    /// <summary>The gradient's file, or null.</summary>
    public string? Gradient(ParseResult parsed) => parsed.GetValue(gradient);

    /// <summary>Longer side of large style pictures, or null.</summary>
    public int? Size(ParseResult parsed) => parsed.GetValue(size);
}
