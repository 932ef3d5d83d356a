using System.Collections.Immutable;

namespace GatysGpu.Weights;

/// <summary>The names and widths of VGG-19's convolutions, in order.</summary>
/// <remarks>Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition (ICLR 2015), table 1,
/// column E. Every convolution is 3×3, stride 1; a 2×2 pooling follows each block.</remarks>
public static class Vgg19
{
    // Convolutions in block 1 to 5, and the width of each block.
    private static readonly int[] BlockDepths = [2, 2, 4, 4, 4];
    private static readonly int[] BlockWidths = [64, 128, 256, 512, 512];

    /// <summary>The sixteen convolutions: conv1_1 to conv5_4.</summary>
    public static ImmutableArray<string> LayerNames { get; } =
        [.. BlockDepths.SelectMany((depth, block) => Enumerable.Range(1, depth).Select(i => $"conv{block + 1}_{i}"))];

    /// <summary>Output channels of each of <see cref="LayerNames"/> in the published network.</summary>
    public static ImmutableArray<int> Widths { get; } =
        [.. BlockDepths.SelectMany((depth, block) => Enumerable.Repeat(BlockWidths[block], depth))];

    /// <summary>Where torchvision's <c>vgg19().features</c> keeps each of <see cref="LayerNames"/>: 0, 2, 5, 7, 10, …,
    /// 34.</summary>
    /// <remarks>There a convolution and its ReLU take two places, a pooling one.</remarks>
    public static ImmutableArray<int> TorchvisionIndices { get; } =
        [.. BlockDepths.SelectMany((depth, block) =>
            Enumerable.Range(0, depth).Select(i => 2 * (BlockDepths.Take(block).Sum() + i) + block))];
}
