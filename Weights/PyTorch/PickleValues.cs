using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.PyTorch;

/// <summary>A class or function that a pickle names; only those of <see cref="PickleAllowList"/> exist.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>A dictionary, ordered or not. Keys that occur twice keep the last value, as in Python.</summary>
internal sealed class PickleDictionary
{
    // Made at the first item: a pickle of a million empty dictionaries must stay small.
    private Dictionary<object, int>? places;
    private List<KeyValuePair<object, object?>>? items;

    /// <summary>Keys and values in the order of their first insertion.</summary>
    public IReadOnlyList<KeyValuePair<object, object?>> Items => items ?? [];

    /// <summary>Sets a value. Keys are strings and numbers; anything else is refused.</summary>
    public void Set(object? key, object? value)
    {
        if (key is not (string or long or bool))
            throw new PickleException($"a dictionary has a key of type {key?.GetType().Name ?? "None"}");
        (places, items) = (places ?? [], items ?? []);
        if (places.TryGetValue(key, out int place)) items[place] = new(key, value);
        else
        {
            places.Add(key, items.Count);
            items.Add(new(key, value));
        }
    }
}

/// <summary>A run of numbers that tensors are views of.</summary>
internal sealed class TorchStorage
{
    /// <summary>Its name in the file.</summary>
    public required string Key { get; init; }

    /// <summary>How its numbers are stored; null for those that are not floating point, which no convolution has.</summary>
    public required NumberFormat? Format { get; init; }

    /// <summary>Bytes of one number.</summary>
    public required int Size { get; init; }

    /// <summary>How many numbers.</summary>
    public required long Count { get; init; }

    /// <summary>Where they are, set once that is known.</summary>
    public ByteRuns? Bytes { get; set; }

    /// <summary>Called before the first number is read: checks the container's own checksum.</summary>
    public Action? Verify { get; set; }
}

/// <summary>A tensor: a strided view of a storage. Sizes and strides count numbers.</summary>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides);

/// <summary>What is wrong with a pickle; the container's reader adds the file's name.</summary>
/// <param name="message">What is wrong, to follow "its pickle".</param>
/// <param name="remedy">What to do, if not to download it again.</param>
internal sealed class PickleException(string message, string? remedy = null) : Exception(message)
{
    public string? Remedy => remedy;
}
