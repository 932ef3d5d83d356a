using System.Text;
using System.Text.Json;
using GatysGpu.Cli.Files;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Kernels.GradientChecks;

namespace GatysGpu.Cli.Display;

/// <summary>What <c>gatys gradcheck</c> prints: a line a check as it is done, then totals.</summary>
/// <param name="to">Where.</param>
/// <param name="device">What is checked.</param>
/// <param name="notOffered">Operations that this device does not offer, and that are not checked for that.</param>
internal sealed class GradientReport(TextWriter to, string device, IReadOnlyList<string> notOffered)
{
    private static readonly TextColumn[] Columns =
    [
        new("operation", Math.Max(Longest(GradientSuite.Operations), Longest(GradientSuite.FusedOperations))), new("case", 27),
        new("against", 21), new("elements", 8, true), new("worst at", 9), new("expected", 11, true), new("there is", 11, true),
        new("difference", 10, true), new("allowed", 9, true), new("", 6),
    ];

    private readonly Tally tally = new();

    /// <summary>Prints a table.</summary>
    /// <returns>Whether there were checks and all of them passed.</returns>
    public bool PrintTable(IEnumerable<GradientCheckResult> results)
    {
        to.WriteLine(device);
        TextTable table = new(to, Columns);
        table.Head();
        foreach (GradientCheckResult r in tally.Count(results))
            table.Row(r.Operation, r.Case, r.Against, $"{r.Compared}", r.WorstIndex, Text($"{r.Expected:G6}"),
                Text($"{r.Actual:G6}"), Text($"{r.Worst:0.0E+0}"), Text($"{r.Allowed:0.0E+0}"), r.Passed ? "ok" : "FAILED");
        if (tally.Fault is not null) to.WriteLine($"FAILED: {Terminal.OneLine(tally.Fault)}");
        if (notOffered.Count > 0) to.WriteLine($"not offered by this device, and so not checked: {string.Join(", ", notOffered)}");
        to.WriteLine(Text(
            $"{tally.Checks} checks, {tally.Elements} elements, {tally.Failed} failed; ")
            + Text($"the worst used {100 * tally.WorstShare:0.#} % of what is allowed"));
        return tally.AllPassed;
    }

    /// <summary>Prints one JSON object.</summary>
    /// <returns>Whether there were checks and all of them passed.</returns>
    public bool PrintJson(IEnumerable<GradientCheckResult> results)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("device", device);
            json.WriteStartArray("checks");
            foreach (GradientCheckResult result in tally.Count(results)) Write(json, result);
            json.WriteEndArray();
            json.WriteStartArray("not_offered");
            foreach (string operation in notOffered) json.WriteStringValue(operation);
            json.WriteEndArray();
            json.WriteString("fault", tally.Fault);
            json.WriteNumber("elements", tally.Elements);
            json.WriteNumber("failed", tally.Failed);
            json.WriteBoolean("passed", tally.AllPassed);
            json.WriteEndObject();
        }
        to.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
        return tally.AllPassed;
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

    private static int Longest(IEnumerable<string> names) => names.Max(name => name.Length);

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
