using System.Collections.Immutable;
using GatysGpu.Kernels.Devices;
using GatysGpu.Weights;

namespace GatysGpu.Engine.Network;

/// <summary>How large a convolution is.</summary>
/// <param name="Name">Its name in VGG-19, such as <c>conv4_2</c>.</param>
/// <param name="Outputs">K.</param>
/// <param name="Inputs">C.</param>
public readonly record struct LayerShape(string Name, int Outputs, int Inputs)
{
    /// <summary>Whether a 2×2 pooling stands before this convolution: the first of each block but the first.</summary>
    public bool FollowsPooling => Name != "conv1_1" && Name.EndsWith("_1", StringComparison.Ordinal);

    /// <summary>Bytes of its filters as float32.</summary>
    public long FilterBytes => 9L * Outputs * Inputs * sizeof(float);
}

/// <summary>One convolution of the network.</summary>
/// <param name="Name">Its name in VGG-19, such as <c>conv4_2</c>.</param>
/// <param name="Outputs">K, channels.</param>
/// <param name="Inputs">C, channels of the layer before; 3 for conv1_1: R, G, B, 0 to 255.</param>
/// <param name="Filters">w, [K, C, 3, 3].</param>
/// <param name="Biases">b, [K].</param>
public sealed record NetworkLayer(string Name, int Outputs, int Inputs, float[] Filters, float[] Biases)
{
    /// <summary>Its size.</summary>
    public LayerShape Shape => new(Name, Outputs, Inputs);

    /// <summary>Whether a 2×2 pooling stands before this convolution: the first of each block but the first.</summary>
    public bool FollowsPooling => Shape.FollowsPooling;
}

/// <summary>A network of VGG-19's shape as numbers on the host: 3×3 convolutions with ReLU, blocks separated by 2×2 pooling. It may
/// end early (a partial weight file) and may be narrower than the published one (features learned from the pictures).</summary>
/// <param name="Layers">conv1_1 and as many of its successors as there are.</param>
/// <param name="Mean">The mean colour R, G, B, 0 to 255, subtracted from every pixel.</param>
/// <param name="Padding">What lies outside a map: zero as VGG-19 was trained, or the mirrored map.</param>
/// <param name="Pooling">Max as VGG-19 was trained, or average, which Gatys et al. 2016, Section 2, found to look slightly better.</param>
public sealed record NetworkParameters(ImmutableArray<NetworkLayer> Layers, float[] Mean, Padding Padding, Pooling Pooling)
{
    /// <summary>The network that a weight file holds, with zero padding and max pooling.</summary>
    /// <param name="weights">Any published convention; conv1_1 is brought to R, G, B, 0 to 255.</param>
    /// <param name="layers">Layers to read at most.</param>
    public static NetworkParameters From(WeightTable weights, int layers = int.MaxValue)
    {
        (WeightTable table, float[] mean) = weights.InRgb255();
        return new NetworkParameters(
            [.. table.Layers.Take(layers).Select(l => new NetworkLayer(l.Name, l.K, l.C, l.Filters.ToArray(), l.Biases.ToArray()))],
            mean, Padding.Zero, Pooling.Max);
    }

    /// <summary>Position of a layer.</summary>
    /// <exception cref="ArgumentException">The network does not reach it.</exception>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Layers.Length; i++)
            if (Layers[i].Name == name) return i;
        throw new ArgumentException(Vgg19.LayerNames.Contains(name)
            ? $"these weights end at {Layers[^1].Name}; {name} is not among them"
            : $"'{name}' is not a layer; the layers are conv1_1 … {Layers[^1].Name}");
    }

    /// <summary>The first layers up to and including <paramref name="last"/>.</summary>
    public NetworkParameters UpTo(string last) => this with { Layers = Layers[..(IndexOf(last) + 1)] };
}
