using System.CommandLine;
using System.CommandLine.Parsing;

namespace GatysGpu.Cli.Options;

/// <summary>Makes options whose errors name the option, the value and what is allowed.</summary>
internal static class OptionOf
{
    /// <summary>An option with one value.</summary>
    /// <param name="name">With both hyphens.</param>
    /// <param name="value">What stands for the value in the help.</param>
    /// <param name="help">What it does, with units; the default in words is added.</param>
    /// <param name="standard">The default in words; null to say nothing of it.</param>
    /// <param name="absent">The value where the option is not given.</param>
    /// <param name="read">Reads the value; a <see cref="FormatException"/> says what is allowed.</param>
    public static Option<T> Value<T>(string name, string value, string help, string? standard, T absent, Func<string, T> read) => new(name)
    {
        HelpName = value,
        Description = standard is null ? help : $"{help} [{standard}]",
        Arity = ArgumentArity.ExactlyOne,
        DefaultValueFactory = _ => absent,
        CustomParser = result => Read(name, result, read),
    };

    /// <summary>An option without a value.</summary>
    public static Option<bool> Flag(string name, string help) => new(name) { Description = help, Arity = ArgumentArity.Zero };

    private static T? Read<T>(string name, ArgumentResult result, Func<string, T> read)
    {
        // A missing value has already been told.
        if (result.Tokens.Count != 1) return default;
        string text = result.Tokens[0].Value;
        try
        {
            return read(text);
        }
        catch (FormatException e)
        {
            result.AddError($"{name} '{text}': {e.Message}");
            return default;
        }
    }
}
