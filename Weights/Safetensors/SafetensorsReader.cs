using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.Safetensors;

/// <summary>A safetensors file: u64 length, a JSON table of that length, numbers.</summary>
/// <remarks>Layout: the format's own README. Each array has dtype, shape and [begin, end) in the data; together they cover the
/// data without holes or overlaps. <c>__metadata__</c> maps texts to texts; ours, from <see cref="SafetensorsWriter"/>, states
/// the input convention.</remarks>
internal static class SafetensorsReader
{
    private const long MaximumHeader = 16 << 20;
    private const string Damaged = "It is cut off or damaged: download it again.";

    private readonly record struct Part(string Name, long[] Shape, string Dtype, long Begin, long End);

    /// <summary>Whether a file of that length may begin like this.</summary>
    public static bool Is(ReadOnlySpan<byte> head, long fileLength) => head.Length >= 10 && head[8] == '{'
        && BinaryPrimitives.ReadUInt64LittleEndian(head) is >= 2 and < (ulong)MaximumHeader and ulong length
            && (long)length <= fileLength;

    /// <summary>Finds the arrays.</summary>
    public static SourceContent Read(SourceFile file)
    {
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(file.Read(0, 8));
        long data = 8 + headerLength;
        file.Require(8, headerLength, "the table");
        try
        {
            using JsonDocument json = JsonDocument.Parse(file.Read(8, (int)headerLength),
                new JsonDocumentOptions { MaxDepth = 16 });
            List<Part> parts = [];
            InputConvention? stated = null;
            foreach (JsonProperty property in json.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__") stated = ReadInput(property.Value);
                else parts.Add(ReadPart(property));
            }
            CheckCover(file, parts, data);
            return new SourceContent("safetensors", [.. parts.Select(part => Tensor(file, part, data)).OfType<SourceTensor>()],
                FilterLayout.Kcrs, stated);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or ArgumentException)
        {
            throw new WeightException(file.Path, $"its safetensors table is not as it should be ({e.Message.TrimEnd('.')})",
                Damaged, e);
        }
    }

    private static Part ReadPart(JsonProperty property)
    {
        JsonElement offsets = property.Value.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2)
            throw new FormatException($"'{property.Name}' has {offsets.GetArrayLength()} offsets, expected 2");
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        return new Part(property.Name, shape, property.Value.GetProperty("dtype").GetString() ?? "", offsets[0].GetInt64(),
            offsets[1].GetInt64());
    }

    private static void CheckCover(SourceFile file, List<Part> parts, long data)
    {
        long end = 0;
        foreach (Part part in parts.OrderBy(p => p.Begin).ThenBy(p => p.End))
        {
            if (part.Begin != end || part.End < part.Begin)
                throw new WeightException(file.Path,
                    $"'{part.Name}' lies at {part.Begin} to {part.End} of the data, expected it to begin at {end}", Damaged);
            end = part.End;
        }
        if (end != file.Length - data)
            throw new WeightException(file.Path, $"its arrays end at {end} of the data, which has {file.Length - data} bytes",
                Damaged);
    }

    // Null for integers, which no convolution has.
    private static SourceTensor? Tensor(SourceFile file, Part part, long data)
    {
        NumberFormat? format = part.Dtype switch
        {
            "F32" => NumberFormat.Float32,
            "F16" => NumberFormat.Float16,
            "BF16" => NumberFormat.BFloat16,
            "F64" => NumberFormat.Float64,
            _ => null,
        };
        if (format is not { } f) return null;
        if (SourceTensor.Volume(part.Shape) is not int volume || (long)volume * f.Size() != part.End - part.Begin)
            throw new WeightException(file.Path,
                $"'{part.Name}' {SourceTensor.Text(part.Shape)} as {part.Dtype} has {part.End - part.Begin} bytes", Damaged);
        ByteRuns bytes = new(file, data + part.Begin, part.End - part.Begin);
        return new SourceTensor(part.Name, part.Shape, f, to => f.Read(bytes, 0, to));
    }

    private static InputConvention? ReadInput(JsonElement metadata)
    {
        if (!metadata.TryGetProperty(SafetensorsWriter.OrderKey, out JsonElement order)) return null;
        double[] Numbers(string key) =>
            [.. metadata.GetProperty(key).GetString()!.Split(',').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        return new InputConvention(Enum.Parse<ChannelOrder>(order.GetString()!, ignoreCase: true),
            Numbers(SafetensorsWriter.ScaleKey)[0],
            Numbers(SafetensorsWriter.MeanKey), Numbers(SafetensorsWriter.StdKey));
    }
}
