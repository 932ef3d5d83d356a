using System.CommandLine;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;

namespace GatysGpu.Cli.Commands;

/// <summary>The command line of <c>gatys stylize</c>.</summary>
internal sealed class StylizeCommand
{
    private readonly Argument<string?> content = PictureArguments.One("CONTENT", "What to paint: a picture file");
    private readonly Argument<string[]> styles = PictureArguments.Several("STYLE", "How to paint it: one or more picture files");

    public StylizeCommand(Terminal terminal)
    {
        Command = new Command("stylize", "Paints CONTENT in the style of one or more STYLE pictures.") { content, styles };
        foreach (Option option in Page.Groups.SelectMany(g => g.Options)) Command.Options.Add(option);
        Command.Validators.Add(UnknownOptions.Refuse);
        PictureArguments.Require(Command, content, styles);
        Command.SetAction(parsed => new StylizeRun(this, parsed, terminal).Run());
    }

    /// <summary>For the parser.</summary>
    public Command Command { get; }

    /// <summary>For the help.</summary>
    public HelpPage Page => new("gatys stylize CONTENT STYLE [STYLE…] -o OUT [options]",
        [
            new("Output", [.. Output.All]),
            new("Size and effort", [.. Transfer.All]),
            new("Look", [.. Objective.All]),
            new("Network", [.. Network.All]),
            new("Machine", [.. Device.All, .. Pictures.All]),
        ],
        [
            ("gatys stylize photo.jpg painting.jpg -o out.png", "A painting 512 pixels wide:"),
            ("gatys stylize photo.jpg a.jpg b.jpg --style-blend 1,2 --size 1024 --content-weight 0.2 -o out.png",
                "Two styles, the second one twice as strong; larger, and closer to the photograph:"),
        ],
        "Ctrl-C stops after the running iteration and saves the picture so far (exit code 130). "
        + "Exit codes: 0 done, 2 something given cannot be used, 3 the machine has too little memory.");

    public OutputOptions Output { get; } = new();
    public TransferOptions Transfer { get; } = new();
    public ObjectiveOptions Objective { get; } = new();
    public NetworkOptions Network { get; } = new();
    public DeviceOptions Device { get; } = new();
    public PictureOptions Pictures { get; } = new();

    /// <summary>The content picture's file.</summary>
    public string Content(ParseResult parsed) => parsed.GetValue(content)!;

    /// <summary>The style pictures' files.</summary>
    public string[] Styles(ParseResult parsed) => parsed.GetValue(styles)!;
}
