using System.Text;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.PyTorch;

/// <summary>A PyTorch file before 0.1.10 (February 2017): a tar with <c>storages</c>, <c>tensors</c> and <c>pickle</c>.</summary>
/// <remarks>Layout: <c>torch/serialization.py</c>, <c>legacy_load</c>. Storages: a count; for each the tuple (key, location,
/// type), int64 count, numbers; then a list of views. Tensors: a count; for each the tuple (key, storage's key, type), int32
/// number of axes and 4 bytes of padding, int64 sizes, int64 strides, int64 offset. The pickle refers to tensors and storages by
/// key.</remarks>
internal static class TorchTar
{
    private const int Block = 512, MaximumTensors = 100_000;

    /// <summary>Whether a tar's first block is one that PyTorch could have written.</summary>
    public static bool Is(ReadOnlySpan<byte> head) => head.Length == Block && head.Slice(257, 5).SequenceEqual("ustar"u8);

    /// <summary>Finds the tensors.</summary>
    public static List<SourceTensor> Read(SourceFile file)
    {
        Dictionary<string, (long Offset, long Length)> entries = Entries(file);
        Dictionary<string, object> known = [];
        ReadStorages(file, Open(file, entries, "storages"), known);
        ReadTensors(Open(file, entries, "tensors"), known);
        PickleReader pickle = new(Open(file, entries, "pickle"), id =>
            Find(known, id is object?[] tuple && tuple.Length > 0 ? tuple[0] : id));
        return TorchStateDict.Tensors(file.Path, pickle.Read());
    }

    private static void ReadStorages(SourceFile file, ByteCursor input, Dictionary<string, object> known)
    {
        PickleReader reader = new(input, _ => throw new PickleException("refers to a tensor among the storages"));
        for (long left = Count(reader.Read()); left > 0; left--)
        {
            (string key, _, object? third) = Triple(reader.Read());
            if (third is not PickleGlobal type) throw new PickleException($"has the storage {key} without a type");
            long count = input.Int64();
            TorchStorage storage = TorchStorages.Make(key, type, count, input.End - input.Position);
            storage.Bytes = new ByteRuns(file, input.Position, count * storage.Size);
            input.Position += count * storage.Size;
            if (!known.TryAdd(key, storage)) throw new PickleException($"has the key {key} twice");
        }
        if (reader.Read() is not List<object?> { Count: 0 })
            throw new PickleException("has views of storages, which weights do not need");
    }

    private static void ReadTensors(ByteCursor input, Dictionary<string, object> known)
    {
        PickleReader reader = new(input, _ => throw new PickleException("refers to a tensor among the tensors"));
        for (long left = Count(reader.Read()); left > 0; left--)
        {
            (string key, object? storageKey, _) = Triple(reader.Read());
            if (Find(known, storageKey) is not TorchStorage storage)
                throw new PickleException($"has the tensor {key} without a storage");
            int axes = input.Int32();
            input.Int32();
            if (axes is < 0 or > 16) throw new PickleException($"has a tensor of {axes} axes");
            long[] sizes = [.. Enumerable.Range(0, axes).Select(_ => input.Int64())];
            long[] strides = [.. Enumerable.Range(0, axes).Select(_ => input.Int64())];
            if (!known.TryAdd(key, new TorchTensor(storage, input.Int64(), sizes, strides)))
                throw new PickleException($"has the key {key} twice");
        }
    }

    private static (string Key, object? Second, object? Third) Triple(object? value) =>
        value is object?[] { Length: 3 } t && t[0] is { } key ? (key.ToString()!, t[1], t[2])
            : throw new PickleException("describes a storage or tensor with something other than a triple");

    private static ByteCursor Open(SourceFile file, Dictionary<string, (long Offset, long Length)> entries, string name) =>
        entries.TryGetValue(name, out (long Offset, long Length) e) ? new ByteCursor(file, e.Offset, e.Offset + e.Length)
            : throw new WeightException(file.Path,
                $"is a tar without '{name}' (it has {string.Join(", ", entries.Keys.Take(5))})",
                "Only tars that PyTorch wrote before 2017 hold weights; unpack others first.");

    // A tar: blocks of 512 bytes; a header (name at 0, octal length at 124, checksum at 148, type at 156), then the content.
    private static Dictionary<string, (long Offset, long Length)> Entries(SourceFile file)
    {
        Dictionary<string, (long, long)> entries = [];
        for (long at = 0; at + Block <= file.Length && entries.Count < 64;)
        {
            ReadOnlySpan<byte> header = file.Read(at, Block);
            if (!header.ContainsAnyExcept((byte)0)) break;
            long sum = Octal(header.Slice(148, 8));
            // The checksum is taken with spaces in its own place.
            int found = 8 * ' ';
            for (int i = 0; i < Block; i++) found += i is >= 148 and < 156 ? 0 : header[i];
            if (sum != found)
                throw new WeightException(file.Path, $"its tar header at {at} sums to {found}, it says {sum}",
                    "It is damaged: download it again.");
            long length = Octal(header.Slice(124, 12));
            file.Require(at + Block, length, "a file in the tar");
            byte type = header[156];
            if (type is 0 or (byte)'0')
                entries[Encoding.ASCII.GetString(header[..100]).TrimEnd('\0').TrimStart('.', '/')] = (at + Block, length);
            at += Block + (length + Block - 1) / Block * Block;
        }
        return entries;
    }

    private static long Octal(ReadOnlySpan<byte> digits)
    {
        long value = 0;
        foreach (byte b in digits.Trim(" \0"u8))
            value = b is >= (byte)'0' and <= (byte)'7' ? value * 8 + b - '0'
                : throw new PickleException("has a tar header with a length that is no octal number");
        return value;
    }

    private static object Find(Dictionary<string, object> known, object? key) =>
        known.TryGetValue(key?.ToString() ?? "", out object? found) ? found
            : throw new PickleException($"refers to '{key}', which is not there");

    private static long Count(object? value) =>
        value is long count and >= 0 and <= MaximumTensors ? count
            : throw new PickleException($"counts {value}, expected 0 to {MaximumTensors}");
}
