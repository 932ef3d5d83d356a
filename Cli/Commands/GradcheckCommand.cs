using System.CommandLine;
using System.Text;
using System.Text.Json;
using GatysGpu.Cli.Display;
using GatysGpu.Cli.Files;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.GradientChecks;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys gradcheck</c>: proves the gradients of a device.</summary>
internal sealed class GradcheckCommand : Subcommand
{
    private static readonly TextColumn[] Columns =
    [
        new("operation", GradientSuite.Operations.Max(name => name.Length)), new("case", 20), new("against", 21), new("elements", 8, true),
        new("worst at", 9), new("expected", 11, true), new("there is", 11, true), new("difference", 10, true), new("allowed", 9, true), new("", 6),
    ];

    private readonly Terminal terminal;
    private readonly DeviceOptions devices;
    private readonly Option<string?> operation;
    private readonly Option<bool> asJson;

    public GradcheckCommand(Terminal terminal) : this(terminal, new DeviceOptions(), OptionOf.Value<string?>("--operation", "NAME",
        $"Check this one alone: {ValueReader.Alternatives(GradientSuite.Operations)}", "all", null,
        ValueReader.Choice<string?>([.. GradientSuite.Operations.Select(name => (name, (string?)name))])),
        OptionOf.Flag("--json", "Print JSON"))
    {
    }

    private GradcheckCommand(Terminal terminal, DeviceOptions devices, Option<string?> operation, Option<bool> asJson) : base(
        new Command("gradcheck", "Compares every gradient of a device with central differences and with the float64 definition."),
        new HelpPage("gatys gradcheck [options]", [new("What is checked", operation, asJson), new("Machine", [.. devices.All])],
            [
                ("gatys gradcheck", "Does this machine compute right gradients?"),
                ("gatys gradcheck --device simt --operation GramBackward", "One of the GPU's operations, without a GPU:"),
            ],
            "Each line is one shape: the element that is farthest from what it should be, with its index as [channel,row,column], both values, "
            + "their difference and what is allowed: "
            + Text($"{GradientSuite.Float32Tolerance:0.#E+0} of the largest gradient, or {GradientSuite.Tf32Tolerance:0.#E+0} where factors are ")
            + "rounded to TF32.",
            "Exit code 0 where every element is within what is allowed, 2 where one is not."))
    {
        (this.terminal, this.devices, this.operation, this.asJson) = (terminal, devices, operation, asJson);
        Runs(Run);
    }

    private int Run(ParseResult parsed)
    {
        using IDevice device = devices.Create(parsed, terminal, GradientSuite.RequireRoom);
        double tolerance = device is GpuDevice { Precision: GpuPrecision.Tf32 } ? GradientSuite.Tf32Tolerance : GradientSuite.Float32Tolerance;
        Tally tally = new();
        IEnumerable<GradientCheckResult> results = tally.Count(GradientSuite.Run(device, parsed.GetValue(operation), tolerance));
        if (parsed.GetValue(asJson)) PrintJson(device, results, tally);
        else PrintTable(device, results, tally);
        return tally.AllPassed ? ExitCode.Ok : ExitCode.BadInput;
    }

    private void PrintTable(IDevice device, IEnumerable<GradientCheckResult> results, Tally tally)
    {
        terminal.Output.WriteLine(device.Name);
        TextTable table = new(terminal.Output, Columns);
        table.Head();
        foreach (GradientCheckResult r in results)
            table.Row(r.Operation, r.Case, r.Against, Text($"{r.Compared}"), r.WorstIndex, Text($"{r.Expected:G6}"), Text($"{r.Actual:G6}"),
                Text($"{r.Worst:0.0E+0}"), Text($"{r.Allowed:0.0E+0}"), r.Passed ? "ok" : "FAILED");
        if (tally.Fault is not null) terminal.Output.WriteLine($"FAILED: {Terminal.OneLine(tally.Fault)}");
        terminal.Output.WriteLine(Text(
            $"{tally.Checks} checks, {tally.Elements} elements, {tally.Failed} failed; the worst used {100 * tally.WorstShare:0.#} % of what is allowed"));
    }

    private void PrintJson(IDevice device, IEnumerable<GradientCheckResult> results, Tally tally)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("device", device.Name);
            json.WriteStartArray("checks");
            foreach (GradientCheckResult result in results) Write(json, result);
            json.WriteEndArray();
            json.WriteString("fault", tally.Fault);
            json.WriteNumber("elements", tally.Elements);
            json.WriteNumber("failed", tally.Failed);
            json.WriteBoolean("passed", tally.AllPassed);
            json.WriteEndObject();
        }
        terminal.Output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static void Write(Utf8JsonWriter json, GradientCheckResult result)
    {
        json.WriteStartObject();
        json.WriteString("operation", result.Operation);
        json.WriteString("case", result.Case);
        json.WriteString("against", result.Against);
        json.WriteNumber("elements", result.Compared);
        json.WriteString("worst_index", result.WorstIndex);
        json.WriteFinite("expected", result.Expected);
        json.WriteFinite("actual", result.Actual);
        json.WriteFinite("difference", result.Worst);
        json.WriteFinite("allowed", result.Allowed);
        json.WriteBoolean("passed", result.Passed);
        json.WriteEndObject();
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>Adds up what passes through it, and ends where the checker stops a kernel.</summary>
    private sealed class Tally
    {
        public int Checks { get; private set; }

        public long Elements { get; private set; }

        public int Failed { get; private set; }

        /// <summary>Largest difference over what is allowed; NaN where there is one.</summary>
        public double WorstShare { get; private set; }

        /// <summary>Where the checker stopped; null where it did not.</summary>
        public string? Fault { get; private set; }

        public bool AllPassed => Checks > 0 && Failed == 0 && Fault is null;

        public IEnumerable<GradientCheckResult> Count(IEnumerable<GradientCheckResult> results)
        {
            using IEnumerator<GradientCheckResult> from = results.GetEnumerator();
            while (Next(from))
            {
                GradientCheckResult result = from.Current;
                Checks++;
                Elements += result.Compared;
                if (!result.Passed) Failed++;
                WorstShare = Math.Max(WorstShare, result.Worst / result.Allowed);
                yield return result;
            }
        }

        private bool Next(IEnumerator<GradientCheckResult> from)
        {
            try
            {
                return from.MoveNext();
            }
            catch (KernelFaultException e)
            {
                Fault = e.Message.ReplaceLineEndings(" ");
                return false;
            }
        }
    }
}
