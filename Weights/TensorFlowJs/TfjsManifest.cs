using System.Text.Json;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.TensorFlowJs;

/// <summary>The part of a <c>model.json</c> that says which array lies in which shard.</summary>
internal static class TfjsManifest
{
    /// <summary>How integers become numbers: value = q·Scale + Min.</summary>
    public readonly record struct Quantization(double Scale, double Min);

    /// <summary>One array: name, sizes, and how it is stored.</summary>
    public sealed record Entry(string Name, long[] Shape, NumberFormat Format, Quantization? Quantized);

    /// <summary>Arrays that lie one after the other in the concatenated shards.</summary>
    public sealed record Group(string[] Shards, Entry[] Entries);

    /// <summary>A model.json is at most this long: VGG-19's is 20 kB.</summary>
    public const int MaximumLength = 16 << 20;

    /// <summary>Reads <c>weightsManifest</c>.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">Its bytes.</param>
    /// <exception cref="WeightException">It is not JSON or not a manifest.</exception>
    public static Group[] Parse(string path, ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("weightsManifest", out JsonElement manifest))
                throw new WeightException(path, "is JSON without 'weightsManifest'",
                    "Take the model.json of a TensorFlow.js layers model.");
            return [.. manifest.EnumerateArray().Select(group => ParseGroup(path, group))];
        }
        // The JSON reader reports a wrong kind or a missing property with these.
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new WeightException(path, $"is not a TensorFlow.js model ({e.Message.TrimEnd('.')})", "Download it again.", e);
        }
    }

    private static Group ParseGroup(string path, JsonElement group)
    {
        string[] shards = [.. group.GetProperty("paths").EnumerateArray().Select(p => p.GetString() ?? "")];
        foreach (string shard in shards)
            // A shard stands beside its model.json; anything else would let a file reach out of its folder.
            if (shard is "" or "." or ".." || shard.AsSpan().IndexOfAny('/', '\\', '\0') >= 0 || shard.Contains(':'))
                throw new WeightException(path, $"names the shard '{shard}', expected a file's name without a folder",
                    "Put the shards beside model.json.");
        return new Group(shards, [.. group.GetProperty("weights").EnumerateArray().Select(entry => ParseEntry(path, entry))]);
    }

    private static Entry ParseEntry(string path, JsonElement entry)
    {
        string name = entry.GetProperty("name").GetString() ?? "";
        long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        string type = entry.GetProperty("dtype").GetString() ?? "";
        if (type != "float32")
            throw new WeightException(path, $"'{name}' has dtype '{type}', expected float32",
                "Convert the model with float weights.");
        if (!entry.TryGetProperty("quantization", out JsonElement q)) return new Entry(name, shape, NumberFormat.Float32, null);
        string stored = q.GetProperty("dtype").GetString() ?? "";
        return stored switch
        {
            "float16" => new Entry(name, shape, NumberFormat.Float16, null),
            "uint8" or "uint16" => new Entry(name, shape, stored == "uint8" ? NumberFormat.UInt8 : NumberFormat.UInt16,
                new Quantization(q.GetProperty("scale").GetDouble(), q.GetProperty("min").GetDouble())),
            _ => throw new WeightException(path, $"'{name}' is quantised as '{stored}', expected uint8, uint16 or float16",
                "Convert the model again with one of these."),
        };
    }
}
