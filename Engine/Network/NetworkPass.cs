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
    /// <param name="dF">Gradient of the losses at this layer with respect to F. Must be overwritten.</param>
    void Backward(int layer, FeatureMap f, FeatureMap dF);
}

/// <summary>The network's forward pass and its backward pass to the picture, for one picture size, in memory that is planned before
/// the first run.</summary>
/// <remarks>
/// <para>What backward needs is less than what forward made: a bit an element for each ReLU, two bits an output for each max pooling,
/// and the activations of the tapped layers alone. conv1_1's are the largest and the cheapest: they are computed again.</para>
/// <para>Steps are numbered through both passes, a convolution or pooling each; a buffer lives from the step that writes it to the last one that
/// reads it, and <see cref="MemoryPlan"/> lets buffers share bytes.</para>
/// </remarks>
public sealed class NetworkPass : IDisposable
{
    private readonly ConvNetwork network;
    private readonly IDevice device;
    private readonly bool backward;
    private readonly Stage[] stages;
    private readonly MemoryPlan plan = new();
    private DeviceMemory arena;

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
        stages = MakeStages(height, width, tapped);
        PlanMemory();
        arena = device.Allocate(plan.Bytes);
    }

    /// <summary>Rows of the picture.</summary>
    public int Height { get; }

    /// <summary>Columns of the picture.</summary>
    public int Width { get; }

    /// <summary>Which buffer lies where.</summary>
    public MemoryPlan Plan => plan;

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
            Stage s = stages[i];
            FeatureMap f = Map(s.Activation, s);
            if (i == 0)
                device.ImageConv3x3Forward(image, network[0], f, Bytes(s.ReluBits));
            else
            {
                Stage below = stages[i - 1];
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
        Visit(top, image, visitor);
        device.ReluBackward(Map(stages[top].Gradient, stages[top]), Bytes(stages[top].ReluBits));
        for (int i = top; i > 0; i--)
        {
            Stage s = stages[i], below = stages[i - 1];
            FeatureMap dY = Map(s.Gradient, s), dX = Map(below.Gradient, below);
            if (s.Pooled is null)
            {
                if (below.Tapped) Visit(i - 1, image, visitor);
                device.Conv3x3BackwardInput(dY, network[i], dX, Bytes(below.ReluBits), below.Tapped);
                continue;
            }
            FeatureMap dPooled = new(arena, s.PooledGradient!.Offset, below.Channels, s.Height, s.Width);
            device.Conv3x3BackwardInput(dY, network[i], dPooled, DeviceBytes.None, accumulate: false);
            if (below.Tapped) Visit(i - 1, image, visitor);
            device.PoolBackward(dPooled, dX, network.Parameters.Pooling, Bytes(s.Switches), Bytes(below.ReluBits), below.Tapped);
        }
        device.ImageConv3x3Backward(Map(stages[0].Gradient, stages[0]), network[0], dImage, accumulate);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => arena.Dispose();

    private void Visit(int layer, DeviceImage image, ILayerVisitor visitor)
    {
        Stage s = stages[layer];
        FeatureMap f = Map(s.Recomputed ?? s.Activation, s);
        if (s.Recomputed is not null) device.ImageConv3x3Forward(image, network[0], f, DeviceBytes.None);
        visitor.Backward(layer, f, Map(s.Gradient, s));
    }

    private FeatureMap Map(MemoryPlan.Buffer? buffer, Stage s) => new(arena, buffer!.Offset, s.Channels, s.Height, s.Width);

    private DeviceBytes Bytes(MemoryPlan.Buffer? buffer) => buffer is null ? DeviceBytes.None : new DeviceBytes(arena, buffer.Offset);

    private Stage[] MakeStages(int height, int width, IReadOnlyCollection<int> tapped)
    {
        Stage[] result = new Stage[tapped.Max() + 1];
        (int fullHeight, int fullWidth) = (height, width);
        for (int i = 0; i < result.Length; i++)
        {
            NetworkLayer layer = network.Parameters.Layers[i];
            if (layer.FollowsPooling)
            {
                if (height < 2 || width < 2) throw new PictureTooSmallException(fullWidth, fullHeight, layer.Name);
                (height, width) = (height / 2, width / 2);
            }
            result[i] = new Stage { Channels = layer.Outputs, Height = height, Width = width, Tapped = tapped.Contains(i), Pools = layer.FollowsPooling };
        }
        return result;
    }

    /// <summary>Forward, step 2i is the pooling before layer i, step 2i+1 its convolution; backward the same in reverse.</summary>
    private void PlanMemory()
    {
        int layers = stages.Length;
        int ForwardStep(int layer) => 2 * layer + 1;
        int BackwardStep(int layer) => 4 * layers - 2 * layer - 1;
        for (int i = 0; i < layers; i++)
        {
            Stage s = stages[i];
            string name = network.Parameters.Layers[i].Name;
            int made = ForwardStep(i), used = i + 1 == layers ? made : stages[i + 1].Pools ? 2 * (i + 1) : ForwardStep(i + 1);
            long bytes = device.FeatureMapBytes(s.Channels, s.Height, s.Width);
            bool again = i == 0 && layers > 1 && s.Tapped && backward;
            // Losses at layer i are added in the step that makes its gradient.
            s.Activation = plan.Add($"{name} activations", bytes, made, s.Tapped && backward && !again ? BackwardStep(i) : used);
            if (s.Pools)
            {
                Stage below = stages[i - 1];
                long pooledBytes = device.FeatureMapBytes(below.Channels, s.Height, s.Width);
                s.Pooled = plan.Add($"pooled for {name}", pooledBytes, made - 1, made);
                if (backward)
                {
                    s.PooledGradient = plan.Add($"gradient of pooled for {name}", pooledBytes, BackwardStep(i) + 1, BackwardStep(i - 1));
                    if (network.Parameters.Pooling == Pooling.Max)
                        s.Switches = plan.Add($"switches for {name}", device.SwitchesBytes(below.Channels, below.Height, below.Width), made - 1, BackwardStep(i - 1));
                }
            }
            if (!backward) continue;
            if (again) s.Recomputed = plan.Add($"{name} activations, again", bytes, BackwardStep(i), BackwardStep(i));
            s.Gradient = plan.Add($"{name} gradient", bytes, BackwardStep(i), BackwardStep(i) + (i > 0 && s.Pools ? 1 : 2));
            s.ReluBits = plan.Add($"{name} ReLU bits", device.ReluBitsBytes(s.Channels, s.Height, s.Width), made, BackwardStep(i));
        }
        plan.Place();
    }

    /// <summary>One convolution of the pass, with the pooling before it.</summary>
    private sealed class Stage
    {
        public required int Channels { get; init; }
        public required int Height { get; init; }
        public required int Width { get; init; }
        public required bool Tapped { get; init; }
        public required bool Pools { get; init; }
        public MemoryPlan.Buffer? Activation { get; set; }
        public MemoryPlan.Buffer? Recomputed { get; set; }
        public MemoryPlan.Buffer? Gradient { get; set; }
        public MemoryPlan.Buffer? ReluBits { get; set; }
        public MemoryPlan.Buffer? Pooled { get; set; }
        public MemoryPlan.Buffer? PooledGradient { get; set; }
        public MemoryPlan.Buffer? Switches { get; set; }
    }
}
