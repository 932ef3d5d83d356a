using System.Globalization;

namespace GatysGpu.Cli.Options;

/// <summary>Reads one option's value. What cannot be read is a <see cref="FormatException"/> whose message says what is allowed.</summary>
internal static class ValueReader
{
    // What one picture can hold: its three planes lie in one array.
    private static readonly int MostPixels = Array.MaxLength / 3;

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public static Func<string, int> Whole(int low, int high) => text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= low && value <= high
            ? value
            : throw new FormatException($"expected a whole number from {low} to {high}");

    /// <summary>A finite number of at least 0.</summary>
    public static double Weight(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value >= 0
            ? value
            : throw new FormatException("expected a finite number, 0 or more");

    /// <summary>A number of pixels: digits, with k, M or G for thousands, millions, thousands of millions.</summary>
    /// <param name="text">For example <c>200M</c>.</param>
    public static long Pixels(string text)
    {
        string digits = text.TrimEnd('k', 'K', 'm', 'M', 'g', 'G');
        double unit = text[digits.Length..].ToUpperInvariant() switch { "" => 1, "K" => 1e3, "M" => 1e6, "G" => 1e9, _ => double.NaN };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * unit >= 1 && value * unit <= MostPixels
            ? (long)(value * unit)
            : throw new FormatException($"expected a number of pixels from 1 to {MostPixels}, such as 200M or 5000000");
    }

    /// <summary>One of some words.</summary>
    /// <param name="choices">Words and what they stand for.</param>
    public static Func<string, T> Choice<T>(params (string Word, T Value)[] choices) => text =>
    {
        foreach ((string word, T value) in choices)
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase)) return value;
        throw new FormatException($"expected {Alternatives([.. choices.Select(c => c.Word)])}");
    };

    /// <summary>A file's name.</summary>
    public static string Path(string text) =>
        text.Length == 0 ? throw new FormatException("expected a file name")
        : text.Contains('\0') ? throw new FormatException("expected a possible file name") : text;

    /// <summary><c>a, b or c</c>.</summary>
    public static string Alternatives(IReadOnlyList<string> words) =>
        words.Count == 1 ? words[0] : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";
}
