using System.CommandLine;

namespace GatysGpu.Cli.Commands;

/// <summary>The pictures of a command line.</summary>
internal static class PictureArguments
{
    /// <summary>One file. Whether it is missing is told by <see cref="Require"/>, in words that name it.</summary>
    public static Argument<string?> One(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    /// <summary>One or more files.</summary>
    public static Argument<string[]> Several(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };

    /// <summary>Makes a missing file an error that names it.</summary>
    public static void Require(Command command, params Argument[] arguments) => command.Validators.Add(result =>
    {
        string[] missing = [.. arguments.Where(a => result.GetResult(a)?.Tokens.Count is null or 0).Select(a => a.Name)];
        if (missing.Length > 0) result.AddError($"{string.Join(" and ", missing)} {(missing.Length > 1 ? "are" : "is")} missing");
    });
}
