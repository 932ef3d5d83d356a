using System.Text.RegularExpressions;

namespace GatysGpu.Weights.Sources;

/// <summary>The names under which the published files keep VGG-19's convolutions.</summary>
internal static partial class LayerNaming
{
    /// <summary>Which layer of <see cref="Vgg19.LayerNames"/> an array belongs to, and whether it is the bias.</summary>
    public readonly record struct Place(int Layer, bool IsBias);

    // torchvision: features.0.weight. Gatys: conv1_1.weight. Either with prefixes such as module. or state_dict.
    [GeneratedRegex(@"^(?:.*\.)?(?:features\.(?<n>\d{1,2})|conv(?<b>\d)_(?<i>\d))\.(?<what>weight|bias)$")]
    private static partial Regex Torch();

    // Keras 2 and TensorFlow.js: block1_conv1/kernel. Keras 1: block1_conv1/block1_conv1_W_1:0.
    [GeneratedRegex(@"^(?:.*/)?block(?<b>\d)_conv(?<i>\d)/(?:.*/)?(?:block\d_conv\d_)?(?<what>kernel|bias|W|b)(?:_\d+)?(?::0)?$")]
    private static partial Regex Keras();

    [GeneratedRegex(@"^(?:.*/)?conv(?<b>\d)_(?<i>\d)/(?<what>weight|bias)$")]
    private static partial Regex Slashed();

    /// <summary>The place of an array of that name, or null if VGG-19's convolutions have none.</summary>
    public static Place? Find(string name)
    {
        foreach (Match match in (Match[])[Torch().Match(name), Keras().Match(name), Slashed().Match(name)])
        {
            if (!match.Success) continue;
            int layer = match.Groups["n"].Success
                ? Vgg19.TorchvisionIndices.IndexOf(int.Parse(match.Groups["n"].Value))
                : Vgg19.LayerNames.IndexOf($"conv{match.Groups["b"].Value}_{match.Groups["i"].Value}");
            if (layer >= 0) return new Place(layer, match.Groups["what"].Value is "bias" or "b");
        }
        return null;
    }

    /// <summary>Whether the name is of the kind that torchvision writes, whose own network has its own input
    /// convention.</summary>
    public static bool IsTorchvision(string name) => Torch().Match(name).Groups["n"].Success;
}
