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
    /// <param name="tapped">Indices of the layers that the visitor is called for; the last one ends the pass.</param>
    /// <param name="backward">Whether there will be a backward pass.</param>
    /// <exception cref="PictureTooSmallException">A pooling would get a map less than 2 wide or high.</exception>
    public PassPlan(IDevice device, IReadOnlyList<LayerShape> layers, Pooling pooling, int height, int width, IReadOnlyCollection<int> tapped, bool backward)
    {
        Stages = [.. MakeStages(layers, height, width, tapped)];
        PlanMemory(device, layers, pooling, backward);
    }

    /// <summary>Which buffer lies where.</summary>
    public MemoryPlan Memory { get; } = new();

    /// <summary>The convolutions, conv1_1 first.</summary>
    public ImmutableArray<Stage> Stages { get; }

    private static Stage[] MakeStages(IReadOnlyList<LayerShape> layers, int height, int width, IReadOnlyCollection<int> tapped)
    {
        Stage[] result = new Stage[tapped.Max() + 1];
        (int fullHeight, int fullWidth) = (height, width);
        for (int i = 0; i < result.Length; i++)
        {
            LayerShape layer = layers[i];
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
            bool again = i == 0 && layers > 1 && s.Tapped && backward;
            // Losses at layer i are added in the step that makes its gradient.
            s.Activation = Memory.Add($"{name} activations", bytes, made, s.Tapped && backward && !again ? BackwardStep(i) : used);
            if (s.Pools)
            {
                Stage below = Stages[i - 1];
                long pooledBytes = device.FeatureMapBytes(below.Channels, s.Height, s.Width);
                s.Pooled = Memory.Add($"pooled for {name}", pooledBytes, made - 1, made);
                if (backward)
                {
                    s.PooledGradient = Memory.Add($"gradient of pooled for {name}", pooledBytes, BackwardStep(i) + 1, BackwardStep(i - 1));
                    if (pooling == Pooling.Max)
                        s.Switches = Memory.Add($"switches for {name}", device.SwitchesBytes(below.Channels, below.Height, below.Width), made - 1, BackwardStep(i - 1));
                }
            }
            if (!backward) continue;
            if (again) s.Recomputed = Memory.Add($"{name} activations, again", bytes, BackwardStep(i) + 1, BackwardStep(i) + 1);
            s.Gradient = Memory.Add($"{name} gradient", bytes, BackwardStep(i), BackwardStep(i) + (s.Pools ? 1 : 2));
            s.ReluBits = Memory.Add($"{name} ReLU bits", device.ReluBitsBytes(s.Channels, s.Height, s.Width), made, BackwardStep(i) + (again ? 1 : 0));
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

        /// <summary>F.</summary>
        public MemoryPlan.Buffer? Activation { get; internal set; }

        /// <summary>F, computed again on the way back.</summary>
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
