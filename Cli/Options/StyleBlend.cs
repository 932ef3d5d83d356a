using System.Collections.Immutable;

namespace GatysGpu.Cli.Options;

/// <summary>Shares of several style pictures as a user writes them: <c>1,2</c>.</summary>
internal static class StyleBlend
{
    /// <summary>The option's name.</summary>
    public const string Name = "--style-blend";

    /// <summary>Reads shares.</summary>
    /// <exception cref="FormatException">One is no number of at least 0, or all are 0.</exception>
    public static ImmutableArray<double> Read(string text)
    {
        const string allowed = "expected one number of at least 0 for each style picture, as in 1,2";
        try
        {
            ImmutableArray<double> shares = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(ValueReader.Weight)];
            return shares.Any(s => s > 0) ? shares : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new FormatException($"{allowed}, not all 0");
        }
    }

    /// <summary>One share for each style picture; equal ones where none were given.</summary>
    /// <param name="given">What was given, or null.</param>
    /// <param name="styles">Number of style pictures.</param>
    /// <exception cref="InputException">There are more or fewer shares than pictures.</exception>
    public static IReadOnlyList<double> For(ImmutableArray<double>? given, int styles)
    {
        if (given is not { } shares) return [.. Enumerable.Repeat(1.0, styles)];
        if (shares.Length == styles) return shares;
        throw new InputException($"{Name} '{string.Join(',', shares)}': {Count(shares.Length, "share")} for "
            + $"{Count(styles, "style picture")}; expected one each");
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
