using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.PyTorch;

/// <summary>A PyTorch file of version 1.6 or later: a zip with <c>NAME/data.pkl</c> and the storages
/// <c>NAME/data/KEY</c>.</summary>
/// <remarks>Layout: <c>torch/serialization.py</c>, <c>_save</c> and <c>_load</c>. A tensor's storage is the tuple ('storage',
/// type, key, location, count). The zip's CRC-32 of a storage is checked when its first number is read.</remarks>
internal static class TorchZip
{
    /// <summary>Finds the tensors.</summary>
    public static List<SourceTensor> Read(SourceFile file)
    {
        List<ZipEntry> entries = ZipDirectory.Read(file);
        ZipEntry pickle = entries.Find(e => e.Name == "data.pkl" || e.Name.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw new WeightException(file.Path, $"is a zip of {entries.Count} entries without data.pkl",
                "It is no PyTorch file of weights.");
        string folder = pickle.Name[..^"data.pkl".Length];
        Dictionary<string, ZipEntry> byName = entries.ToDictionary(e => e.Name);
        CheckCrc(file, pickle);
        CheckByteOrder(file, byName.GetValueOrDefault(folder + "byteorder"));
        Dictionary<string, TorchStorage> storages = [];
        PickleReader reader = new(new ByteCursor(file, pickle.Offset, pickle.Offset + pickle.Length),
            id => Storage(file, id, folder, byName, storages));
        return TorchStateDict.Tensors(file.Path, reader.Read());
    }

    private static TorchStorage Storage(SourceFile file, object? id, string folder, Dictionary<string, ZipEntry> entries,
        Dictionary<string, TorchStorage> storages)
    {
        TorchStorage storage = TorchStorages.FromTuple(id, file.Length);
        if (storages.TryGetValue(storage.Key, out TorchStorage? known)) return TorchStorages.Same(known, storage);
        if (!entries.TryGetValue($"{folder}data/{storage.Key}", out ZipEntry? entry))
            throw new PickleException($"needs the storage '{storage.Key}', which the zip lacks");
        if (entry.Length != storage.Count * storage.Size)
            throw new PickleException($"has {storage.Count} numbers of {storage.Size} bytes in storage '{storage.Key}', its "
                + $"entry has {entry.Length} bytes");
        storage.Bytes = new ByteRuns(file, entry.Offset, entry.Length);
        bool isChecked = false;
        storage.Verify = () =>
        {
            if (isChecked) return;
            CheckCrc(file, entry);
            isChecked = true;
        };
        storages.Add(storage.Key, storage);
        return storage;
    }

    private static void CheckByteOrder(SourceFile file, ZipEntry? entry)
    {
        if (entry is null || (entry.Length == 6 && file.Read(entry.Offset, 6).AsSpan().SequenceEqual("little"u8))) return;
        throw new WeightException(file.Path, "its byte order is not 'little'", "Save it on a little-endian machine.");
    }

    private static void CheckCrc(SourceFile file, ZipEntry entry)
    {
        uint crc = Crc32.Of(file, entry.Offset, entry.Length);
        if (crc != entry.Crc)
            throw new WeightException(file.Path, $"its zip entry '{entry.Name}' has CRC-32 {crc:x8}, the zip says {entry.Crc:x8}",
                "It is damaged: download it again.");
    }
}
