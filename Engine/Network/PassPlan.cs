using System.Collections.Immutable;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Network;

/// <summary>What the passes over one picture size keep, from when to when, and where it lies: known from shapes alone, before there
/// are filters.</summary>
/// <remarks>Steps are numbered through both passes, a convolution or pooling each; a buffer lives from the step that writes it to the last one
/// that reads it, and <see cref="MemoryPlan"/> lets buffers share bytes.</remarks>
public sealed class PassPlan
{
    /// <summary>Plans.</summary>
    /// <param name="device">Whose layouts decide how many bytes a map takes.</param>
    /// <param name="layers">At least as many as are tapped.</param>
    /// <param name="pooling">Between the blocks.</param>
    /// <param name="height">Rows of the picture, at least 1.</param>
    /// <param name="width">Columns of the picture, at least 1.</param>
    /// <param name="tapped">The layers that have losses; the last one ends the pass.</param>
    /// <param name="backward">Whether there will be a backward pass.</param>
    /// <exception cref="PictureTooSmallException">A pooling would get a map less than 2 wide or high.</exception>
    public PassPlan(IDevice device, IReadOnlyList<LayerShape> layers, Pooling pooling, int height, int width, TappedLayers tapped, bool backward)
    {
        Stages = [.. MakeStages(device as IFusedDevice, layers, height, width, tapped)];
        PlanMemory(device, layers, pooling, backward);
    }

    /// <summary>Which buffer lies where.</summary>
    public MemoryPlan Memory { get; } = new();

    /// <summary>The convolutions, conv1_1 first.</summary>
    public ImmutableArray<Stage> Stages { get; }

    private static Stage[] MakeStages(IFusedDevice? fused, IReadOnlyList<LayerShape> layers, int height, int width, TappedLayers tapped)
    {
        Stage[] result = new Stage[tapped.All.Max + 1];
        (int fullHeight, int fullWidth) = (height, width);
        for (int i = 0; i < result.Length; i++)
        {
            LayerShape layer = layers[i];
            if (layer.FollowsPooling)
            {
                if (height < 2 || width < 2) throw new PictureTooSmallException(fullWidth, fullHeight, layer.Name);
                (height, width) = (height / 2, width / 2);
            }
            bool pooled = i > 0 && i + 1 < result.Length && layers[i + 1].FollowsPooling;
            result[i] = new Stage
            {
                Channels = layer.Outputs, Height = height, Width = width, Pools = layer.FollowsPooling,
                Tapped = tapped.All.Contains(i), HasOtherLosses = tapped.Others.Contains(i),
                IsPooledAtOnce = pooled && !tapped.All.Contains(i) && fused?.FusesPooling(height, width) == true,
            };
        }
        return result;
    }

    /// <summary>Forward, step 2i is the pooling before layer i, step 2i+1 its convolution; backward the same in reverse.</summary>
    private void PlanMemory(IDevice device, IReadOnlyList<LayerShape> layerShapes, Pooling pooling, bool backward)
    {
        int layers = Stages.Length;
        int ForwardStep(int layer) => 2 * layer + 1;
        int BackwardStep(int layer) => 4 * layers - 2 * layer - 1;
        for (int i = 0; i < layers; i++)
        {
            Stage s = Stages[i];
            string name = layerShapes[i].Name;
            int made = ForwardStep(i), used = i + 1 == layers ? made : Stages[i + 1].Pools ? 2 * (i + 1) : ForwardStep(i + 1);
            long bytes = device.FeatureMapBytes(s.Channels, s.Height, s.Width);
            bool again = s.IsMadeAgain = i == 0 && layers > 1 && !Stages[1].Pools && s.Tapped && backward;
            // Losses at layer i are added in the step that makes its gradient.
            if (!s.IsPooledAtOnce)
                s.Activation = Memory.Add($"{name} activations", bytes, made, s.Tapped && backward && !again ? BackwardStep(i) : used);
            if (s.Pools)
            {
                Stage below = Stages[i - 1];
                long pooledBytes = device.FeatureMapBytes(below.Channels, s.Height, s.Width);
                int pools = below.IsPooledAtOnce ? ForwardStep(i - 1) : made - 1, unpools = BackwardStep(i - 1);
                // Then the convolution below reads it, into its own input's gradient.
                if (below.IsPooledAtOnce) unpools += below.Pools ? 1 : 2;
                s.Pooled = Memory.Add($"pooled for {name}", pooledBytes, pools, made);
                if (backward)
                {
                    s.PooledGradient = Memory.Add($"gradient of pooled for {name}", pooledBytes, BackwardStep(i) + 1, unpools);
                    if (pooling == Pooling.Max)
                        s.Switches = Memory.Add($"switches for {name}", device.SwitchesBytes(below.Channels, below.Height, below.Width), pools, unpools);
                }
            }
            if (!backward) continue;
            if (again && (s.HasOtherLosses || device is not IFusedDevice))
                s.Recomputed = Memory.Add($"{name} activations, again", bytes, BackwardStep(i) + 1, BackwardStep(i) + 1);
            // The convolution of this layer, a step or two later, is the last that reads it.
            int read = BackwardStep(i) + (s.Pools ? 1 : 2);
            if (!s.IsPooledAtOnce) s.Gradient = Memory.Add($"{name} gradient", bytes, BackwardStep(i), read);
            s.ReluBits = Memory.Add($"{name} ReLU bits", device.ReluBitsBytes(s.Channels, s.Height, s.Width), made,
                s.IsPooledAtOnce ? read : BackwardStep(i) + (again ? 1 : 0));
        }
        Memory.Place();
    }

    /// <summary>One convolution of the pass, with the pooling before it.</summary>
    public sealed class Stage
    {
        /// <summary>K.</summary>
        public required int Channels { get; init; }

        /// <summary>Rows of its output.</summary>
        public required int Height { get; init; }

        /// <summary>Columns of its output.</summary>
        public required int Width { get; init; }

        /// <summary>Whether the visitor is called for it.</summary>
        public required bool Tapped { get; init; }

        /// <summary>Whether a pooling stands before it.</summary>
        public required bool Pools { get; init; }

        /// <summary>Whether some of its losses are not of the Gram matrix.</summary>
        public required bool HasOtherLosses { get; init; }

        /// <summary>Whether the pooling after it is done while it is convolved: then neither F nor dF is stored.</summary>
        public required bool IsPooledAtOnce { get; init; }

        /// <summary>Whether F is computed again on the way back.</summary>
        public bool IsMadeAgain { get; internal set; }

        /// <summary>F.</summary>
        public MemoryPlan.Buffer? Activation { get; internal set; }

        /// <summary>F, computed again on the way back; null also where that is done some rows at a time.</summary>
        public MemoryPlan.Buffer? Recomputed { get; internal set; }

        /// <summary>dF.</summary>
        public MemoryPlan.Buffer? Gradient { get; internal set; }

        /// <summary>Where F is above 0.</summary>
        public MemoryPlan.Buffer? ReluBits { get; internal set; }

        /// <summary>What its pooling makes.</summary>
        public MemoryPlan.Buffer? Pooled { get; internal set; }

        /// <summary>The gradient of that.</summary>
        public MemoryPlan.Buffer? PooledGradient { get; internal set; }

        /// <summary>Which of four was the largest.</summary>
        public MemoryPlan.Buffer? Switches { get; internal set; }
    }
}
