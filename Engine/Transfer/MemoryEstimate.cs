using System.Collections.Immutable;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Engine.Optimizers;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Transfer;

/// <summary>A part of the memory that a run needs.</summary>
/// <param name="Purpose">What it is for.</param>
/// <param name="Bytes">How much.</param>
/// <param name="OnHost">Whether it is the process's memory whatever the device is.</param>
public sealed record MemoryUse(string Purpose, long Bytes, bool OnHost = false);

/// <summary>What a style transfer needs when it needs most, told from shapes alone before anything is computed: of the process's
/// memory, or of the device's where that has its own.</summary>
/// <remarks>That is at one of the scales (usually the last; but filters of small maps are kept in a form that takes more), while features are
/// learned (their maps lie on the device and, for their statistics, on the host), while the targets of a large style picture are computed, or
/// while the objective is evaluated.</remarks>
public sealed class MemoryEstimate
{
    /// <summary>The runtime, the program's code and what is on the heap beside pictures and filters. Measured on Linux.</summary>
    private const long RuntimeBytes = 42L << 20;

    private const int BytesPerPixel = 3 * sizeof(float);

    private MemoryEstimate(IDevice device, string phase, IEnumerable<MemoryUse> uses)
    {
        (Phase, OnDevice) = (phase, device.HasOwnMemory);
        Uses = [.. uses.Where(u => u.Bytes > 0 && !(OnDevice && u.OnHost))];
    }

    /// <summary>Whether it is the device's memory, and not the process's.</summary>
    public bool OnDevice { get; }

    /// <summary>When most is needed, in words.</summary>
    public string Phase { get; }

    /// <summary>What it is made of.</summary>
    public ImmutableArray<MemoryUse> Uses { get; }

    /// <summary>All of it.</summary>
    public long Bytes => Uses.Sum(u => u.Bytes);

    /// <summary>Estimates a run; <see cref="StyleTransfer.EstimateMemory"/> is the way to ask.</summary>
    /// <param name="device">Where it will be computed.</param>
    /// <param name="content">The content picture as it was read.</param>
    /// <param name="styles">The style pictures as they were read.</param>
    /// <param name="settings">Everything else.</param>
    /// <param name="scales">The longer side and the iterations of each scale.</param>
    /// <exception cref="PictureTooSmallException">Nothing is left of the picture at the deepest layer.</exception>
    internal static MemoryEstimate Of(IDevice device, Picture content, IReadOnlyList<StylePicture> styles, TransferSettings settings,
        IEnumerable<(int Side, int Iterations)> scales)
    {
        LayerShape[] layers = NetworkBuilder.Shapes(settings.Weights, NetworkBuilder.LastLayer(settings.Objective));
        int learned = layers.Length - (settings.Weights.Published?.Layers.Length ?? 0);
        long originals = Pixels(content) * (settings.MatchColors ? 2 : 1) + styles.Sum(s => Pixels(s.Picture));
        MemoryUse[] common = Common(layers, originals);
        long read = settings.Weights.Published?.Layers.Sum(l => l.Shape.FilterBytes) ?? 0;
        List<MemoryEstimate> phases =
            [new(device, "while files are read", [.. common, new("filters in the file", read, OnHost: true)])];
        foreach ((int side, int iterations) in scales)
        {
            PictureSize target = new(Resampler.FitSize(content.Width, content.Height, side));
            PictureSize[] scaled = [.. styles.Where(s => s.Weight > 0).Select(s => new PictureSize(StyleTransfer.StyleSize(s.Picture, side)))];
            string at = $"at {target.Width}×{target.Height}";
            phases.Add(new(device, $"{at}, while the objective is evaluated",
            [
                .. common, .. Evaluation(device, layers, settings, target, scaled),
                new("the picture and the optimiser's vectors", Vectors(device, settings, iterations, target)),
            ]));
            phases.AddRange(BeforeEvaluation(device, $"{at}, ", common, layers, learned, settings, target, scaled));
        }
        return phases.MaxBy(p => p.Bytes)!;
    }

    /// <summary>Estimates one evaluation of the objective and its gradient.</summary>
    /// <param name="device">Where it will be computed.</param>
    /// <param name="content">The content picture, of the size of the one that is evaluated.</param>
    /// <param name="styles">The style pictures, of the sizes they will have.</param>
    /// <param name="settings">Objective, weights and pooling.</param>
    /// <exception cref="PictureTooSmallException">Nothing is left of the picture at the deepest layer.</exception>
    public static MemoryEstimate OfEvaluation(IDevice device, Picture content, IReadOnlyList<StylePicture> styles,
        TransferSettings settings)
    {
        LayerShape[] layers = NetworkBuilder.Shapes(settings.Weights, NetworkBuilder.LastLayer(settings.Objective));
        int learned = layers.Length - (settings.Weights.Published?.Layers.Length ?? 0);
        MemoryUse[] common = Common(layers, 2 * Pixels(content) + styles.Sum(s => Pixels(s.Picture)));
        PictureSize target = new(content.Width, content.Height);
        PictureSize[] scaled =
            [.. styles.Where(s => s.Weight > 0).Select(s => new PictureSize(s.Picture.Width, s.Picture.Height))];
        List<MemoryEstimate> phases = [new(device, "while the objective is evaluated",
        [
            .. common, .. Evaluation(device, layers, settings, target, scaled),
            new("the picture and its gradient", 2 * DeviceVector.BytesFor(3 * target.Pixels)),
        ])];
        phases.AddRange(BeforeEvaluation(device, "", common, layers, learned, settings, target, scaled));
        return phases.MaxBy(p => p.Bytes)!;
    }

    // A style picture may be larger than the one that is painted.
    private static IEnumerable<MemoryEstimate> BeforeEvaluation(IDevice device, string at, MemoryUse[] common, LayerShape[] layers, int learned,
        TransferSettings settings, PictureSize target, PictureSize[] styles)
    {
        foreach (PictureSize picture in new[] { target }.Concat(styles))
            yield return new(device, $"{at}while the targets of a picture of {picture.Width}×{picture.Height} are computed",
                [.. common, .. Targets(device, layers, settings, target, styles, picture)]);
        if (learned > 0)
            yield return new(device, $"{at}while features are learned", [.. common, .. Learning(device, layers, learned, [target, .. styles])]);
    }

    /// <summary>Makes sure that there is so much.</summary>
    /// <exception cref="DeviceMemoryException">There is not.</exception>
    public void Check(IDevice device) => device.Allocate(Bytes).Dispose();

    private static MemoryUse[] Common(LayerShape[] layers, long pixels) =>
    [
        new("runtime and code", RuntimeBytes, OnHost: true),
        new("pictures as they were read", BytesPerPixel * pixels, OnHost: true),
        new("filters", layers.Sum(l => l.FilterBytes), OnHost: true),
    ];

    private static IEnumerable<MemoryUse> Evaluation(IDevice device, LayerShape[] layers, TransferSettings settings,
        PictureSize target, PictureSize[] styles)
    {
        (int[] content, int[] style) = Tapped(layers, settings.Objective);
        PassPlan plan = new(device, layers, PoolingOf(settings), target.Height, target.Width, new(style, content), backward: true);
        (long kept, long shared) = Operations(device, layers, settings, plan, style, forwardOnly: false);
        yield return new("pictures at this scale", BytesPerPixel * (3 * target.Pixels + styles.Sum(s => s.Pixels)), OnHost: true);
        yield return new("activations, gradients, ReLU bits and switches", plan.Memory.Bytes);
        yield return new("targets", content.Sum(i => MapBytes(device, plan.Stages[i]))
            + style.Sum(i => 2 * DeviceVector.BytesFor((long)layers[i].Outputs * layers[i].Outputs)));
        yield return new("filters packed for convolution", kept);
        yield return new("scratch memory of operations", shared);
    }

    /// <summary>One picture's way through the network, forward only; the content's activations wait on the host.</summary>
    private static IEnumerable<MemoryUse> Targets(IDevice device, LayerShape[] layers, TransferSettings settings, PictureSize target,
        PictureSize[] styles, PictureSize picture)
    {
        (int[] content, int[] style) = Tapped(layers, settings.Objective);
        PassPlan plan = new(device, layers, PoolingOf(settings), picture.Height, picture.Width, new(style, content), backward: false);
        (long kept, long shared) = Operations(device, layers, settings, plan, style, forwardOnly: !device.HasOwnMemory);
        yield return new("pictures at this scale", BytesPerPixel * (target.Pixels + styles.Sum(s => s.Pixels)), OnHost: true);
        yield return new("activations", plan.Memory.Bytes);
        yield return new("content's activations on the host", content.Sum(i => sizeof(float) * layers[i].Outputs
            * target.Halved(layers.Take(i + 1).Count(l => l.FollowsPooling)).Pixels), OnHost: true);
        yield return new("filters packed for convolution", kept);
        yield return new("scratch memory of operations", shared);
        yield return new("the picture", DeviceVector.BytesFor(3 * picture.Pixels));
    }

    private static long Vectors(IDevice device, TransferSettings settings, int iterations, PictureSize target)
    {
        long unknowns = 3 * target.Pixels;
        // Vectors for pairs that are never made are taken, but stay untouched, which costs nothing in the process's memory.
        int history = device.HasOwnMemory ? settings.History : Math.Min(settings.History, iterations);
        return DeviceVector.BytesFor(unknowns) + settings.Optimizer switch
        {
            OptimizerKind.Lbfgs => LbfgsOptimizer.BytesFor(unknowns, new LbfgsOptions { History = history, Bounds = Box.Pixels }),
            OptimizerKind.Adam => AdamOptimizer.BytesFor(unknowns),
            _ => GradientDescentOptimizer.BytesFor(unknowns),
        };
    }

    private static IEnumerable<MemoryUse> Learning(IDevice device, LayerShape[] layers, int learned, PictureSize[] pictures)
    {
        long maps = 0, values = 0, scratch = 0;
        int halvings = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            if (layers[i].FollowsPooling) halvings++;
            LayerShape layer = layers[i];
            PictureSize[] sizes = [.. pictures.Select(p => p.Halved(halvings))];
            long layerMaps = sizes.Sum(s => device.FeatureMapBytes(layer.Inputs, s.Height, s.Width) + device.FeatureMapBytes(layer.Outputs, s.Height, s.Width));
            // Published layers are only run; a learned one's input and response are looked at on the host.
            long layerValues = i < layers.Length - learned ? 0 : sizes.Sum(s => sizeof(float) * s.Pixels * (layer.Inputs + layer.Outputs));
            if (layerMaps + layerValues > maps + values) (maps, values) = (layerMaps, layerValues);
            if (i == 0) continue;
            (long kept, long shared) = device.ConvolutionBytes(layer.Outputs, layer.Inputs, sizes[0].Height, sizes[0].Width, forwardOnly: true);
            scratch = Math.Max(scratch, kept + shared);
        }
        yield return new("pictures at this scale", BytesPerPixel * 2 * pictures.Sum(p => p.Pixels), OnHost: true);
        yield return new("activations of all pictures", maps);
        yield return new("the same on the host", values, OnHost: true);
        yield return new("packed filters and scratch memory of convolutions", scratch);
    }

    private static (long Kept, long Shared) Operations(IDevice device, LayerShape[] layers, TransferSettings settings, PassPlan plan, int[] style,
        bool forwardOnly)
    {
        long allKept = 0, mostShared = 0;
        foreach (PassPlan.Stage s in style.Select(i => plan.Stages[i]))
            mostShared = Math.Max(mostShared, device.GramBytes(s.Channels, (long)s.Height * s.Width));
        for (int i = 1; i < plan.Stages.Length; i++)
        {
            (long kept, long shared) = device.ConvolutionBytes(layers[i].Outputs, layers[i].Inputs, plan.Stages[i].Height, plan.Stages[i].Width, forwardOnly);
            (allKept, mostShared) = (allKept + kept, Math.Max(mostShared, shared));
        }
        if ((settings.Weights.Published?.Padding ?? Padding.Reflect) == Padding.Reflect)
            allKept += layers.Skip(1).Sum(l => device.ReflectionBytes(l.Outputs, l.Inputs));
        return (allKept, mostShared);
    }

    private static Pooling PoolingOf(TransferSettings settings) =>
        settings.Pooling ?? settings.Weights.Published?.Pooling ?? Pooling.Average;

    private static (int[] Content, int[] Style) Tapped(LayerShape[] layers, ObjectiveSettings objective) =>
        (Tapped(layers, objective.ContentWeight, objective.ContentLayers), Tapped(layers, objective.StyleWeight, objective.StyleLayers));

    private static int[] Tapped(LayerShape[] layers, double weight, IEnumerable<LayerWeight> named) =>
        weight > 0 ? [.. named.Where(l => l.Weight > 0).Select(l => Array.FindIndex(layers, s => s.Name == l.Layer))] : [];

    private static long MapBytes(IDevice device, PassPlan.Stage s) => device.FeatureMapBytes(s.Channels, s.Height, s.Width);

    private static long Pixels(Picture picture) => (long)picture.Width * picture.Height;

    private readonly record struct PictureSize(int Width, int Height)
    {
        public PictureSize((int Width, int Height) size) : this(size.Width, size.Height) { }

        public long Pixels => (long)Width * Height;

        public PictureSize Halved(int times) => new(Width >> times, Height >> times);
    }
}
