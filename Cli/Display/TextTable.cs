using System.Globalization;

namespace GatysGpu.Cli.Display;

/// <summary>A column of a <see cref="TextTable"/>.</summary>
/// <param name="Title">First line.</param>
/// <param name="Width">Columns of the terminal; what is longer pushes the rest of its line.</param>
/// <param name="Right">Whether it is aligned to the right, as numbers are.</param>
internal readonly record struct TextColumn(string Title, int Width, bool Right = false);

/// <summary>A table that is printed line by line while results come in, so its widths are known ahead.</summary>
internal sealed class TextTable(TextWriter to, params IReadOnlyList<TextColumn> columns)
{
    private const string Gap = "  ";

    /// <summary>Prints the titles.</summary>
    public void Head() => Row([.. columns.Select(c => c.Title)]);

    /// <summary>Prints one line at once.</summary>
    /// <param name="cells">As many as there are columns, or fewer.</param>
    public void Row(params IReadOnlyList<string> cells)
    {
        IEnumerable<string> padded =
            cells.Zip(columns, (cell, column) => column.Right ? cell.PadLeft(column.Width) : cell.PadRight(column.Width));
        to.WriteLine(Terminal.OneLine(string.Join(Gap, padded).TrimEnd()));
        to.Flush();
    }

    /// <summary>A number with four digits that count, in a form that is short for its size; <c>–</c> for one that says
    /// nothing.</summary>
    public static string Number(double value) => !double.IsFinite(value) || value == 0 ? "–" : Math.Abs(value) switch
    {
        >= 1000 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
