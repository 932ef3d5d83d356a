using System.Globalization;
using System.Text;
using System.Text.Json;
using GatysGpu.Engine.Transfer;

namespace GatysGpu.Cli.Display;

/// <summary>What <c>gatys stylize --dry-run</c> prints: the bytes that a run will need, and what they are for.</summary>
internal static class MemoryTable
{
    /// <summary>A line for each purpose, in MiB, and their sum.</summary>
    public static IEnumerable<string> Lines(MemoryEstimate estimate)
    {
        int width = estimate.Uses.Max(u => u.Purpose.Length);
        foreach (MemoryUse use in estimate.Uses) yield return Line(use.Purpose, use.Bytes, width);
        yield return Line("together", estimate.Bytes, width);
        yield return $"This is what the {(estimate.OnDevice ? "device" : "process")} needs when it needs most: {estimate.Phase}.";
    }

    /// <summary>The same as one JSON object, in bytes.</summary>
    public static string Json(MemoryEstimate estimate)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("bytes", estimate.Bytes);
            json.WriteString("memory", estimate.OnDevice ? "device" : "process");
            json.WriteString("phase", estimate.Phase);
            json.WriteStartArray("uses");
            foreach (MemoryUse use in estimate.Uses)
            {
                json.WriteStartObject();
                json.WriteString("purpose", use.Purpose);
                json.WriteNumber("bytes", use.Bytes);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string Line(string purpose, long bytes, int width) =>
        string.Create(CultureInfo.InvariantCulture, $"{purpose.PadRight(width)} {bytes / 1048576.0,10:F1} MiB");
}
