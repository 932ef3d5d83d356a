using System.Collections.Concurrent;
using System.Diagnostics;

namespace GatysGpu.Tests.Imaging;

/// <summary>A program of someone else that is installed here.</summary>
internal sealed record ExternalTool(string Path)
{
    private const int LimitMilliseconds = 60_000;
    private static readonly ConcurrentDictionary<string, ExternalTool?> Found = new();

    /// <summary>ImageMagick's converter. Skips the test, with the reason, where it is absent.</summary>
    public static ExternalTool ImageMagick() => Require("ImageMagick", "-version", "magick", "convert");

    /// <summary>Netpbm's PNG reader, which is built on libpng. Skips the test, with the reason, where it is absent.</summary>
    public static ExternalTool PngToPnm() => Require("Netpbm", "--version", "pngtopnm");

    /// <summary>Runs the program and fails the test unless it succeeds.</summary>
    public void Run(params string[] arguments)
    {
        (int status, string output) = Start(Path, arguments);
        Assert.That(status, Is.Zero, $"{Path} {string.Join(' ', arguments)}: {output}");
    }

    /// <summary>Runs the program and returns what it writes to its standard output as bytes.</summary>
    public byte[] RunForBytes(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Path, arguments) { RedirectStandardOutput = true })!;
        MemoryStream bytes = new();
        process.StandardOutput.BaseStream.CopyTo(bytes);
        process.WaitForExit(LimitMilliseconds);
        Assert.That(process.ExitCode, Is.Zero, Path);
        return bytes.ToArray();
    }

    // A program of the right name may be something else: it has to say who it is, once.
    private static ExternalTool Require(string answer, string question, params string[] names)
    {
        ExternalTool? tool = Found.GetOrAdd(answer, _ => (
            from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            from name in names
            let path = System.IO.Path.Combine(folder, name)
            where File.Exists(path) && Start(path, [question]).Output.Contains(answer, StringComparison.OrdinalIgnoreCase)
            select new ExternalTool(path)).FirstOrDefault());
        if (tool is null) Assert.Ignore($"{answer}'s {string.Join(" or ", names)} is not on PATH");
        return tool!;
    }

    private static (int Status, string Output) Start(string path, string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit(LimitMilliseconds);
        return (process.ExitCode, output + errors.Result);
    }
}
