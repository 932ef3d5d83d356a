using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.PyTorch;

/// <summary>All that a pickle may name. Each is built by code of this file; nothing is looked up, loaded or called by
/// name.</summary>
internal static class PickleAllowList
{
    /// <summary>Storage and tensor types: how a number is stored (null if not floating point) and its bytes.</summary>
    private static readonly Dictionary<string, (NumberFormat? Format, int Size)> Types = new()
    {
        ["Float"] = (NumberFormat.Float32, 4),
        ["Half"] = (NumberFormat.Float16, 2),
        ["BFloat16"] = (NumberFormat.BFloat16, 2),
        ["Double"] = (NumberFormat.Float64, 8),
        ["Long"] = (null, 8),
        ["Int"] = (null, 4),
        ["Short"] = (null, 2),
        ["Char"] = (null, 1),
        ["Byte"] = (null, 1),
        ["Bool"] = (null, 1),
    };

    private static readonly HashSet<string> Callables =
    [
        "collections.OrderedDict", "torch.Size", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_parameter",
    ];

    /// <summary>The thing of that name.</summary>
    /// <exception cref="PickleException">It is not on the list; the message names it.</exception>
    public static PickleGlobal Find(string module, string name)
    {
        string full = $"{module}.{name}";
        if (Callables.Contains(full) || (module is "torch" or "torch.cuda" && TypeOf(full) is not null))
            return new PickleGlobal(full);
        throw new PickleException($"names '{Shorten(full)}', which weights do not need and this program never builds or runs",
            "If you trust it, load it with PyTorch and save only the network's state_dict().");
    }

    /// <summary>Format and size of a storage or tensor type such as torch.FloatStorage, or null if it is no such type.</summary>
    public static (NumberFormat? Format, int Size)? TypeOf(string name)
    {
        string type = name[(name.LastIndexOf('.') + 1)..];
        foreach (string suffix in (string[])["Storage", "Tensor"])
            if (type.EndsWith(suffix, StringComparison.Ordinal) && Types.TryGetValue(type[..^suffix.Length], out var found))
                return found;
        return null;
    }

    /// <summary>What REDUCE makes of a callable and its arguments.</summary>
    /// <exception cref="PickleException">The arguments do not fit.</exception>
    public static object Call(object? callable, object? arguments)
    {
        if (callable is not PickleGlobal global || arguments is not object?[] a)
            throw new PickleException("calls something that is no function, or without a tuple of arguments");
        return (global.Name, a) switch
        {
            ("collections.OrderedDict", []) => new PickleDictionary(),
            ("collections.OrderedDict", [List<object?> pairs]) => FromPairs(pairs),
            ("torch.Size", [object?[] sizes]) => sizes,
            // (storage, offset, size, stride[, requires_grad, hooks, …])
            ("torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2",
                [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..]) =>
                    Tensor(storage, offset, shape, strides),
            ("torch._utils._rebuild_parameter", [TorchTensor tensor, ..]) => tensor,
            _ => throw new PickleException($"calls {global.Name} with {a.Length} arguments that do not fit"),
        };
    }

    private static PickleDictionary FromPairs(List<object?> pairs)
    {
        PickleDictionary made = new();
        foreach (object? pair in pairs)
            switch (pair)
            {
                case object?[] { Length: 2 } tuple: made.Set(tuple[0], tuple[1]); break;
                case List<object?> { Count: 2 } list: made.Set(list[0], list[1]); break;
                default: throw new PickleException("builds an ordered dictionary of something other than pairs");
            }
        return made;
    }

    private static TorchTensor Tensor(TorchStorage storage, long offset, object?[] shape, object?[] strides)
    {
        if (shape.Length != strides.Length || shape.Length > 16 || !shape.All(s => s is long) || !strides.All(s => s is long))
            throw new PickleException($"builds a tensor with {shape.Length} sizes and {strides.Length} strides");
        return new TorchTensor(storage, offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()]);
    }

    private static string Shorten(string name) => name.Length <= 100 ? name : name[..100] + "…";
}
