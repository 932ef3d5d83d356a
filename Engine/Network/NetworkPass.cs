using System.Collections.Immutable;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Network;

/// <summary>What is done with the activations on their way: losses, or the collection of targets.</summary>
public interface ILayerVisitor
{
    /// <summary>Called when a tapped layer has been computed.</summary>
    /// <param name="layer">Index of the layer, 0 being conv1_1.</param>
    /// <param name="f">F, its activations after ReLU. Valid until the call returns.</param>
    void Forward(int layer, FeatureMap f);

    /// <summary>Called for every tapped layer on the way back, the last first.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="f">F, as in the forward pass.</param>
    /// <param name="dF">Gradient of the losses at this layer with respect to F. To be overwritten, or added to when
    /// <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether <paramref name="dF"/> already holds the gradient of what lies above.</param>
    void Backward(int layer, FeatureMap f, FeatureMap dF, bool accumulate);
}

/// <summary>The network's forward pass and its backward pass to the picture, for one picture size, in memory that is planned before
/// the first run.</summary>
/// <remarks>
/// <para>What backward needs is less than what forward made: a bit an element for each ReLU, two bits an output for each max pooling,
/// and the activations of the tapped layers alone. conv1_1's are the largest and the cheapest: they are computed again, into the
/// memory of conv1_2's gradient, which is no longer needed by then.</para>
/// <para><see cref="PassPlan"/> says where everything lies.</para>
/// </remarks>
public sealed class NetworkPass : IDisposable
{
    private readonly ConvNetwork network;
    private readonly IDevice device;
    private readonly bool backward;
    private readonly PassPlan plan;
    private readonly ImmutableArray<PassPlan.Stage> stages;
    private readonly DeviceMemory arena;

    /// <summary>Plans the passes and takes their memory.</summary>
    /// <param name="network">Filters on a device.</param>
    /// <param name="height">Rows of the picture, at least 1.</param>
    /// <param name="width">Columns of the picture, at least 1.</param>
    /// <param name="tapped">Indices of the layers that the visitor is called for; the last one ends the pass.</param>
    /// <param name="backward">Whether there will be a backward pass.</param>
    /// <exception cref="PictureTooSmallException">A pooling would get a map less than 2 wide or high.</exception>
    public NetworkPass(ConvNetwork network, int height, int width, IReadOnlyCollection<int> tapped, bool backward)
    {
        if (tapped.Count == 0) throw new ArgumentException("no layer is tapped: there is nothing to compute", nameof(tapped));
        (this.network, device, this.backward, Height, Width) = (network, network.Device, backward, height, width);
        plan = new PassPlan(device, [.. network.Parameters.Layers.Select(l => l.Shape)], network.Parameters.Pooling, height, width, tapped, backward);
        stages = plan.Stages;
        arena = device.Allocate(plan.Memory.Bytes);
    }

    /// <summary>Rows of the picture.</summary>
    public int Height { get; }

    /// <summary>Columns of the picture.</summary>
    public int Width { get; }

    /// <summary>Which buffer lies where.</summary>
    public MemoryPlan Plan => plan.Memory;

    /// <summary>Shape of a layer's activations.</summary>
    /// <param name="layer">Index of the layer, up to the last tapped one.</param>
    public (int Channels, int Height, int Width) Shape(int layer) => (stages[layer].Channels, stages[layer].Height, stages[layer].Width);

    /// <summary>Runs the network as far as the last tapped layer.</summary>
    /// <param name="image">[3, H, W] of this pass's size.</param>
    /// <param name="visitor">Called at tapped layers.</param>
    public void Forward(DeviceImage image, ILayerVisitor visitor)
    {
        for (int i = 0; i < stages.Length; i++)
        {
            PassPlan.Stage s = stages[i];
            FeatureMap f = Map(s.Activation, s);
            if (i == 0)
                device.ImageConv3x3Forward(image, network[0], f, Bytes(s.ReluBits));
            else
            {
                PassPlan.Stage below = stages[i - 1];
                FeatureMap input = Map(below.Activation, below);
                if (s.Pooled is { } pooled)
                {
                    FeatureMap y = new(arena, pooled.Offset, below.Channels, s.Height, s.Width);
                    device.PoolForward(input, y, network.Parameters.Pooling, Bytes(s.Switches));
                    input = y;
                }
                device.Conv3x3Forward(input, network[i], f, Bytes(s.ReluBits));
            }
            if (s.Tapped) visitor.Forward(i, f);
        }
    }

    /// <summary>Runs back from the last tapped layer to the picture.</summary>
    /// <param name="image">The picture of the forward pass.</param>
    /// <param name="visitor">Gives the gradient at tapped layers.</param>
    /// <param name="dImage">Gradient with respect to the picture. Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether <paramref name="dImage"/> already holds a gradient.</param>
    public void Backward(DeviceImage image, ILayerVisitor visitor, DeviceImage dImage, bool accumulate)
    {
        if (!backward) throw new InvalidOperationException("this pass was planned without a backward pass");
        int top = stages.Length - 1;
        Visit(top, visitor);
        device.ReluBackward(Map(stages[top].Gradient, stages[top]), Bytes(stages[top].ReluBits));
        for (int i = top; i > 0; i--)
        {
            PassPlan.Stage s = stages[i], below = stages[i - 1];
            FeatureMap dY = Map(s.Gradient, s), dX = Map(below.Gradient, below);
            if (s.Pooled is null)
            {
                if (below.Recomputed is not null)
                {
                    device.Conv3x3BackwardInput(dY, network[i], dX, DeviceBytes.None, accumulate: false);
                    VisitAgain(below, image, visitor);
                    continue;
                }
                if (below.Tapped) Visit(i - 1, visitor);
                device.Conv3x3BackwardInput(dY, network[i], dX, Bytes(below.ReluBits), below.Tapped);
                continue;
            }
            FeatureMap dPooled = new(arena, s.PooledGradient!.Offset, below.Channels, s.Height, s.Width);
            device.Conv3x3BackwardInput(dY, network[i], dPooled, DeviceBytes.None, accumulate: false);
            if (below.Tapped) Visit(i - 1, visitor);
            device.PoolBackward(dPooled, dX, network.Parameters.Pooling, Bytes(s.Switches), Bytes(below.ReluBits), below.Tapped);
        }
        device.ImageConv3x3Backward(Map(stages[0].Gradient, stages[0]), network[0], dImage, accumulate);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => arena.Dispose();

    private void Visit(int layer, ILayerVisitor visitor)
    {
        PassPlan.Stage s = stages[layer];
        visitor.Backward(layer, Map(s.Activation, s), Map(s.Gradient, s), accumulate: false);
    }

    /// <summary>conv1_1: its activations are computed a second time; its loss gradient comes last, so the mask does too.</summary>
    private void VisitAgain(PassPlan.Stage s, DeviceImage image, ILayerVisitor visitor)
    {
        FeatureMap f = Map(s.Recomputed, s), dF = Map(s.Gradient, s);
        device.ImageConv3x3Forward(image, network[0], f, DeviceBytes.None);
        visitor.Backward(0, f, dF, accumulate: true);
        device.ReluBackward(dF, Bytes(s.ReluBits));
    }

    private FeatureMap Map(MemoryPlan.Buffer? buffer, PassPlan.Stage s) => new(arena, buffer!.Offset, s.Channels, s.Height, s.Width);

    private DeviceBytes Bytes(MemoryPlan.Buffer? buffer) => buffer is null ? DeviceBytes.None : new DeviceBytes(arena, buffer.Offset);
}
