namespace GatysGpu.Weights.Fetch;

/// <summary>Where weights are kept on this machine, and how a program that was told nothing finds them.</summary>
public static class WeightCache
{
    /// <summary>Environment variable that names a file of weights.</summary>
    public const string Variable = "GATYS_WEIGHTS";

    /// <summary>What a user says to mean: find them.</summary>
    public const string Auto = "auto";

    /// <summary>The cache folder: <c>$XDG_CACHE_HOME/gatys</c> or <c>~/.cache/gatys</c> on Linux, <c>~/Library/Caches/gatys</c>
    /// on macOS,
    /// <c>%LOCALAPPDATA%\gatys\cache</c> on Windows. It need not exist yet.</summary>
    /// <remarks>XDG Base Directory Specification 0.8: a path that is not absolute is ignored.</remarks>
    public static string Folder
    {
        get
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile,
                Environment.SpecialFolderOption.DoNotVerify);
            if (OperatingSystem.IsWindows())
                return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
                    Environment.SpecialFolderOption.DoNotVerify), "gatys", "cache");
            if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Caches", "gatys");
            string? xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            return Path.Combine(xdg is not null && Path.IsPathRooted(xdg) ? xdg : Path.Combine(home, ".cache"), "gatys");
        }
    }

    /// <summary>Where the converted form of a published file is kept.</summary>
    /// <param name="file">The published file.</param>
    /// <param name="folder">The folder; null for <see cref="Folder"/>.</param>
    public static string ConvertedPath(PublishedFile file, string? folder = null) =>
        Path.Combine(folder ?? Folder, $"vgg19-{file.Key}.weights");

    /// <summary>The file to use.</summary>
    /// <param name="named">What the user named; null or <see cref="Auto"/> to find one.</param>
    /// <returns>The named file; otherwise that of <see cref="Variable"/>; otherwise the first converted or published file in the
    /// cache folder; otherwise null. A named file is returned whether it exists or not.</returns>
    public static string? Find(string? named)
    {
        if (named is not null && !named.Equals(Auto, StringComparison.OrdinalIgnoreCase)) return named;
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable) return variable;
        IEnumerable<string> converted = PublishedFile.All.Select(f => ConvertedPath(f));
        IEnumerable<string> published = PublishedFile.All.Select(f => Path.Combine(Folder, f.FileName));
        return converted.Concat(published).FirstOrDefault(File.Exists);
    }

    /// <summary>What to do by hand where there is no network: which files can be put where.</summary>
    public static string ByHand =>
        "Without a network, put one of these files into " + Folder + ", or name it with --weights or in " + Variable + ": "
        + string.Join("; ", PublishedFile.All.Select(f => $"{f.FileName} ({f.Mirrors[0]})")) + ".";
}
