using System.CommandLine;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Cli.Options;

/// <summary>The option that limits what is read.</summary>
internal sealed class PictureOptions
{
    private readonly Option<long> maxPixels = OptionOf.Value("--max-pixels", "PIXELS",
        "Largest picture that is read or made; k, M and G stand for thousands, millions and thousands of millions",
        $"{PictureFile.DefaultMaxPixels / 1_000_000}M", PictureFile.DefaultMaxPixels, ValueReader.Pixels);

    /// <summary>All of them, as the help lists them.</summary>
    public IReadOnlyList<Option> All => [maxPixels];

    /// <summary>The largest picture that is read or made, in pixels.</summary>
    public long MaxPixels(ParseResult parsed) => parsed.GetValue(maxPixels);

    /// <summary>Reads a picture within the limit.</summary>
    /// <exception cref="PictureException">It cannot be read.</exception>
    public Picture Read(ParseResult parsed, string path) => PictureFile.Read(path, MaxPixels(parsed));
}
