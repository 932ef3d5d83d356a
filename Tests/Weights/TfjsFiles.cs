using System.Runtime.InteropServices;
using System.Text.Json;
using GatysGpu.Weights;

namespace GatysGpu.Tests.Weights;

/// <summary>Writes TensorFlow.js layers models, for the reader's tests.</summary>
internal static class TfjsFiles
{
    /// <summary>One group a layer: kernel [3, 3, C, K], then bias.</summary>
    /// <param name="folder">Where model.json and the shards go.</param>
    /// <param name="table">The network.</param>
    /// <param name="storage">float32, float16, uint8 or uint16.</param>
    /// <param name="shardLength">Groups that are longer are divided.</param>
    public static void Write(ScratchFolder folder, WeightTable table, string storage = "float32", int shardLength = int.MaxValue)
    {
        List<object> groups = [];
        for (int i = 0; i < table.Layers.Length; i++)
        {
            WeightLayer layer = table.Layers[i];
            string name = $"block{layer.Name[4]}_conv{layer.Name[6]}";
            (byte[] Bytes, object Entry)[] arrays =
            [
                Array($"{name}/kernel", [3, 3, layer.C, layer.K], Transpose(layer), storage),
                Array($"{name}/bias", [layer.K], layer.Biases.ToArray(), storage),
            ];
            byte[][] shards = [.. arrays.SelectMany(a => a.Bytes).Chunk(shardLength)];
            string[] paths = [.. shards.Select((_, s) => $"group{i + 1}-shard{s + 1}of{shards.Length}")];
            for (int s = 0; s < shards.Length; s++) folder.Put(paths[s], shards[s]);
            groups.Add(new { paths, weights = arrays.Select(a => a.Entry) });
        }
        folder.Put("model.json", JsonSerializer.SerializeToUtf8Bytes(new { modelTopology = new { }, weightsManifest = groups }));
    }

    private static float[] Transpose(WeightLayer layer)
    {
        float[] to = new float[layer.Filters.Length];
        for (int k = 0; k < layer.K; k++)
            for (int c = 0; c < layer.C; c++)
                for (int tap = 0; tap < 9; tap++)
                    to[(tap * layer.C + c) * layer.K + k] = layer.Filters.Span[(k * layer.C + c) * 9 + tap];
        return to;
    }

    private static (byte[] Bytes, object Entry) Array(string name, int[] shape, float[] values, string storage)
    {
        if (storage == "float32")
            return (MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), new { name, shape, dtype = "float32" });
        if (storage == "float16")
            return (MemoryMarshal.AsBytes(values.Select(v => (Half)v).ToArray().AsSpan()).ToArray(),
                new { name, shape, dtype = "float32", quantization = new { dtype = storage, original_dtype = "float32" } });
        int steps = storage == "uint8" ? 255 : 65535;
        double min = values.Min(), scale = (values.Max() - min) / steps;
        int[] q = [.. values.Select(v => (int)Math.Round((v - min) / scale))];
        byte[] bytes = storage == "uint8"
            ? [.. q.Select(v => (byte)v)]
            : MemoryMarshal.AsBytes(q.Select(v => (ushort)v).ToArray().AsSpan()).ToArray();
        return (bytes, new { name, shape, dtype = "float32", quantization = new { dtype = storage, scale, min,
            original_dtype = "float32" } });
    }
}
