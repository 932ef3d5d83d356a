using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Network;

/// <summary>A network's filters on a device.</summary>
public sealed class ConvNetwork : IDisposable
{
    private readonly Conv3x3Weights[] weights;

    /// <summary>Brings all layers to the device.</summary>
    /// <param name="device">Where the network will run.</param>
    /// <param name="parameters">Numbers.</param>
    public ConvNetwork(IDevice device, NetworkParameters parameters)
    {
        (Device, Parameters) = (device, parameters);
        weights = new Conv3x3Weights[parameters.Layers.Length];
        try
        {
            for (int i = 0; i < weights.Length; i++) weights[i] = Prepare(i);
        }
        catch
        {
            // What was brought there before the layer that does not fit.
            foreach (Conv3x3Weights? w in weights) w?.Dispose();
            throw;
        }
    }

    /// <summary>Where the filters are.</summary>
    public IDevice Device { get; }

    /// <summary>The numbers they were made from.</summary>
    public NetworkParameters Parameters { get; }

    /// <summary>Filters of layer <paramref name="index"/>, 0 being conv1_1.</summary>
    public Conv3x3Weights this[int index] => weights[index];

    /// <summary>Gives back what the device keeps of the filters only to be faster: after pictures of another size.</summary>
    public void Trim()
    {
        foreach (Conv3x3Weights w in weights) w.Trim();
    }

    /// <summary>Gives the device's memory back.</summary>
    public void Dispose()
    {
        foreach (Conv3x3Weights w in weights) w.Dispose();
    }

    private Conv3x3Weights Prepare(int index)
    {
        NetworkLayer layer = Parameters.Layers[index];
        Conv3x3Parameters p = new(layer.Outputs, layer.Inputs, layer.Filters, layer.Biases, Parameters.Padding);
        return index == 0 ? Device.PrepareImageConv3x3(p, Parameters.Mean) : Device.PrepareConv3x3(p);
    }
}
