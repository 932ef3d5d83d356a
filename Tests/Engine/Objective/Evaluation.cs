using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Engine.Objective;

/// <summary>An objective's value, terms and gradient at one picture, on one device.</summary>
internal sealed record Evaluation(double Total, IReadOnlyList<ObjectiveTerm> Terms, float[] Gradient)
{
    /// <summary>Makes the objective, evaluates it once and gives everything back.</summary>
    public static Evaluation Of(IDevice device, NetworkParameters parameters, Picture content, IReadOnlyList<StylePicture> styles,
        ObjectiveSettings settings, Picture image)
    {
        using ConvNetwork network = new(device, parameters);
        using StyleTransferObjective objective = new(network, content, styles, settings);
        return Of(device, objective, image);
    }

    /// <summary>Evaluates an objective once; the gradient's memory holds NaN before.</summary>
    public static Evaluation Of(IDevice device, StyleTransferObjective objective, Picture image)
    {
        long bytes = DeviceVector.BytesFor(objective.Length);
        using DeviceMemory memory = device.Allocate(2 * bytes);
        DeviceVector x = new(memory, 0, objective.Length), g = new(memory, bytes, objective.Length);
        float[] gradient = new float[objective.Length];
        Array.Fill(gradient, float.NaN);
        device.Upload(image.Samples, x);
        device.Upload(gradient, g);
        double total = objective.Evaluate(x, g);
        device.Download(g, gradient);
        return new Evaluation(total, [.. objective.Terms], gradient);
    }
}
