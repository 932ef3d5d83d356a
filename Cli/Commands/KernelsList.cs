using System.CommandLine;
using System.Text;
using System.Text.Json;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys kernels list</c>: their names.</summary>
internal sealed class KernelsList : Subcommand
{
    public KernelsList(Terminal terminal) : this(terminal, OptionOf.Flag("--json", "Print JSON")) { }

    private KernelsList(Terminal terminal, Option<bool> json) : base(
        new Command("list", "Lists the kernels: name, threads of a group, whether devices launch it, variants."),
        new HelpPage("gatys kernels list [--json]", [new("Options", json)], [("gatys kernels list", "What is there?")],
            "A kernel that no device launches is a rung of a ladder: a simpler form of the next one, to compare with."))
    {
        Runs(parsed =>
        {
            if (parsed.GetValue(json)) PrintJson(terminal);
            else Print(terminal);
            return ExitCode.Ok;
        });
    }

    private static void Print(Terminal terminal)
    {
        int width = KernelCatalog.All.Max(k => k.Name.Length);
        terminal.Output.WriteLine($"{"name".PadRight(width)}  threads  launched  variants");
        foreach (CatalogKernel kernel in KernelCatalog.All)
            terminal.Output.WriteLine($"{kernel.Name.PadRight(width)}  {kernel.Threads,7}  "
                + $"{(kernel.IsProduction ? "yes" : "no"),-8}  {kernel.Variants.Count,8}");
    }

    private static void PrintJson(Terminal terminal)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (CatalogKernel kernel in KernelCatalog.All)
            {
                writer.WriteStartObject();
                writer.WriteString("name", kernel.Name);
                writer.WriteNumber("threads", kernel.Threads);
                writer.WriteBoolean("launched", kernel.IsProduction);
                writer.WriteStartArray("variants");
                for (int v = 0; v < kernel.Variants.Count; v++) writer.WriteStringValue(kernel.Describe(v));
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        terminal.Output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
