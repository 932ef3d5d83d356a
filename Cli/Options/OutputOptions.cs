using System.CommandLine;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Cli.Options;

/// <summary>The options that decide what is written.</summary>
internal sealed class OutputOptions
{
    private static readonly PictureWriteOptions Standard = new();

    private readonly Option<string> output = OptionOf.Value("--output", "OUT", $"The painting's file: {PictureFile.ExtensionNames}", null, "",
        ValueReader.Path);

    private readonly Option<int> quality = OptionOf.Value("--jpeg-quality", "1…100", "Quality of a JPEG", $"{Standard.Quality}", Standard.Quality,
        ValueReader.Whole(1, 100));

    private readonly Option<int> depth = OptionOf.Value("--bit-depth", "8|16", "Bits a sample of a PNG or PPM", $"{Standard.BitDepth}",
        Standard.BitDepth, ValueReader.Choice(("8", 8), ("16", 16)));

    private readonly Option<int> saveEvery = OptionOf.Value("--save-every", "N",
        "Also write the picture after every N iterations, at the size that is being worked at, as OUT-0050 and so on", "never", 0,
        ValueReader.Whole(1, 1_000_000));

    private readonly Option<string?> log = OptionOf.Value<string?>("--log", "FILE", "Write one JSON object for each iteration to this file", null, null,
        ValueReader.Path);

    private readonly Option<bool> quiet = OptionOf.Flag("--quiet", "Print nothing but errors");

    private readonly Option<bool> dryRun = OptionOf.Flag("--dry-run", "Paint nothing and write nothing: print how much memory the run will need, and what for");

    private readonly Option<bool> json = OptionOf.Flag("--json", "Print the result of --dry-run as JSON, in bytes");

    public OutputOptions()
    {
        output.Aliases.Add("-o");
        output.Required = true;
        // With a default, however empty, it would not be missed.
        output.DefaultValueFactory = null;
        quiet.Aliases.Add("-q");
    }

    /// <summary>All of them, as the help lists them.</summary>
    public IReadOnlyList<Option> All => [output, quality, depth, saveEvery, log, quiet, dryRun, json];

    /// <summary>The painting's file.</summary>
    public string Path(ParseResult parsed) => parsed.GetValue(output)!;

    /// <summary>Iterations from one intermediate picture to the next, or 0.</summary>
    public int SaveEvery(ParseResult parsed) => parsed.GetValue(saveEvery);

    /// <summary>The log's file, or null.</summary>
    public string? Log(ParseResult parsed) => parsed.GetValue(log);

    /// <summary>Whether nothing but errors is printed.</summary>
    public bool Quiet(ParseResult parsed) => parsed.GetValue(quiet);

    /// <summary>Whether the memory is only estimated.</summary>
    /// <exception cref="InputException">JSON is asked for where there is none.</exception>
    public bool DryRun(ParseResult parsed)
    {
        if (parsed.GetValue(json) && !parsed.GetValue(dryRun)) throw new InputException("--json: only --dry-run prints JSON; give both, or neither");
        return parsed.GetValue(dryRun);
    }

    /// <summary>Whether the estimate is printed as JSON.</summary>
    public bool AsJson(ParseResult parsed) => parsed.GetValue(json);

    /// <summary>Depth and quality.</summary>
    /// <exception cref="InputException">16 bits are asked of a format that has 8.</exception>
    public PictureWriteOptions Write(ParseResult parsed)
    {
        int bits = parsed.GetValue(depth);
        string extension = System.IO.Path.GetExtension(Path(parsed)).ToLowerInvariant();
        if (bits == 16 && extension is (".jpg" or ".jpeg"))
            throw new InputException($"--bit-depth 16: a {extension} file has 8 bits a sample; expected a .png or .ppm file, or --bit-depth 8");
        return new PictureWriteOptions(bits, parsed.GetValue(quality));
    }
}
