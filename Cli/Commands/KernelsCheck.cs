using System.CommandLine;
using System.Text;
using System.Text.Json;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys kernels check</c>: runs kernels in the checker and prints what it counted.</summary>
internal sealed class KernelsCheck : Subcommand
{
    /// <summary>The kinds of instructions as the table puts them together.</summary>
    private static readonly (string Title, InstructionKind[] Kinds)[] Columns =
    [
        ("fma", [InstructionKind.FusedMultiplyAdd]),
        ("mma", [InstructionKind.TensorCore]),
        ("float", [InstructionKind.Float, InstructionKind.SpecialFunction, InstructionKind.Convert]),
        ("int", [InstructionKind.Integer, InstructionKind.Address, InstructionKind.Compare]),
        ("mem", [InstructionKind.Load, InstructionKind.Store, InstructionKind.Atomic, InstructionKind.AsyncCopy]),
        ("sync", [InstructionKind.Barrier, InstructionKind.Shuffle]),
        ("jump", [InstructionKind.Control]),
    ];

    public KernelsCheck(Terminal terminal)
        : this(terminal, PictureArguments.One("NAME", "A kernel, as 'gatys kernels list' names it; all without a name"),
            OptionOf.Flag("--json", "Print JSON"))
    {
    }

    private KernelsCheck(Terminal terminal, Argument<string?> name, Option<bool> json) : base(
        new Command("check", "Runs kernels in the checker, for a small shape each; prints what it counted or where it stopped.")
        {
            name,
        },
        new HelpPage("gatys kernels check [NAME] [--json]", [new("Options", json)],
            [("gatys kernels check Conv3x3RegisterTile.Forward", "Is it right, and what does it cost?")],
            "Instructions are a warp's, in thousands, and the share of each kind: fma fused multiply-adds, mma tensor cores, "
            + "float other arithmetic and conversions, int whole numbers, addresses and comparisons, mem loads and stores, sync "
            + "barriers and shuffles, jump branches. Global memory: KiB that threads asked for, and sectors of 32 bytes a warp's request "
            + "touches (4 is a full line of floats, 16 of vectors of four). Shared memory: passes over the banks, in thousands, "
            + "and how many of them are conflicts.",
            "Exit code 0 where no kernel did anything wrong, 2 where one did."))
    {
        Runs(parsed =>
        {
            IReadOnlyList<CatalogKernel> kernels = parsed.GetValue(name) is { } one
                ? [KernelsCommand.Find(one)]
                : KernelCatalog.All;
            if (parsed.GetValue(json)) return PrintJson(terminal, kernels.Select(Checked.Of));
            return PrintTable(terminal, kernels);
        });
    }

    private static int PrintTable(Terminal terminal, IReadOnlyList<CatalogKernel> kernels)
    {
        int width = kernels.Max(k => k.Name.Length), faults = 0;
        terminal.Output.WriteLine($"{"".PadRight(width)}  {"instr",8}  {"of them, %",-35}  {"global load",14}  "
            + $"{"global store",14}  shared");
        terminal.Output.WriteLine($"{"kernel".PadRight(width)}  {"1000",8}  {string.Concat(Columns.Select(c => $"{c.Title,5}"))}"
            + $"  {"KiB",8} {"s/req",5}  {"KiB",8} {"s/req",5}  {"passes",8} {"confl.",8}");
        foreach (CatalogKernel kernel in kernels)
        {
            Checked result = Checked.Of(kernel);
            terminal.Output.WriteLine($"{kernel.Name.PadRight(width)}  {result.Fault ?? Row(result.Counters)}");
            if (result.Fault is not null) faults++;
        }
        return faults == 0 ? ExitCode.Ok : ExitCode.BadInput;
    }

    private static string Row(SimtCounters c)
    {
        double all = c.TotalWarpInstructions;
        string kinds = string.Concat(Columns.Select(column => 100 * column.Kinds.Sum(c.WarpInstructions) / all)
            .Select(share => FormattableString.Invariant($"{share,5:0}")));
        long passes = c.SharedLoads.Wavefronts + c.SharedStores.Wavefronts;
        long conflicts = c.SharedLoads.BankConflicts + c.SharedStores.BankConflicts;
        string shared = FormattableString.Invariant($"{passes / 1e3,8:0.0} {conflicts / 1e3,8:0.0}");
        string instructions = FormattableString.Invariant($"{all / 1000,8:0.0}");
        return $"{instructions}  {kinds}  {Global(c.GlobalLoads)}  {Global(c.GlobalStores)}  {shared}";
    }

    private static string Global(MemoryTraffic traffic) =>
        FormattableString.Invariant($"{traffic.Bytes / 1024.0,8:0.0} {SectorsOf(traffic),5:0.0}");

    private static double SectorsOf(MemoryTraffic traffic) =>
        traffic.Requests == 0 ? 0 : (double)traffic.Sectors / traffic.Requests;

    private static int PrintJson(Terminal terminal, IEnumerable<Checked> results)
    {
        int faults = 0;
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (Checked result in results)
            {
                writer.WriteStartObject();
                writer.WriteString("name", result.Name);
                writer.WriteString("fault", result.Fault);
                if (result.Fault is null) Write(writer, result.Counters);
                else faults++;
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        terminal.Output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
        return faults == 0 ? ExitCode.Ok : ExitCode.BadInput;
    }

    private static void Write(Utf8JsonWriter writer, SimtCounters c)
    {
        writer.WriteNumber("groups", c.Groups);
        writer.WriteNumber("warps", c.Warps);
        writer.WriteStartObject("warp_instructions");
        foreach (InstructionKind kind in Enum.GetValues<InstructionKind>())
            writer.WriteNumber(JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}"), c.WarpInstructions(kind));
        writer.WriteEndObject();
        writer.WriteNumber("divergences", c.Divergences);
        Write("global_load", c.GlobalLoads, shared: false);
        Write("global_store", c.GlobalStores, shared: false);
        Write("shared_load", c.SharedLoads, shared: true);
        Write("shared_store", c.SharedStores, shared: true);

        void Write(string name, MemoryTraffic traffic, bool shared)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("requests", traffic.Requests);
            writer.WriteNumber("bytes", traffic.Bytes);
            if (!shared) writer.WriteNumber("sectors", traffic.Sectors);
            if (shared) writer.WriteNumber("passes", traffic.Wavefronts);
            if (shared) writer.WriteNumber("conflicts", traffic.BankConflicts);
            writer.WriteEndObject();
        }
    }

    /// <summary>One kernel's run.</summary>
    /// <param name="Name">The kernel.</param>
    /// <param name="Counters">What its own launches cost, without those of the other kernels of the operation.</param>
    /// <param name="Fault">Where the checker stopped; null where it did not.</param>
    private sealed record Checked(string Name, SimtCounters Counters, string? Fault)
    {
        public static Checked Of(CatalogKernel kernel)
        {
            using Context context = Context.Create(builder => builder.CPU());
            using SimtAccelerator accelerator = context.CreateCPUAccelerator(0);
            SimtCounters own = new();
            try
            {
                kernel.Run(accelerator);
                for (int v = 0; v < kernel.Variants.Count; v++)
                    if (accelerator.Counters.TryGetValue(kernel.Compile(v).Name, out SimtCounters? counted)) own.Add(counted);
                return new Checked(kernel.Name, own, null);
            }
            catch (KernelFaultException e)
            {
                return new Checked(kernel.Name, own, e.Message.ReplaceLineEndings(" "));
            }
        }
    }
}
