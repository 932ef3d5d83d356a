namespace GatysGpu.Kernels.Gpu;

/// <summary>A kernel on one shape.</summary>
/// <param name="Kernel">Its name in <see cref="KernelCatalog"/>.</param>
/// <param name="Shape">Layer and shape, for people.</param>
/// <param name="Work">What it has to do.</param>
/// <param name="Prepare">Takes memory and loads the kernel; what it returns launches it.</param>
internal sealed record RooflineCase(string Kernel, string Shape, RooflineWork Work, Func<RooflineMemory, Action> Prepare)
{
    /// <summary>Whether it multiplies on tensor cores.</summary>
    public bool TensorCores { get; init; }

    public static RooflineCase Of(Delegate kernel, string shape, RooflineWork work, Func<RooflineMemory, Action> prepare,
        bool tensorCores = false) =>
        new($"{kernel.Method.DeclaringType!.Name}.{kernel.Method.Name}", shape, work, prepare) { TensorCores = tensorCores };
}

/// <summary>A convolution of a network between feature maps of one size.</summary>
/// <param name="Name">Such as conv3_1.</param>
/// <param name="Inputs">C.</param>
/// <param name="Outputs">K.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
internal readonly record struct RooflineLayer(string Name, int Inputs, int Outputs, int Height, int Width);

/// <summary>Every kernel of the project on the shapes of a network.</summary>
internal static partial class RooflineCases
{
    /// <summary>Feature maps of VGG-19 (Simonyan, Zisserman 2015, configuration E) for a square picture; of layers of one shape
    /// the first.</summary>
    /// <param name="side">Of the picture, a multiple of 16.</param>
    public static RooflineLayer[] Vgg19(int side) =>
    [
        new("conv1_1", 3, 64, side, side), new("conv1_2", 64, 64, side, side),
        new("conv2_1", 64, 128, side / 2, side / 2), new("conv2_2", 128, 128, side / 2, side / 2),
        new("conv3_1", 128, 256, side / 4, side / 4), new("conv3_2", 256, 256, side / 4, side / 4),
        new("conv4_1", 256, 512, side / 8, side / 8), new("conv4_2", 512, 512, side / 8, side / 8),
        new("conv5_1", 512, 512, side / 16, side / 16),
    ];

    /// <summary>All cases: each layer's convolution both ways, Gram matrix and pooling, losses, and the vectors of the
    /// optimisers.</summary>
    /// <param name="layers">The first one begins at the picture.</param>
    public static IEnumerable<RooflineCase> All(RooflineLayer[] layers)
    {
        RooflineLayer first = layers[0];
        return
        [
            .. Image(first), .. layers.Skip(1).SelectMany(Convolution),
            .. layers.Where(IsFirstOfItsBlock).SelectMany(Gram),
            .. layers.Where(IsFirstOfItsBlock).SelectMany(Pool), .. Relu(first),
            .. Losses(first, layers[^1]), .. Vectors(3L * first.Height * first.Width),
        ];
    }

    private static bool IsFirstOfItsBlock(RooflineLayer layer) => layer.Name.EndsWith("_1", StringComparison.Ordinal);
}
