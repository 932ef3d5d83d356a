using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Objective;

/// <summary>What one picture looks like to the network: Gram matrices of some layers, activations of others.</summary>
internal sealed class FeatureTargets : ILayerVisitor
{
    private readonly IDevice device;
    private readonly IReadOnlySet<int> gramLayers, activationLayers;

    private FeatureTargets(IDevice device, IReadOnlySet<int> gramLayers, IReadOnlySet<int> activationLayers) =>
        (this.device, this.gramLayers, this.activationLayers) = (device, gramLayers, activationLayers);

    /// <summary>Layer to Gram matrix per position, [C, C].</summary>
    public Dictionary<int, float[]> Grams { get; } = [];

    /// <summary>Layer to activations, [C, H, W].</summary>
    public Dictionary<int, (float[] Values, int Channels, int Height, int Width)> Activations { get; } = [];

    /// <summary>Runs the network forward over a picture of any size.</summary>
    /// <param name="network">Filters on a device.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="gramLayers">Layers whose Gram matrices are wanted.</param>
    /// <param name="activationLayers">Layers whose activations are wanted.</param>
    public static FeatureTargets Of(ConvNetwork network, Picture picture, IReadOnlySet<int> gramLayers, IReadOnlySet<int> activationLayers)
    {
        FeatureTargets targets = new(network.Device, gramLayers, activationLayers);
        TappedLayers tapped = new(gramLayers, activationLayers);
        if (tapped.All.IsEmpty) return targets;
        using NetworkPass pass = new(network, picture.Height, picture.Width, tapped, backward: false);
        using DeviceMemory pixels = network.Device.Allocate(DeviceVector.BytesFor(picture.Samples.Length));
        DeviceImage image = new(pixels, 0, picture.Height, picture.Width);
        network.Device.Upload(picture.Samples, image.Vector);
        pass.Forward(image, targets);
        return targets;
    }

    /// <summary>Keeps what was asked for.</summary>
    public void Forward(int layer, FeatureMap f)
    {
        if (gramLayers.Contains(layer))
        {
            float[] gram = new float[f.Channels * f.Channels];
            using DeviceMemory memory = device.Allocate(DeviceVector.BytesFor(gram.Length));
            DeviceVector g = new(memory, 0, gram.Length);
            device.Gram(f, g);
            device.Download(g, gram);
            Grams[layer] = gram;
        }
        if (activationLayers.Contains(layer))
        {
            float[] activations = new float[f.Channels * f.Positions];
            device.Download(f, activations);
            Activations[layer] = (activations, f.Channels, f.Height, f.Width);
        }
    }

    /// <summary>Never called: this pass goes forward only.</summary>
    public DeviceVector? GramGradient(int layer) => throw new NotSupportedException();

    /// <summary>Never called: this pass goes forward only.</summary>
    public void Backward(int layer, FeatureMap f, FeatureMap dF, bool accumulate) => throw new NotSupportedException();
}
