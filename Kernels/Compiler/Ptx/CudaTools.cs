using System.Diagnostics;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>NVIDIA's assembler and disassembler on this machine. Only for looking at kernels: running them takes
/// neither.</summary>
internal static class CudaTools
{
    /// <summary>Environment variable with the folder that holds <c>ptxas</c> and <c>nvdisasm</c>.</summary>
    public const string Variable = "GATYS_CUDA_TOOLS";

    /// <summary>What to do where a tool is missing.</summary>
    public const string Remedy = $"Run .ci/get-ptxas (Debian), or set {Variable} to a folder with ptxas and nvdisasm.";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Path of a tool: in the folder of <see cref="Variable"/>, on PATH, or where <c>.ci/get-ptxas</c> puts
    /// it.</summary>
    /// <returns>None where it is nowhere.</returns>
    public static string? Find(string tool)
    {
        if (OperatingSystem.IsWindows()) tool += ".exe";
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        IEnumerable<string?> folders =
        [
            Environment.GetEnvironmentVariable(Variable),
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
            Path.Combine(cache, "gatys", "ptxas"),
        ];
        return folders.Where(f => !string.IsNullOrEmpty(f)).Select(f => Path.Combine(f!, tool)).FirstOrDefault(File.Exists);
    }

    /// <summary>Runs a tool to its end.</summary>
    public static (int ExitCode, string Output, string Errors) Run(string tool, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {tool}");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill();
            throw new TimeoutException($"{tool} has not ended after {Limit.TotalSeconds} s");
        }
        return (process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }
}
