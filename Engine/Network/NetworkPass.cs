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

    /// <summary>D of the style loss at a tapped layer, so that its gradient is D·F; the pass adds that itself where it costs
    /// least.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <returns>D, [C, C], or null where there is no such loss. A layer of <see cref="TappedLayers"/> has this loss or others.</returns>
    DeviceVector? GramGradient(int layer);

    /// <summary>Called on the way back for every tapped layer that has other losses, the last first.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="f">F, as in the forward pass.</param>
    /// <param name="dF">Gradient of the other losses at this layer with respect to F. To be overwritten, or added to when
    /// <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether <paramref name="dF"/> already holds the gradient of what lies above.</param>
    void Backward(int layer, FeatureMap f, FeatureMap dF, bool accumulate);
}

/// <summary>The network's forward pass and its backward pass to the picture, for one picture size, in memory that is planned before
/// the first run.</summary>
/// <remarks>
/// <para>What backward needs is less than what forward made: a bit an element for each ReLU, two bits an output for each max pooling,
/// and the activations of the tapped layers alone. conv1_1's are the largest and the cheapest: they are computed again, by a device
/// that can some rows at a time, by others into the memory of conv1_2's gradient, which is no longer needed by then. A device that pools
/// while it convolves stores neither the map before the pooling nor its gradient.</para>
/// <para><see cref="PassPlan"/> says where everything lies.</para>
/// </remarks>
public sealed class NetworkPass : IDisposable
{
    private readonly ConvNetwork network;
    private readonly IDevice device;
    private readonly IFusedDevice? fused;
    private readonly bool backward;
    private readonly PassPlan plan;
    private readonly ImmutableArray<PassPlan.Stage> stages;
    private readonly DeviceMemory arena;

    /// <summary>Plans the passes and takes their memory.</summary>
    /// <param name="network">Filters on a device.</param>
    /// <param name="height">Rows of the picture, at least 1.</param>
    /// <param name="width">Columns of the picture, at least 1.</param>
    /// <param name="tapped">The layers that have losses; the last one ends the pass.</param>
    /// <param name="backward">Whether there will be a backward pass.</param>
    /// <exception cref="PictureTooSmallException">A pooling would get a map less than 2 wide or high.</exception>
    public NetworkPass(ConvNetwork network, int height, int width, TappedLayers tapped, bool backward)
    {
        if (tapped.All.IsEmpty) throw new ArgumentException("no layer is tapped: there is nothing to compute", nameof(tapped));
        (this.network, device, this.backward, Height, Width) = (network, network.Device, backward, height, width);
        fused = device as IFusedDevice;
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
            if (s.Pooled is not null && !stages[i - 1].IsPooledAtOnce)
                device.PoolForward(Map(stages[i - 1].Activation, stages[i - 1]), Pooled(i), Pooling, Bytes(s.Switches));
            if (i == 0)
                device.ImageConv3x3Forward(image, network[0], Map(s.Activation, s), Bytes(s.ReluBits));
            else if (s.IsPooledAtOnce)
                fused!.Conv3x3PoolForward(Input(i), network[i], Bytes(s.ReluBits), Pooled(i + 1), Pooling, Bytes(stages[i + 1].Switches));
            else
                device.Conv3x3Forward(Input(i), network[i], Map(s.Activation, s), Bytes(s.ReluBits));
            if (s.Tapped) visitor.Forward(i, Map(s.Activation, s));
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
        VisitAll(top, visitor);
        device.ReluBackward(Map(stages[top].Gradient, stages[top]), Bytes(stages[top].ReluBits));
        for (int i = top; i > 0; i--)
        {
            PassPlan.Stage s = stages[i], below = stages[i - 1];
            if (s.PooledGradient is { } pooled)
            {
                FeatureMap dPooled = new(arena, pooled.Offset, below.Channels, s.Height, s.Width);
                ConvolveBack(i, dPooled, DeviceBytes.None, accumulate: false, null);
                if (below.IsPooledAtOnce) continue;
                if (below.Tapped) VisitAll(i - 1, visitor);
                device.PoolBackward(dPooled, Map(below.Gradient, below), Pooling, Bytes(s.Switches), Bytes(below.ReluBits), below.Tapped);
                continue;
            }
            FeatureMap dX = Map(below.Gradient, below);
            if (i == 1 && below.IsMadeAgain)
            {
                ConvolveBack(i, dX, DeviceBytes.None, accumulate: false, null);
                VisitAgain(image, visitor);
                continue;
            }
            bool other = below.Tapped && Visit(i - 1, visitor, accumulate: false);
            GramTerm? gram = below.Tapped && GramGradient(i - 1, visitor) is { } d ? new(d, Map(below.Activation, below)) : null;
            ConvolveBack(i, dX, Bytes(below.ReluBits), other, gram);
        }
        device.ImageConv3x3Backward(Map(stages[0].Gradient, stages[0]), network[0], dImage, accumulate);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => arena.Dispose();

    /// <summary>Through convolution i, from where its gradient is: stored, or before a pooling that was done at once.</summary>
    private void ConvolveBack(int i, FeatureMap dX, DeviceBytes reluBits, bool accumulate, GramTerm? gram)
    {
        PassPlan.Stage s = stages[i];
        if (s.IsPooledAtOnce)
        {
            PassPlan.Stage above = stages[i + 1];
            FeatureMap dPooled = new(arena, above.PooledGradient!.Offset, s.Channels, above.Height, above.Width);
            fused!.PoolConv3x3BackwardInput(dPooled, Pooling, Bytes(above.Switches), Bytes(s.ReluBits), network[i], dX, reluBits, accumulate, gram);
        }
        else if (gram is { } term)
            device.Conv3x3BackwardInput(Map(s.Gradient, s), network[i], dX, reluBits, accumulate, term);
        else
            device.Conv3x3BackwardInput(Map(s.Gradient, s), network[i], dX, reluBits, accumulate);
    }

    /// <summary>Has the losses that are not of Gram matrices make their gradient.</summary>
    /// <returns>Whether there are any.</returns>
    private bool Visit(int layer, ILayerVisitor visitor, bool accumulate)
    {
        PassPlan.Stage s = stages[layer];
        if (s.HasOtherLosses) visitor.Backward(layer, Map(s.Activation, s), Map(s.Gradient, s), accumulate);
        return s.HasOtherLosses;
    }

    private DeviceVector? GramGradient(int layer, ILayerVisitor visitor) => visitor.GramGradient(layer)
        ?? (stages[layer].HasOtherLosses ? null : throw new InvalidOperationException($"layer {layer} is tapped, but the visitor has no loss there"));

    /// <summary>The gradient of all losses of a layer, with nothing from above in its memory yet.</summary>
    private void VisitAll(int layer, ILayerVisitor visitor)
    {
        PassPlan.Stage s = stages[layer];
        bool other = Visit(layer, visitor, accumulate: false);
        if (GramGradient(layer, visitor) is { } d) device.GramBackward(d, Map(s.Activation, s), Map(s.Gradient, s), other);
    }

    /// <summary>conv1_1: its activations are computed a second time; its loss gradient comes last, so the mask does too.</summary>
    private void VisitAgain(DeviceImage image, ILayerVisitor visitor)
    {
        PassPlan.Stage s = stages[0];
        FeatureMap dF = Map(s.Gradient, s);
        if (s.Recomputed is null)
        {
            fused!.ImageGramBackward(image, network[0], GramGradient(0, visitor)!.Value, dF, Bytes(s.ReluBits));
            return;
        }
        FeatureMap f = Map(s.Recomputed, s);
        device.ImageConv3x3Forward(image, network[0], f, DeviceBytes.None);
        if (s.HasOtherLosses) visitor.Backward(0, f, dF, accumulate: true);
        if (GramGradient(0, visitor) is { } d) device.GramBackward(d, f, dF, accumulate: true);
        device.ReluBackward(dF, Bytes(s.ReluBits));
    }

    private Pooling Pooling => network.Parameters.Pooling;

    /// <summary>What convolution i reads.</summary>
    private FeatureMap Input(int i) => stages[i].Pooled is null ? Map(stages[i - 1].Activation, stages[i - 1]) : Pooled(i);

    private FeatureMap Pooled(int i) => new(arena, stages[i].Pooled!.Offset, stages[i - 1].Channels, stages[i].Height, stages[i].Width);

    private FeatureMap Map(MemoryPlan.Buffer? buffer, PassPlan.Stage s) => new(arena, buffer!.Offset, s.Channels, s.Height, s.Width);

    private DeviceBytes Bytes(MemoryPlan.Buffer? buffer) => buffer is null ? DeviceBytes.None : new DeviceBytes(arena, buffer.Offset);
}
