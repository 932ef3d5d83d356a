namespace GatysGpu.Cli;

/// <summary>Where the program prints: results on one stream, everything else on the other.</summary>
/// <param name="output">Results: what another program may read.</param>
/// <param name="error">Notes, progress and errors.</param>
/// <param name="live">Whether <paramref name="error"/> is a terminal whose last line can be redrawn.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool live)
{
    private const int WidthOfFiles = 100;

    /// <summary>Results.</summary>
    public TextWriter Output => output;

    /// <summary>Notes, progress and errors.</summary>
    public TextWriter Error => error;

    /// <summary>Whether the error stream's last line can be redrawn.</summary>
    public bool Live => live;

    /// <summary>Whether nothing but errors is printed.</summary>
    public bool Quiet { get; set; }

    /// <summary>Columns for running text.</summary>
    public int Width => live && !Console.IsOutputRedirected ? Math.Clamp(Console.WindowWidth - 1, 60, 110) : WidthOfFiles;

    /// <summary>Whether the process' own error stream is a terminal that understands cursor movements.</summary>
    public static bool CanShowLiveProgress() => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Prints a line of result, unless quiet.</summary>
    public void Say(string line)
    {
        if (!Quiet) output.WriteLine(OneLine(line));
    }

    /// <summary>Prints a line that is not the result, unless quiet.</summary>
    public void Note(string line)
    {
        if (!Quiet) error.WriteLine(OneLine(line));
    }

    /// <summary>A text with every control character shown as '?': a file's name must not move the cursor or break a line.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
