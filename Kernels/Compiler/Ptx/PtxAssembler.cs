using System.Globalization;
using System.Text.RegularExpressions;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>What <c>ptxas</c> made of a kernel.</summary>
/// <param name="Target">The architecture.</param>
/// <param name="Registers">32-bit registers of a thread.</param>
/// <param name="SpillStoreBytes">Bytes that a thread writes to local memory because registers ran out.</param>
/// <param name="SpillLoadBytes">Bytes that it reads back.</param>
/// <param name="StackBytes">Local memory of a thread: local arrays and spills.</param>
/// <param name="SharedBytes">Shared memory of a group, without the dynamic part.</param>
/// <param name="Cubin">The machine code, an ELF file.</param>
public sealed record AssembledKernel(
    PtxTarget Target, int Registers, int SpillStoreBytes, int SpillLoadBytes, int StackBytes, int SharedBytes, byte[] Cubin)
{
    /// <summary>Whether registers ran out.</summary>
    public bool Spills => SpillStoreBytes > 0 || SpillLoadBytes > 0;
}

/// <summary><c>ptxas</c> did not accept a PTX text.</summary>
public sealed class PtxAssemblyException(string message) : Exception(message);

/// <summary>Machine code from PTX with NVIDIA's <c>ptxas</c>, and its text with <c>nvdisasm</c>. Neither needs a GPU.</summary>
public sealed partial class PtxAssembler
{
    private const int MostMessages = 8;

    private readonly string ptxas;

    private PtxAssembler(string ptxas) => this.ptxas = ptxas;

    /// <summary>What to do where <see cref="Find"/> finds nothing.</summary>
    public static string Remedy => CudaTools.Remedy;

    /// <summary>The assembler of this machine: in the folder that the environment variable GATYS_CUDA_TOOLS names, on PATH, or
    /// where <c>.ci/get-ptxas</c> puts it.</summary>
    /// <returns>None where it is nowhere.</returns>
    public static PtxAssembler? Find() => CudaTools.Find("ptxas") is { } path ? new PtxAssembler(path) : null;

    /// <summary>Assembles a module with one entry, with line information.</summary>
    /// <param name="ptx">The text, for this architecture or an older one.</param>
    /// <param name="target">The architecture of the machine code.</param>
    /// <exception cref="PtxAssemblyException">The text is not accepted; the message quotes the line.</exception>
    public AssembledKernel Assemble(string ptx, PtxTarget target)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gatys-ptx-");
        try
        {
            string source = Path.Combine(folder.FullName, "kernel.ptx");
            string result = Path.Combine(folder.FullName, "kernel.cubin");
            File.WriteAllText(source, ptx);
            (int exitCode, string output, string errors) = CudaTools.Run(
                ptxas, "-v", "--generate-line-info", $"--gpu-name={target}", $"--output-file={result}", source);
            string log = errors + output;
            if (exitCode != 0) throw new PtxAssemblyException($"ptxas refuses the kernel for {target}:\n{WithLines(log, ptx)}");
            return new AssembledKernel(target, Number(Registers, log), Number(SpillStores, log), Number(SpillLoads, log),
                Number(Stack, log), Number(Shared, log), File.ReadAllBytes(result));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The machine code as text, with the C# lines.</summary>
    /// <exception cref="FileNotFoundException">There is no <c>nvdisasm</c> on this machine.</exception>
    public static string Disassemble(AssembledKernel kernel)
    {
        string nvdisasm = CudaTools.Find("nvdisasm")
            ?? throw new FileNotFoundException($"nvdisasm is not on this machine. {Remedy}");
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, kernel.Cubin);
            (int exitCode, string output, string errors) = CudaTools.Run(nvdisasm, "--print-code", "--print-line-info", file);
            if (exitCode != 0) throw new PtxAssemblyException($"nvdisasm fails on code for {kernel.Target}: {errors}");
            return output;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The log's first messages with, below each, the line of PTX that it is about.</summary>
    private static string WithLines(string log, string ptx)
    {
        string[] lines = ptx.Split('\n');
        string[] messages = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> quoted = messages.Take(MostMessages).Select(message =>
            Number(LineOf, message) is > 0 and var line && line <= lines.Length
                ? $"{message}\n    {lines[line - 1].Trim()}" : message);
        string more = messages.Length > MostMessages ? $"\n… and {messages.Length - MostMessages} lines more" : "";
        return string.Join('\n', quoted) + more;
    }

    private static int Number(Func<Regex> pattern, string log) =>
        pattern().Match(log) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes spill stores")]
    private static partial Regex SpillStores();

    [GeneratedRegex(@"(\d+) bytes spill loads")]
    private static partial Regex SpillLoads();

    [GeneratedRegex(@"(\d+) bytes stack frame")]
    private static partial Regex Stack();

    [GeneratedRegex(@"(\d+) bytes smem")]
    private static partial Regex Shared();

    [GeneratedRegex(@", line (\d+);")]
    private static partial Regex LineOf();
}
