using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GatysGpu.Weights.Fetch;
using GatysGpu.Weights.Recognition;

namespace GatysGpu.Weights;

/// <summary>What a file of weights is.</summary>
/// <param name="File">The file, as named.</param>
/// <param name="Format">Its format in words.</param>
/// <param name="Bytes">Its length; of a TensorFlow.js model, that of model.json.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal digits; of a TensorFlow.js model, that of model.json.</param>
/// <param name="Layers">Each layer's name, K, C and how it is stored.</param>
/// <param name="HasPublishedWidths">Whether all K are VGG-19's.</param>
/// <param name="Input">What the network was trained for.</param>
/// <param name="InputReason">How that came to be known.</param>
/// <param name="Source">Where the file says it comes from, or null.</param>
/// <param name="PublishedFile">The published file that it is byte for byte, or null.</param>
/// <param name="PublishedNetwork">How its numbers compare with the published VGG-19, in words.</param>
/// <param name="Warnings">What a user should know before using it.</param>
public sealed record WeightInfo(string File, string Format, long Bytes, string Sha256,
    IReadOnlyList<(string Name, int K, int C, string Dtype)> Layers,
    bool HasPublishedWidths, InputConvention Input, string InputReason, string? Source, string? PublishedFile,
        string PublishedNetwork,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Examines a file: hashes all of it, and compares up to eight layers with the published ones.</summary>
    /// <exception cref="WeightException">It is no readable file of weights.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static WeightInfo Read(string path)
    {
        using WeightTable table = WeightFile.Open(path);
        PublishedComparison comparison = PublishedComparison.Compare(table);
        long bytes = new FileInfo(table.File).Length;
        string sha256 = FileHash.Of(table.File, HashAlgorithmName.SHA256);
        // Only some published files are known by MD5; it is worth computing for those of the same length.
        string? md5 = Fetch.PublishedFile.All.Any(f => f.Md5 is not null && f.Bytes == bytes)
            ? FileHash.Of(table.File, HashAlgorithmName.MD5) : null;
        PublishedFile? known = Fetch.PublishedFile.Identify(bytes, sha256, md5);
        List<string> warnings = [.. table.Warnings];
        if (comparison.Warning is not null) warnings.Add(comparison.Warning);
        return new WeightInfo(path, table.Format, bytes, sha256, [.. table.Layers.Select(l => (l.Name, l.K, l.C, l.StoredAs))],
            table.HasPublishedWidths, table.Input, table.InputReason, table.Source, known is null ? null
                : $"{known.FileName} ({known.What})",
            Describe(comparison), warnings);
    }

    /// <summary>The same as JSON, indented.</summary>
    public string ToJson()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("file", File);
            json.WriteString("format", Format);
            json.WriteNumber("bytes", Bytes);
            json.WriteString("sha256", Sha256);
            json.WriteString("publishedFile", PublishedFile);
            json.WriteString("publishedNetwork", PublishedNetwork);
            json.WriteString("source", Source);
            json.WriteBoolean("publishedWidths", HasPublishedWidths);
            WriteInput(json);
            json.WriteStartArray("layers");
            foreach ((string name, int k, int c, string dtype) in Layers)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                WriteNumbers(json, "shape", [k, c, 3, 3]);
                json.WriteString("dtype", dtype);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("warnings");
            foreach (string warning in Warnings) json.WriteStringValue(warning);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>The same for people, one fact a line.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine($"{File}: {Format}, {Bytes:N0} bytes");
        text.AppendLine($"  SHA-256   {Sha256}");
        text.AppendLine($"  file      {PublishedFile ?? "none of the published files whose hashes are known"}");
        text.AppendLine($"  network   {PublishedNetwork}");
        text.AppendLine($"  widths    {(HasPublishedWidths ? "VGG-19's" : "not VGG-19's: a scaled network")}");
        text.AppendLine($"  input     {Input} ({Input.Name ?? "of its own"}; {InputReason})");
        if (Source is not null) text.AppendLine($"  source    {Source}");
        foreach ((string name, int k, int c, string dtype) in Layers) text.AppendLine($"  {name}   [{k},{c},3,3] {dtype}");
        foreach (string warning in Warnings) text.AppendLine($"  warning: {warning}.");
        return text.ToString();
    }

    private void WriteInput(Utf8JsonWriter json)
    {
        json.WriteStartObject("input");
        json.WriteString("name", Input.Name);
        json.WriteString("reason", InputReason);
        json.WriteString("order", Input.Order.ToString().ToLowerInvariant());
        json.WriteNumber("scale", Input.Scale);
        WriteNumbers(json, "mean", Input.Mean);
        WriteNumbers(json, "std", Input.Std);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (double number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static string Describe(PublishedComparison comparison)
    {
        if (!comparison.Examination.IsPublished) return "not the published VGG-19 of Simonyan and Zisserman";
        if (comparison.Examination.Arrangement != FilterArrangement.AsPublished || comparison.Different.Count > 0)
            return $"made from {PublishedComparison.Attribution}, but changed";
        string extent = comparison.Equal.Count == 0 ? "conv1_1 is alike; no layer is stored exactly enough to compare"
            : $"{comparison.Equal[0]} to {comparison.Equal[^1]} are equal to the last bit"
                + (comparison.Unknown.Count > 0 ? $"; {comparison.Unknown[0]} to {comparison.Unknown[^1]} cannot be compared"
                    : "");
        return $"{PublishedComparison.Attribution} ({extent})";
    }
}
