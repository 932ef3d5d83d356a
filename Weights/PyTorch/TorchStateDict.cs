using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.PyTorch;

/// <summary>What a PyTorch file's pickle holds, made into named arrays.</summary>
internal static class TorchStateDict
{
    private const int MaximumDepth = 4, MaximumEntries = 100_000;

    /// <summary>All floating-point tensors of a dictionary and of dictionaries in it; names are joined by dots.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="root">What the pickle holds.</param>
    /// <exception cref="WeightException">It is no dictionary, or a tensor reaches out of its storage.</exception>
    public static List<SourceTensor> Tensors(string path, object? root)
    {
        if (root is not PickleDictionary dictionary)
            throw new WeightException(path, $"holds a {root?.GetType().Name ?? "None"}, expected a dictionary of tensors",
                "Save the network's state_dict().");
        List<SourceTensor> tensors = [];
        int entries = 0;
        Collect(path, "", dictionary, 0, ref entries, tensors);
        return tensors;
    }

    private static void Collect(string path, string prefix, PickleDictionary dictionary, int depth, ref int entries,
        List<SourceTensor> tensors)
    {
        foreach ((object key, object? value) in dictionary.Items)
        {
            if (++entries > MaximumEntries)
                throw new WeightException(path, $"has over {MaximumEntries} entries", "Save only the network's state_dict().");
            if (value is PickleDictionary inner && depth < MaximumDepth) Collect(path, $"{prefix}{key}.", inner, depth + 1,
                ref entries, tensors);
            if (value is TorchTensor tensor && key is string name) Add(path, prefix + name, tensor, tensors);
        }
    }

    private static void Add(string path, string name, TorchTensor tensor, List<SourceTensor> tensors)
    {
        TorchStorage storage = tensor.Storage;
        // The largest index, Σ (size − 1)·stride, must be inside; a stride of 0 would blow a few numbers up to any size.
        if (SourceTensor.Volume(tensor.Shape) is not int volume || volume > storage.Count || tensor.Offset < 0
            || !tensor.Strides.All(s => s >= 0 && s <= storage.Count)
            || (volume > 0 && tensor.Offset + tensor.Shape.Zip(tensor.Strides,
                (size, stride) => (size - 1) * stride).Sum() >= storage.Count))
            throw new WeightException(path,
                $"'{name}' {SourceTensor.Text(tensor.Shape)} with strides {SourceTensor.Text(tensor.Strides)} at "
                + $"{tensor.Offset} reaches out of its storage of {storage.Count} numbers", "It is damaged: download it again.");
        if (storage.Format is not { } format) return;
        tensors.Add(new SourceTensor(name, tensor.Shape, format, to => Read(path, name, tensor, format, to)));
    }

    private static void Read(string path, string name, TorchTensor tensor, NumberFormat format, Span<float> to)
    {
        ByteRuns bytes = tensor.Storage.Bytes
            ?? throw new WeightException(path, $"'{name}' needs the storage '{tensor.Storage.Key}', which the file lacks",
                "It is cut off: download it again.");
        tensor.Storage.Verify?.Invoke();
        long[] shape = tensor.Shape, strides = tensor.Strides;
        if (IsContiguous(shape, strides))
        {
            format.Read(bytes, tensor.Offset, to);
            return;
        }
        float[] all = new float[shape.Zip(strides, (size, stride) => (size - 1) * stride).Sum() + 1];
        format.Read(bytes, tensor.Offset, all);
        Gather(all, shape, strides, to);
    }

    // Counts through all indices like an odometer, the last axis fastest; `at` is the sum of index·stride.
    private static void Gather(ReadOnlySpan<float> all, long[] shape, long[] strides, Span<float> to)
    {
        long[] index = new long[shape.Length];
        long at = 0;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = all[(int)at];
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                at += strides[axis];
                if (++index[axis] < shape[axis]) break;
                at -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    }

    private static bool IsContiguous(long[] shape, long[] strides)
    {
        long expected = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected) return false;
            expected *= shape[axis];
        }
        return true;
    }
}
