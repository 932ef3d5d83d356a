using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace GatysGpu.Weights.Safetensors;

/// <summary>Writes safetensors, so that converted weights can go on to any other program.</summary>
public static class SafetensorsWriter
{
    internal const string OrderKey = "input_order", ScaleKey = "input_scale", MeanKey = "input_mean", StdKey = "input_std",
        SourceKey = "source";

    /// <summary>Writes a table as float32 arrays conv1_1.weight [K, C, 3, 3], conv1_1.bias [K], …, through a temporary
    /// file.</summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="table">The layers, unchanged; the input convention goes into <c>__metadata__</c>, where PyTorch ignores
    /// it.</param>
    /// <param name="progress">Is told the written fraction, 0..1, after each layer.</param>
    /// <exception cref="WeightException">A value is NaN or infinite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, WeightTable table, IProgress<double>? progress = null) =>
        AtomicFile.Write(path, stream => Write(stream, table, progress));

    private static void Write(Stream stream, WeightTable table, IProgress<double>? progress)
    {
        byte[] header = Header(table);
        stream.Write(BitConverter.GetBytes((long)header.Length));
        stream.Write(header);
        for (int i = 0; i < table.Layers.Length; i++)
        {
            WeightLayer layer = table.Layers[i];
            float[] filters = new float[layer.K * layer.C * WeightLayer.Taps], biases = new float[layer.K];
            layer.CopyFilters(filters);
            layer.CopyBiases(biases);
            foreach (float[] values in (float[][])[filters, biases])
            {
                int bad = NumberChecks.IndexOfBeyond(values, float.MaxValue);
                if (bad >= 0)
                    throw new WeightException(table.File, $"{layer.Name}: value {bad} is {values[bad]}, expected a finite number",
                        "The file is damaged: download it again.");
                stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            }
            progress?.Report((i + 1.0) / table.Layers.Length);
        }
    }

    // Filled up with spaces so that the numbers begin at a multiple of 8, as the format recommends.
    private static byte[] Header(WeightTable table)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            WriteMetadata(json, table);
            long at = 0;
            foreach (WeightLayer layer in table.Layers)
            {
                WriteEntry(json, $"{layer.Name}.weight", [layer.K, layer.C, layer.R, layer.S], ref at);
                WriteEntry(json, $"{layer.Name}.bias", [layer.K], ref at);
            }
            json.WriteEndObject();
        }
        while (bytes.Length % 8 != 0) bytes.WriteByte((byte)' ');
        return bytes.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, WeightTable table)
    {
        string Text(IEnumerable<double> numbers) =>
            string.Join(',', numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)));
        json.WriteStartObject("__metadata__");
        json.WriteString("format", "pt");
        json.WriteString(OrderKey, table.Input.Order.ToString().ToLowerInvariant());
        json.WriteString(ScaleKey, Text([table.Input.Scale]));
        json.WriteString(MeanKey, Text(table.Input.Mean));
        json.WriteString(StdKey, Text(table.Input.Std));
        if (table.Source is not null) json.WriteString(SourceKey, table.Source);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, int[] shape, ref long at)
    {
        long end = at + shape.Aggregate(1L, (volume, size) => volume * size) * sizeof(float);
        json.WriteStartObject(name);
        json.WriteString("dtype", "F32");
        json.WriteStartArray("shape");
        foreach (int size in shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(at);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        at = end;
    }
}
