using System.Numerics;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.PyTorch;

/// <summary>A PyTorch file of versions 0.1.10 to 1.5: several pickles, then the storages' numbers, end to end.</summary>
/// <remarks>Layout: <c>torch/serialization.py</c>, <c>_legacy_save</c>: the magic number, the protocol version 1001, a
/// dictionary about the machine, the object, the list of storage keys; then for each key the count (int64) and the numbers.
/// Torchvision's vgg19-dcbb9e9d.pth is such a file.</remarks>
internal static class TorchLegacy
{
    /// <summary>First number of such a file.</summary>
    public static readonly BigInteger MagicNumber = BigInteger.Parse("119547037146038801333356");

    /// <summary>First bytes of such a file: the magic number 0x1950a86a20f9469cfc6c as a pickle of protocol 2.</summary>
    public static ReadOnlySpan<byte> FirstBytes =>
        [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];

    /// <summary>Finds the tensors.</summary>
    public static List<SourceTensor> Read(SourceFile file)
    {
        Dictionary<string, TorchStorage> storages = [];
        ByteCursor input = new(file, 0, file.Length);
        PickleReader reader = new(input, id => Storage(id, file.Length, storages));
        if (reader.Read() is not BigInteger magic || magic != MagicNumber)
            throw new PickleException("does not begin with PyTorch's magic number");
        if (reader.Read() is not 1001L) throw new PickleException("has another protocol version than 1001");
        if (reader.Read() is not PickleDictionary system || system.Items.Any(i => i is { Key: "little_endian", Value: not true }))
            throw new PickleException("is not from a little-endian machine");
        object? root = reader.Read();
        if (reader.Read() is not List<object?> keys) throw new PickleException("has no list of storages");
        foreach (object? key in keys) Place(file, input, key as string ?? "", storages);
        if (input.Position != file.Length)
            throw new WeightException(file.Path, $"its last storage ends at {input.Position}, the file at {file.Length}",
                "It is damaged: download it again.");
        return TorchStateDict.Tensors(file.Path, root);
    }

    private static TorchStorage Storage(object? id, long fileLength, Dictionary<string, TorchStorage> storages)
    {
        TorchStorage storage = TorchStorages.FromTuple(id, fileLength);
        if (storages.TryGetValue(storage.Key, out TorchStorage? known)) return TorchStorages.Same(known, storage);
        storages.Add(storage.Key, storage);
        return storage;
    }

    private static void Place(SourceFile file, ByteCursor input, string key, Dictionary<string, TorchStorage> storages)
    {
        if (!storages.TryGetValue(key, out TorchStorage? storage) || storage.Bytes is not null)
            throw new PickleException($"lists the storage '{key}' twice or without a tensor");
        long count = input.Int64();
        if (count != storage.Count)
            throw new PickleException($"has {count} numbers in storage '{key}', its tensors say {storage.Count}");
        storage.Bytes = new ByteRuns(file, input.Position, count * storage.Size);
        input.Position += count * storage.Size;
    }
}
