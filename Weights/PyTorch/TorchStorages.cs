namespace GatysGpu.Weights.PyTorch;

/// <summary>Storages as pickles name them.</summary>
internal static class TorchStorages
{
    /// <summary>The storage of the tuple ('storage', type, key, location, count[, view]).</summary>
    /// <param name="id">The tuple.</param>
    /// <param name="fileLength">No storage has more numbers than its file has bytes.</param>
    public static TorchStorage FromTuple(object? id, long fileLength)
    {
        if (id is not object?[] { Length: 5 or 6 } tuple || tuple is not ["storage", PickleGlobal type, string key, string,
            long count, ..])
            throw new PickleException("refers to something that is no storage");
        if (tuple.Length == 6 && tuple[5] is not null)
            throw new PickleException($"has a view of storage '{key}', which PyTorch stopped writing in 0.4");
        return Make(key, type, count, fileLength);
    }

    /// <summary>A storage of a type such as torch.FloatStorage.</summary>
    public static TorchStorage Make(string key, PickleGlobal type, long count, long fileLength)
    {
        (var format, int size) = PickleAllowList.TypeOf(type.Name)
            ?? throw new PickleException($"has a storage of type '{type.Name}'");
        if (count < 0 || count > fileLength / size)
            throw new PickleException($"has {count} numbers of {size} bytes in storage '{key}', the file only {fileLength} "
                + "bytes");
        return new TorchStorage { Key = key, Format = format, Size = size, Count = count };
    }

    /// <summary>The known storage, if the new mention of it agrees.</summary>
    public static TorchStorage Same(TorchStorage known, TorchStorage mentioned) =>
        known.Format == mentioned.Format && known.Size == mentioned.Size && known.Count == mentioned.Count ? known
            : throw new PickleException($"mentions storage '{known.Key}' with {known.Count} and with {mentioned.Count} numbers, "
                + "or with two types");
}
