using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Optimizers;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Objective;

/// <summary>A style picture and its share.</summary>
/// <param name="Picture">Of any size.</param>
/// <param name="Weight">Share of its Gram matrices in the blended target, at least 0.</param>
public readonly record struct StylePicture(Picture Picture, double Weight);

/// <summary>The style transfer loss of a picture and its gradient with respect to every pixel.</summary>
/// <remarks>
/// <para>F: activations after ReLU, P those of the content picture; G = F·Fᵀ/M per position, A the style's, A_c the content picture's;
/// N channels; V(x) the sum of squared differences of neighbouring pixels. Several styles are blended as A = Σ w·A_s / Σ w, which has the
/// same gradient as the sum of their losses.</para>
/// <para>Paper: content ½·Σ(F − P)² (Eq. 1), style Σ(G − A)²/(4N²) (Eqs. 3 and 4; dividing each Gram matrix by its own number of positions
/// is the factor 1/M² where sizes are equal, and right where they differ), total variation V(x).</para>
/// <para>Relative: content Σ(F − P)²/Σ(P − P̄)² with P̄ each channel's mean, style Σ(G − A)²/Σ(A − A_c)², total variation V(x)/V(content);
/// shares are divided by their sum. Differs from Gatys 2016, because there a term's size grows with the picture, the layer and the
/// scale of the filters: the same weights then mean another look at another size or with other filters. Here every style term is 1
/// at the content picture, and content is 1 where a picture has nothing of it left.</para>
/// </remarks>
public sealed class StyleTransferObjective : IDifferentiable, IDisposable
{
    /// <summary>A term's own size is not taken below this share of the target's energy: two alike pictures must not blow it up.</summary>
    private const double SmallestShare = 1e-4;

    private readonly IDevice device;
    private readonly NetworkPass pass;
    private readonly Visitor visitor;
    private readonly RepeatedEvaluations evaluations;
    private readonly List<Term> terms = [];
    private readonly List<DeviceMemory> owned = [];
    private readonly DeviceMemory scalars;
    private readonly double[] losses;
    private readonly Term? variation;

    /// <summary>Computes the targets and takes all memory that evaluations need.</summary>
    /// <param name="network">Filters on a device; borrowed.</param>
    /// <param name="content">The content picture, of the size that will be optimised.</param>
    /// <param name="styles">At least one unless the style weight is 0.</param>
    /// <param name="settings">Terms and weights.</param>
    /// <exception cref="ArgumentException">A layer that the network does not have, no style picture, a weight below 0, or nothing to
    /// minimise.</exception>
    /// <exception cref="PictureTooSmallException">A picture is too small for the deepest layer.</exception>
    public StyleTransferObjective(ConvNetwork network, Picture content, IReadOnlyList<StylePicture> styles, ObjectiveSettings settings)
    {
        CheckWeights(settings, styles);
        device = network.Device;
        (Height, Width) = (content.Height, content.Width);
        Dictionary<int, double> contentLayers = Shares(network, settings, settings.ContentLayers, settings.ContentWeight);
        Dictionary<int, double> styleLayers = Shares(network, settings, settings.StyleLayers, settings.StyleWeight);
        if (contentLayers.Count + styleLayers.Count == 0)
            throw new ArgumentException("content weight and style weight are both 0: there is nothing to paint after");
        if (styleLayers.Count > 0 && !(styles.Sum(s => s.Weight) > 0)) throw new ArgumentException("no style picture has a weight above 0");
        scalars = device.Allocate(sizeof(double) * (contentLayers.Count + styleLayers.Count + 1));
        owned.Add(scalars);

        bool relative = settings.Kind == ObjectiveKind.Relative;
        try
        {
            AddTargets(network, content, contentLayers, styles, styleLayers, relative);
            // Evaluations will need all the memory that they can get; what made the targets is not needed any more.
            network.Trim();
            HostGarbage.Collect(LetGo(network.Parameters, [content, .. styles.Select(s => s.Picture)]));
            pass = new NetworkPass(network, Height, Width, new(styleLayers.Keys, contentLayers.Keys), backward: true);
        }
        catch
        {
            GiveBack();
            throw;
        }
        if (settings.TotalVariationWeight > 0)
        {
            double size = relative ? Math.Max(Variation(content), content.Samples.Length) : 1;
            variation = AddTerm("tv", "", settings.TotalVariationWeight, 1 / size);
        }
        losses = new double[terms.Count];
        visitor = new Visitor(this);
        evaluations = new RepeatedEvaluations(device, Queue);
    }

    /// <summary>Rows of the picture.</summary>
    public int Height { get; }

    /// <summary>Columns of the picture.</summary>
    public int Width { get; }

    /// <summary>3·H·W.</summary>
    public long Length => 3L * Height * Width;

    /// <summary>Which activation lies where, for the account of a dry run.</summary>
    public MemoryPlan Plan => pass.Plan;

    /// <summary>Every term at the picture of the last evaluation.</summary>
    public IEnumerable<ObjectiveTerm> Terms => terms.Select(t => new ObjectiveTerm(t.Kind, t.Layer, t.Weight, losses[t.Slot] / t.Weight));

    /// <inheritdoc />
    /// <param name="x">The picture: [3, H, W], R, G, B, 0 to 255.</param>
    /// <param name="gradient">Of the same shape. Overwritten.</param>
    public double Evaluate(DeviceVector x, DeviceVector gradient)
    {
        evaluations.Run(x, gradient);
        device.ReadScalars(scalars, losses);
        double total = 0;
        foreach (double loss in losses) total += loss;
        return total;
    }

    /// <summary>Gives the memory back; the network stays.</summary>
    public void Dispose()
    {
        evaluations.Dispose();
        pass.Dispose();
        GiveBack();
    }

    private void GiveBack()
    {
        foreach (DeviceMemory memory in owned) memory.Dispose();
    }

    /// <summary>Everything of an evaluation but the reading of the terms. Nothing in it may depend on anything but the two
    /// vectors: a device may record it.</summary>
    private void Queue(DeviceVector x, DeviceVector gradient)
    {
        DeviceImage image = new(x.Memory, x.Offset, Height, Width), dImage = new(gradient.Memory, gradient.Offset, Height, Width);
        pass.Forward(image, visitor);
        if (variation is not null) device.TotalVariation(image, variation.Scale, dImage, accumulate: false, Loss(variation));
        pass.Backward(image, visitor, dImage, accumulate: variation is not null);
    }

    /// <summary>About what made the targets: the filters as they were read, and maps of the size of the first layer's.</summary>
    private static long LetGo(NetworkParameters network, IEnumerable<Picture> pictures) =>
        sizeof(float) * (network.Layers.Sum(l => (long)l.Filters.Length)
            + network.Layers[0].Outputs * pictures.Max(p => (long)p.Width * p.Height));

    /// <summary>Σ of squared differences of neighbours of a picture in host memory.</summary>
    private static double Variation(Picture picture)
    {
        double sum = 0;
        for (int c = 0; c < 3; c++)
        {
            ReadOnlySpan<float> plane = picture.Plane(c);
            for (int y = 0; y < picture.Height; y++)
                for (int x = 0; x < picture.Width; x++)
                {
                    int i = y * picture.Width + x;
                    double right = x + 1 < picture.Width ? plane[i + 1] - plane[i] : 0;
                    double below = y + 1 < picture.Height ? plane[i + picture.Width] - plane[i] : 0;
                    sum += right * right + below * below;
                }
        }
        return sum;
    }

    private static void CheckWeights(ObjectiveSettings settings, IReadOnlyList<StylePicture> styles)
    {
        Check(settings.ContentWeight, "the content weight");
        Check(settings.StyleWeight, "the style weight");
        Check(settings.TotalVariationWeight, "the weight of total variation");
        foreach (LayerWeight l in settings.ContentLayers.Concat(settings.StyleLayers)) Check(l.Weight, $"the share of {l.Layer}");
        foreach (StylePicture s in styles) Check(s.Weight, "the share of a style picture");

        static void Check(double weight, string what)
        {
            if (!(weight >= 0 && double.IsFinite(weight))) throw new ArgumentException($"{what} is {weight}; it must be a number of at least 0");
        }
    }

    /// <summary>Layer index to weight in the total.</summary>
    private static Dictionary<int, double> Shares(ConvNetwork network, ObjectiveSettings settings, IReadOnlyList<LayerWeight> layers, double weight)
    {
        Dictionary<int, double> result = [];
        double sum = settings.Kind == ObjectiveKind.Relative ? layers.Sum(l => l.Weight) : 1;
        foreach (LayerWeight l in layers)
            if (weight > 0 && l.Weight > 0 && !result.TryAdd(network.Parameters.IndexOf(l.Layer), weight * l.Weight / sum))
                throw new ArgumentException($"{l.Layer} is named twice");
        return result;
    }

    /// <summary>Terms with their targets. A method of its own, so that nothing holds on to the content's activations afterwards.</summary>
    private void AddTargets(ConvNetwork network, Picture content, Dictionary<int, double> contentLayers, IReadOnlyList<StylePicture> styles,
        Dictionary<int, double> styleLayers, bool relative)
    {
        FeatureTargets own = FeatureTargets.Of(network, content, relative ? styleLayers.Keys.ToHashSet() : [], contentLayers.Keys.ToHashSet());
        AddStyle(network, styles, styleLayers, relative ? own : null);
        AddContent(network, contentLayers, own, relative);
    }

    private void AddStyle(ConvNetwork network, IReadOnlyList<StylePicture> styles, Dictionary<int, double> layers, FeatureTargets? content)
    {
        if (layers.Count == 0) return;
        double sum = styles.Sum(s => s.Weight);
        Dictionary<int, double[]> blended = [];
        foreach (StylePicture style in styles.Where(s => s.Weight > 0))
        {
            FeatureTargets targets = FeatureTargets.Of(network, style.Picture, layers.Keys.ToHashSet(), new HashSet<int>());
            foreach ((int layer, float[] gram) in targets.Grams)
            {
                double[] a = blended.TryGetValue(layer, out double[]? known) ? known : blended[layer] = new double[gram.Length];
                for (int i = 0; i < a.Length; i++) a[i] += style.Weight / sum * gram[i];
            }
        }
        foreach ((int layer, double weight) in layers)
        {
            double[] a = blended[layer];
            double channels = network.Parameters.Layers[layer].Outputs;
            double size = content is null ? 4 * channels * channels : OwnSize(Distance(a, content.Grams[layer]), a.Sum(v => v * v));
            Term term = AddTerm("style", network.Parameters.Layers[layer].Name, weight, 1 / size);
            (term.LayerIndex, term.Target, term.Gram) = (layer, Own(Array.ConvertAll(a, v => (float)v)), Own(new float[a.Length]));
        }
    }

    private void AddContent(ConvNetwork network, Dictionary<int, double> layers, FeatureTargets own, bool relative)
    {
        foreach ((int layer, double weight) in layers)
        {
            (float[] p, int c, int h, int w) = own.Activations[layer];
            double size = relative ? OwnSize(SpreadAboutMeans(p, h * w), p.Sum(v => (double)v * v)) : 2;
            Term term = AddTerm("content", network.Parameters.Layers[layer].Name, weight, 1 / size);
            DeviceMemory memory = device.Allocate(device.FeatureMapBytes(c, h, w));
            owned.Add(memory);
            term.LayerIndex = layer;
            term.Activations = new FeatureMap(memory, 0, c, h, w);
            device.Upload(p, term.Activations);
        }
    }

    private static double OwnSize(double size, double energy) => Math.Max(Math.Max(size, SmallestShare * energy), 1e-20);

    private static double Distance(double[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    private static double SpreadAboutMeans(float[] p, int positions)
    {
        double sum = 0;
        for (int start = 0; start < p.Length; start += positions)
        {
            double mean = 0;
            for (int i = start; i < start + positions; i++) mean += p[i];
            mean /= positions;
            for (int i = start; i < start + positions; i++) sum += (p[i] - mean) * (p[i] - mean);
        }
        return sum;
    }

    private Term AddTerm(string kind, string layer, double weight, double normalisation)
    {
        Term term = new() { Kind = kind, Layer = layer, Weight = weight, Scale = weight * normalisation, Slot = terms.Count };
        terms.Add(term);
        return term;
    }

    private DeviceVector Own(float[] values)
    {
        DeviceMemory memory = device.Allocate(DeviceVector.BytesFor(values.Length));
        owned.Add(memory);
        DeviceVector vector = new(memory, 0, values.Length);
        device.Upload(values, vector);
        return vector;
    }

    private DeviceScalar Loss(Term term) => new(scalars, term.Slot);

    /// <summary>One term: what it is, and its target on the device.</summary>
    private sealed class Term
    {
        public required string Kind { get; init; }
        public required string Layer { get; init; }
        public required double Weight { get; init; }

        /// <summary>Weight over the term's own size: what the device multiplies sums of squares by.</summary>
        public required double Scale { get; init; }
        public required int Slot { get; init; }
        public int LayerIndex { get; set; } = -1;
        public DeviceVector Target { get; set; }
        public DeviceVector Gram { get; set; }
        public FeatureMap Activations { get; set; }
    }

    /// <summary>The losses at the tapped layers.</summary>
    private sealed class Visitor : ILayerVisitor
    {
        private readonly StyleTransferObjective objective;
        private readonly Dictionary<int, Term> style, content;

        public Visitor(StyleTransferObjective objective)
        {
            this.objective = objective;
            style = objective.terms.Where(t => t.Kind == "style").ToDictionary(t => t.LayerIndex);
            content = objective.terms.Where(t => t.Kind == "content").ToDictionary(t => t.LayerIndex);
        }

        public void Forward(int layer, FeatureMap f)
        {
            if (!style.TryGetValue(layer, out Term? term)) return;
            objective.device.Gram(f, term.Gram);
            objective.device.GramLoss(term.Gram, term.Target, term.Scale, f.Positions, objective.Loss(term));
        }

        // GramLoss left D where G was.
        public DeviceVector? GramGradient(int layer) => style.TryGetValue(layer, out Term? term) ? term.Gram : null;

        public void Backward(int layer, FeatureMap f, FeatureMap dF, bool accumulate)
        {
            Term term = content[layer];
            objective.device.ContentLoss(f, term.Activations, term.Scale, dF, accumulate, objective.Loss(term));
        }
    }
}
