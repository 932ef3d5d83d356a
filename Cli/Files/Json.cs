using System.Text.Json;
using GatysGpu.Engine.Objective;

namespace GatysGpu.Cli.Files;

/// <summary>What the log and the evaluation write alike.</summary>
internal static class Json
{
    /// <summary>A number; null where JSON has no word for it (NaN, infinity).</summary>
    public static void WriteFinite(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    /// <summary>The objective's terms: kind, layer (null for total variation), weight in the total, value.</summary>
    public static void WriteTerms(this Utf8JsonWriter json, IEnumerable<ObjectiveTerm> terms)
    {
        json.WriteStartArray("terms");
        foreach (ObjectiveTerm term in terms)
        {
            json.WriteStartObject();
            json.WriteString("kind", term.Kind);
            json.WriteString("layer", term.Layer.Length == 0 ? null : term.Layer);
            json.WriteFinite("weight", term.Weight);
            json.WriteFinite("value", term.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
