using GatysGpu.Engine.Features;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Kernels.Devices;
using GatysGpu.Weights;

namespace GatysGpu.Engine.Transfer;

/// <summary>Makes the network that an objective needs out of published and learned layers.</summary>
public static class NetworkBuilder
{
    /// <summary>The deepest layer that an objective looks at.</summary>
    /// <exception cref="ArgumentException">A name is not a layer of VGG-19, or no layer is looked at.</exception>
    public static string LastLayer(ObjectiveSettings objective)
    {
        int last = -1;
        foreach (string name in objective.Layers)
        {
            int index = Vgg19.LayerNames.IndexOf(name);
            if (index < 0) throw new ArgumentException($"'{name}' is not a layer of VGG-19; the layers are conv1_1 … conv5_4");
            last = Math.Max(last, index);
        }
        return last >= 0 ? Vgg19.LayerNames[last] : throw new ArgumentException("no layer has a weight above 0: there is nothing to paint after");
    }

    /// <summary>How often a picture is halved before a layer.</summary>
    /// <param name="layer">One of VGG-19's.</param>
    public static int PoolingsBefore(string layer) => layer["conv".Length] - '1';

    /// <summary>Makes sure that a choice of weights can reach a layer.</summary>
    /// <exception cref="ArgumentException">The published layers end before it and none may be learned.</exception>
    public static void CheckReaches(WeightChoice weights, string last)
    {
        if (weights.Published is null && weights.Learning is null) throw new ArgumentException("there are no weights and none may be learned");
        if (weights.Learning is null) _ = weights.Published!.IndexOf(last);
    }

    /// <summary>Shapes of the network's layers, known before any is learned.</summary>
    /// <param name="weights">Published layers and how the others are learned.</param>
    /// <param name="last">The deepest layer needed.</param>
    public static LayerShape[] Shapes(WeightChoice weights, string last)
    {
        List<LayerShape> shapes = [];
        for (int i = 0; i <= Vgg19.LayerNames.IndexOf(last); i++)
            shapes.Add(i < weights.Published?.Layers.Length
                ? weights.Published.Layers[i].Shape
                : new LayerShape(Vgg19.LayerNames[i], FeatureLearner.Outputs(i, weights.Learning!), i == 0 ? 3 : shapes[i - 1].Outputs));
        return [.. shapes];
    }

    /// <summary>Makes the network.</summary>
    /// <param name="device">Where layers are learned.</param>
    /// <param name="settings">Choice of weights, pooling, seed.</param>
    /// <param name="content">The content picture at the scale that is worked at.</param>
    /// <param name="styles">The style pictures at that scale.</param>
    /// <param name="last">The deepest layer needed.</param>
    /// <param name="cancellation">Stops learning.</param>
    /// <exception cref="OperationCanceledException">Learning was stopped.</exception>
    public static NetworkParameters Build(IDevice device, TransferSettings settings, Picture content, IReadOnlyList<StylePicture> styles, string last,
        CancellationToken cancellation = default)
    {
        WeightChoice weights = settings.Weights;
        NetworkParameters? published = weights.Published;
        if (published is not null && settings.Pooling is { } pooling) published = published with { Pooling = pooling };
        if (published is not null && published.Layers.Any(l => l.Name == last)) return published.UpTo(last);
        Picture[] pictures = [content, .. styles.Where(s => s.Weight > 0).Select(s => s.Picture)];
        LearningSettings learning = weights.Learning! with { Seed = settings.Seed };
        return published is null
            ? FeatureLearner.Learn(device, pictures, last, learning, settings.Pooling ?? Pooling.Average, cancellation)
            : FeatureLearner.Complete(device, published, pictures, last, learning, cancellation);
    }
}
