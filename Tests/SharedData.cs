namespace GatysGpu.Tests;

/// <summary>The folder of test data that stands beside a checkout, where it is present.</summary>
internal static class SharedData
{
    /// <summary>The repository's root: the nearest folder above the tests' binaries that holds the solution.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Path of a file or folder in the test data. Skips the running test, with the reason, where it is absent.</summary>
    /// <param name="relative">Path below the data folder, with '/' between names.</param>
    public static string Require(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", relative));
        if (!File.Exists(path) && !Directory.Exists(path)) Assert.Ignore($"no test data '{relative}' beside this checkout");
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? d = new(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "GatysGpu.sln"))) return d.FullName;
        throw new DirectoryNotFoundException($"GatysGpu.sln is not above {AppContext.BaseDirectory}");
    }
}
