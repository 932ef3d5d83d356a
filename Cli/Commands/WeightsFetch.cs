using System.Collections.Immutable;
using System.CommandLine;
using GatysGpu.Cli.Display;
using GatysGpu.Cli.Files;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Weights;
using GatysGpu.Weights.Fetch;
using GatysGpu.Weights.Flat;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys weights fetch</c>: downloads a published file and converts it.</summary>
internal sealed class WeightsFetch : WeightsSubcommand
{
    private static readonly string Names = ValueReader.Alternatives([.. PublishedFile.All.Select(f => f.Key)]);

    private readonly Argument<string?> name;
    private readonly Terminal terminal;
    private readonly FetchSwitches switches;

    public WeightsFetch(Terminal terminal) : this(terminal, PictureArguments.One("NAME", $"Which published file: {Names} [{PublishedFile.All[0].Key}]"),
        new FetchSwitches()) { }

    private WeightsFetch(Terminal terminal, Argument<string?> name, FetchSwitches switches) : base(
        new Command("fetch", "Downloads published weights into the cache folder, where 'gatys stylize' finds them.") { name },
        new HelpPage("gatys weights fetch [NAME] [options]", [new("Options", switches.All)],
            [("gatys weights fetch", "The convolutions of VGG-19, 80 MB:"), ("gatys weights fetch --list", "What there is:")],
            "Ctrl-C keeps what has come; the same command goes on from there. HTTPS_PROXY and the like are honoured."))
    {
        (this.terminal, this.name, this.switches) = (terminal, name, switches);
        Runs(Run);
    }

    /// <summary>The options, which the help and the parser share.</summary>
    private sealed class FetchSwitches
    {
        public Option<bool> List { get; } = OptionOf.Flag("--list", "List the published files and fetch none");

        public Option<string?> Folder { get; } = OptionOf.Value<string?>("--folder", "FOLDER", "Where to put the file",
            "the cache folder", null, ValueReader.Path);

        public Option<Uri?> Mirror { get; } = OptionOf.Value<Uri?>("--mirror", "URL",
            "An address to try before the published ones", null, null, Address);

        public Option<bool> Whole { get; } = OptionOf.Flag("--whole-file",
            "Download all of it, also where the convolutions would do, and check its hash");

        public Option<bool> Keep { get; } = OptionOf.Flag("--keep", "Keep the published file beside the converted one");

        public Option<FlatDtype> Dtype { get; } = DtypeOption();

        public Option[] All => [List, Folder, Mirror, Whole, Keep, Dtype];

        private static Uri Address(string text) =>
            Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
                ? address
                : throw new FormatException("expected an address that begins with http:// or https://");
    }

    private int Run(ParseResult parsed)
    {
        if (parsed.GetValue(switches.List)) return List();
        PublishedFile file = Find(parsed.GetValue(name) ?? PublishedFile.All[0].Key);
        FetchOptions options = new()
        {
            Folder = parsed.GetValue(switches.Folder),
            Mirrors = parsed.GetValue(switches.Mirror) is { } mirror ? [mirror] : ImmutableArray<Uri>.Empty,
            WholeFile = parsed.GetValue(switches.Whole),
            KeepDownload = parsed.GetValue(switches.Keep),
            Convert = new ConvertOptions(Dtype: parsed.GetValue(switches.Dtype)),
        };
        using Interruption interruption = new(terminal, "stopping; the same command will go on from here");
        try
        {
            (string path, ConvertReport report) = FileErrors.Naming("--folder", options.Folder ?? WeightCache.Folder,
                () => Fetch(file, options, interruption.Token), "a folder that can be written to");
            Tell(terminal, path, report);
            return ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            terminal.Note("interrupted; what has come is kept, and the same command goes on from there");
            return ExitCode.Interrupted;
        }
    }

    private (string Path, ConvertReport Report) Fetch(PublishedFile file, FetchOptions options, CancellationToken stop) => ShareBar.Show(terminal, show =>
    {
        // Where only parts of a file are needed, what is converted is the measure.
        bool parts = !file.OnlyConvolutions && !options.WholeFile && !options.KeepDownload;
        Progress progress = new(at => show(at.Note is { } note
            ? new(null, $"{at.Address.Host}: {note}; trying again", Urgent: true)
            : new(parts ? at.Converted : at.Total is { } total ? (double)at.Bytes / total : null, Text(at, parts))));
        return new WeightFetcher().Fetch(file, options, progress, stop).GetAwaiter().GetResult();
    });

    private static string Text(FetchProgress at, bool parts)
    {
        string whole = at.Total is { } total && !parts ? $" of {total / 1e6:0.0}" : "";
        return $"{at.Bytes / 1e6:0.0}{whole} MB from {at.Address.Host}";
    }

    private int List()
    {
        foreach (PublishedFile file in PublishedFile.All)
            terminal.Output.WriteLine($"{file.Key,-12} {(file.Bytes is { } bytes ? $"{bytes / 1e6:0} MB" : "?"),7}  {file.FileName}: {file.What}");
        return ExitCode.Ok;
    }

    private static PublishedFile Find(string key)
    {
        try
        {
            return PublishedFile.Find(key);
        }
        catch (ArgumentException e)
        {
            throw new InputException($"NAME '{key}': expected {Names}", e);
        }
    }

    // Progress<T> would post to a thread pool and arrive late.
    private sealed class Progress(Action<FetchProgress> report) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value) => report(value);
    }
}
