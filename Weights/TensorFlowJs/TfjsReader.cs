using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.TensorFlowJs;

/// <summary>A TensorFlow.js layers model: <c>model.json</c> and, beside it, shards of concatenated arrays.</summary>
/// <remarks>Groups at the end whose shards are all absent are left out: a partial network. A group of which only some shards
/// are there, or an absent group before one that is there, is an error.</remarks>
internal static class TfjsReader
{
    /// <summary>Finds the arrays of all groups that are there; opens their shards.</summary>
    /// <param name="path">The model.json.</param>
    /// <param name="opened">Receives the files that were opened, for the caller to close.</param>
    /// <param name="warnings">Receives what was left out.</param>
    /// <exception cref="WeightException">The manifest or a shard is not what it should be.</exception>
    public static List<SourceTensor> Read(string path, List<IDisposable> opened, List<string> warnings)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        TfjsManifest.Group[] groups = TfjsManifest.Parse(path, ReadManifest(path));
        bool[] present = [.. groups.Select(group => IsPresent(path, folder, group))];
        int count = Array.LastIndexOf(present, true) + 1;
        int gap = Array.IndexOf(present, false, 0, count);
        if (gap >= 0)
            throw new WeightException(path,
                $"shard '{groups[gap].Shards[0]}' ({groups[gap].Entries.FirstOrDefault()?.Name}) is absent, but "
                + $"'{groups[count - 1].Shards[0]}' after it is there", "Download the missing shards into the same folder.");
        if (count == 0)
            throw new WeightException(path, $"none of its shards stands beside it (the first is "
                + $"'{groups.FirstOrDefault()?.Shards.FirstOrDefault()}')", "Download the shards into the same folder.");
        string? absent = groups.Skip(count).SelectMany(g => g.Entries).FirstOrDefault(e =>
            LayerNaming.Find(e.Name) is not null)?.Name;
        if (absent is not null) warnings.Add($"the shards from '{absent}' on are absent: the network ends before it");
        return [.. groups.Take(count).SelectMany(group => ReadGroup(path, folder, group, opened))];
    }

    private static byte[] ReadManifest(string path)
    {
        using SourceFile file = new(path);
        if (file.Length > TfjsManifest.MaximumLength)
            throw new WeightException(path, $"is JSON of {file.Length} bytes, expected at most {TfjsManifest.MaximumLength}",
                "Take the model.json of a TensorFlow.js layers model.");
        return file.Read(0, (int)file.Length);
    }

    private static bool IsPresent(string path, string folder, TfjsManifest.Group group)
    {
        int there = group.Shards.Count(shard => File.Exists(Path.Combine(folder, shard)));
        if (there > 0 && there < group.Shards.Length)
            throw new WeightException(path,
                $"{there} of the {group.Shards.Length} shards of '{group.Entries.FirstOrDefault()?.Name}' are there; "
                + $"'{group.Shards.First(shard => !File.Exists(Path.Combine(folder, shard)))}' is absent",
                "Download the missing shards into the same folder.");
        return there > 0;
    }

    private static List<SourceTensor> ReadGroup(string path, string folder, TfjsManifest.Group group, List<IDisposable> opened)
    {
        ByteRuns bytes = new();
        foreach (string shard in group.Shards)
        {
            SourceFile file = new(Path.Combine(folder, shard));
            opened.Add(file);
            bytes.Add(file, 0, file.Length);
        }
        List<SourceTensor> tensors = [];
        long offset = 0;
        foreach (TfjsManifest.Entry entry in group.Entries)
        {
            int volume = SourceTensor.Volume(entry.Shape) ?? throw new WeightException(path,
                $"'{entry.Name}' has shape {SourceTensor.Text(entry.Shape)}", "It is damaged: download it again.");
            long length = (long)volume * entry.Format.Size();
            if (length > bytes.Length - offset)
                throw new WeightException(path,
                    $"'{entry.Name}' {SourceTensor.Text(entry.Shape)} as {entry.Format.Text()} needs {length} bytes at "
                    + $"{offset} of its shards, which hold {bytes.Length}", "A shard is cut off or damaged: download it again.");
            long first = offset;
            tensors.Add(new SourceTensor(entry.Name, entry.Shape, entry.Format, to => ReadEntry(entry, bytes, first, to)));
            offset += length;
        }
        if (offset != bytes.Length)
            throw new WeightException(path,
                $"the arrays of '{string.Join("', '", group.Shards)}' need {offset} bytes, the shards hold {bytes.Length}",
                "A shard is damaged or from another model: download it again.");
        return tensors;
    }

    private static void ReadEntry(TfjsManifest.Entry entry, ByteRuns bytes, long offset, Span<float> to)
    {
        ByteRuns own = bytes.Slice(offset, (long)to.Length * entry.Format.Size());
        entry.Format.Read(own, 0, to);
        if (entry.Quantized is not { } q) return;
        for (int i = 0; i < to.Length; i++) to[i] = (float)(to[i] * q.Scale + q.Min);
    }
}
