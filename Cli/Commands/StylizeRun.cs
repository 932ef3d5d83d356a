using System.CommandLine;
using GatysGpu.Cli.Display;
using GatysGpu.Cli.Files;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Objective;
using GatysGpu.Engine.Transfer;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Cli.Commands;

/// <summary>One run of <c>gatys stylize</c>: everything is checked before the first iteration, then painted, then written.</summary>
internal sealed class StylizeRun(StylizeCommand command, ParseResult parsed, Terminal terminal)
{
    private readonly string output = command.Output.Path(parsed);
    private readonly string contentFile = command.Content(parsed);
    private readonly string[] styleFiles = command.Styles(parsed);
    private int iterations;

    /// <summary>Does all of it.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Run()
    {
        terminal.Quiet = command.Output.Quiet(parsed);
        using Interruption interruption = new(terminal, "stopping after this iteration; once more stops at once");
        PictureWriteOptions format = command.Output.Write(parsed);
        ObjectiveSettings objective = command.Objective.Settings(parsed);
        IReadOnlyList<double> shares = command.Objective.Shares(parsed, styleFiles.Length);
        (InitialImage initial, string? initialFile) = command.Transfer.Initial(parsed);
        CheckFiles(initialFile);

        Picture content = command.Pictures.Read(parsed, contentFile);
        StylePicture[] styles = [.. styleFiles.Zip(shares, (file, share) => new StylePicture(command.Pictures.Read(parsed, file), share))];
        Picture? start = initialFile is null ? null : command.Pictures.Read(parsed, initialFile);
        PaintingSizes sizes = CheckSizes(objective, content, styles);
        NetworkSource network = NetworkSource.Open(command.Network.Weights(parsed), command.Network.Complete(parsed), objective);
        foreach (string note in network.Notes) terminal.Note(note);
        if (initial == InitialImage.Content && IsOneColour(content))
            terminal.Note($"{contentFile} is of one colour: there is nothing in it to begin with; --init noise paints the style's texture");

        TransferSettings settings = new()
        {
            Weights = network.Choice,
            Size = command.Transfer.Size(parsed),
            FirstSize = sizes.FirstSize(network.Choice.UsualFirstSize),
            Iterations = command.Transfer.Iterations(parsed),
            Optimizer = command.Transfer.Optimizer(parsed),
            Objective = objective,
            Pooling = command.Network.PoolingOf(parsed),
            Initial = initial,
            InitialPicture = start,
            MatchColors = command.Objective.MatchColors(parsed),
            Seed = command.Network.Seed(parsed),
        };
        bool dryRun = command.Output.DryRun(parsed);
        using IDevice device = command.Device.Create(parsed, terminal, d =>
        {
            if (!dryRun) new StyleTransfer(d, content, styles, settings).EstimateMemory().Check(d);
        });
        StyleTransfer transfer = new(device, content, styles, settings);
        return dryRun ? Tell(transfer.EstimateMemory()) : Finish(Paint(transfer, interruption.Token, format), format);
    }

    private void CheckFiles(string? initialFile)
    {
        (string, string?)[] inputs =
        [
            ("the content picture", contentFile), .. styleFiles.Select(s => ("a style picture", (string?)s)), ("the picture of --init", initialFile),
            ("the file of --weights", command.Network.Weights(parsed)),
        ];
        Overwriting.Refuse("--output", output, inputs);
        Overwriting.Refuse("--log", command.Output.Log(parsed), [.. inputs, ("the file of --output", output)]);
        if (command.Output.SaveEvery(parsed) > 0)
            Overwriting.RefuseSnapshots(output, [contentFile, .. styleFiles, .. new[] { initialFile }.OfType<string>()]);
        PictureFile.CheckWritable(output);
    }

    private PaintingSizes CheckSizes(ObjectiveSettings objective, Picture content, StylePicture[] styles)
    {
        PaintingSizes sizes = new(command.Transfer.Size(parsed), NetworkBuilder.LastLayer(objective));
        sizes.CheckContent(contentFile, content, command.Pictures.MaxPixels(parsed));
        foreach ((string file, StylePicture style) in styleFiles.Zip(styles))
            if (style.Weight > 0) sizes.CheckStyle(file, style.Picture);
        return sizes;
    }

    private TransferResult Paint(StyleTransfer transfer, CancellationToken stop, PictureWriteOptions format)
    {
        using RunLog? log = command.Output.Log(parsed) is { } path ? new RunLog(path) : null;
        int every = command.Output.SaveEvery(parsed);
        IProgressDisplay display = terminal.Quiet ? new NoProgress()
            : terminal.Live ? new LiveProgress(LiveProgress.ErrorStream())
            : new PlainProgress(terminal.Error);
        return display.Show(show => transfer.Run(at =>
        {
            iterations++;
            show(at);
            log?.Add(at);
            if (every > 0 && iterations % every == 0) PictureFile.Write(Overwriting.Snapshot(output, iterations), at.Snapshot(), format);
        }, stop), stop);
    }

    private int Tell(MemoryEstimate memory)
    {
        if (command.Output.AsJson(parsed)) terminal.Output.WriteLine(MemoryTable.Json(memory));
        else foreach (string line in MemoryTable.Lines(memory)) terminal.Output.WriteLine(line);
        return ExitCode.Ok;
    }

    private static bool IsOneColour(Picture picture) =>
        Enumerable.Range(0, 3).All(c => picture.Plane(c).IndexOfAnyExcept(picture.Plane(c)[0]) < 0);

    private int Finish(TransferResult result, PictureWriteOptions format)
    {
        if (result.Cancelled && result.Iterations == 0)
        {
            terminal.Note("interrupted before the first iteration; nothing was written");
            return ExitCode.Interrupted;
        }
        PictureFile.Write(output, result.Picture, format);
        string summary = $"{output}: {result.Picture.Width}×{result.Picture.Height}, {result.Iterations} iteration{(result.Iterations == 1 ? "" : "s")}, "
            + $"loss {result.Loss:G5}, {Pace.Clock(result.Elapsed)}";
        terminal.Say(result.Cancelled ? $"{summary}; interrupted, this is the picture so far" : summary);
        return result.Cancelled ? ExitCode.Interrupted : ExitCode.Ok;
    }
}
