using System.Collections.Immutable;

namespace GatysGpu.Weights;

/// <summary>A network's convolutions, first to last, and what its input must look like.</summary>
/// <remarks>The layers are conv1_1 and any number of those that follow it in <see cref="Vgg19.LayerNames"/>, so a table may
/// end anywhere. Widths are free, as long as each layer's C is the K before it. Values are read when asked for: a table
/// holds its file open until it is disposed of.</remarks>
public sealed class WeightTable : IDisposable
{
    private readonly IDisposable? owner;

    /// <summary>A table of layers.</summary>
    /// <param name="layers">conv1_1 and any number of layers that follow it, in order.</param>
    /// <param name="input">What the network was trained for.</param>
    /// <param name="source">Free text: where the numbers come from, or null.</param>
    /// <param name="file">The file to name in messages.</param>
    /// <exception cref="WeightException">A name is out of order or a shape does not fit the layer before.</exception>
    public WeightTable(IReadOnlyList<WeightLayer> layers, InputConvention input, string? source = null, string file = "weights")
        : this(layers, input, source, file, "memory", [], null) { }

    internal WeightTable(IReadOnlyList<WeightLayer> layers, InputConvention input, string? source, string file, string format,
        IReadOnlyList<string> warnings, IDisposable? owner)
    {
        (Layers, Input, Source, File, Format, Warnings) = ([.. layers], input, source, file, format, [.. warnings]);
        this.owner = owner;
        Check();
    }

    /// <summary>The layers, conv1_1 first.</summary>
    public ImmutableArray<WeightLayer> Layers { get; }

    /// <summary>What the network was trained for.</summary>
    public InputConvention Input { get; }

    /// <summary>How <see cref="Input"/> came to be known, in words.</summary>
    public string InputReason { get; internal init; } = "stated by the file";

    /// <summary>Where the numbers come from, in words, or null where nothing is known.</summary>
    public string? Source { get; }

    /// <summary>The file that the table was read from, as the caller named it.</summary>
    public string File { get; }

    /// <summary>The file's format in words, for example <c>flat binary, version 1</c>.</summary>
    public string Format { get; }

    /// <summary>What a user should know before trusting the table: assumptions that were made, parts that were left
    /// out.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>Whether every layer has the width of the published VGG-19.</summary>
    public bool HasPublishedWidths => Layers.Select(l => l.K).SequenceEqual(Vgg19.Widths.Take(Layers.Length));

    /// <summary>The layer of that name.</summary>
    /// <exception cref="WeightException">The table ends before it; the message says where.</exception>
    public WeightLayer this[string name] => Layers.FirstOrDefault(l => l.Name == name) ?? throw new WeightException(File,
        $"has no layer {name}; it holds {Extent}",
        Vgg19.LayerNames.Contains(name)
            ? $"Take a file that reaches {name} ('gatys weights fetch'), or ask for layers up to {Layers[^1].Name}."
            : $"VGG-19's layers are called {Vgg19.LayerNames[0]} to {Vgg19.LayerNames[^1]}.");

    /// <summary>Whether the table holds the layer.</summary>
    public bool Contains(string name) => Layers.Any(l => l.Name == name);

    /// <summary>For example <c>conv1_1 to conv3_4</c>.</summary>
    public string Extent => Layers.Length == 1 ? Layers[0].Name : $"{Layers[0].Name} to {Layers[^1].Name}";

    /// <summary>The same network for R, G, B pixels of 0..255 from which the mean colour was subtracted.</summary>
    /// <returns>A table whose conv1_1 takes R, G, B and which shares all the other layers with this one (do not dispose of
    /// this one first); and the mean colour R, G, B, 0..255.</returns>
    /// <remarks>
    /// conv1_1 sees x_c = (s·p_c − m_c)/σ_c = (s/σ_c)·(p_c − m_c/s), so its filters are multiplied by s/σ_c and put into the
    /// order R, G, B, and m_c/s is the mean to subtract. The mean is not folded into the biases: the frameworks pad x, not p,
    /// with zeros, so at the border a padded pixel must be the mean colour, which no bias can express.
    /// Each product is formed in double and rounded once.
    /// </remarks>
    public (WeightTable Table, float[] MeanRgb) InRgb255()
    {
        float[] mean = Input.MeanRgb255();
        InputConvention folded = new(ChannelOrder.Rgb, 1, [.. mean.Select(m => (double)m)], [1, 1, 1]);
        WeightLayer first = new(Layers[0].Name, Layers[0].K, 3, FoldFirst(), Layers[0].Biases);
        return (new WeightTable([first, .. Layers.Skip(1)], folded, Source, File, Format, Warnings, owner), mean);
    }

    /// <summary>Closes the file. Values that are mapped, not read, cannot be used from then on.</summary>
    public void Dispose() => owner?.Dispose();

    private float[] FoldFirst()
    {
        ReadOnlySpan<float> from = Layers[0].Filters.Span;
        float[] to = new float[from.Length];
        for (int k = 0; k < Layers[0].K; k++)
            for (int c = 0; c < 3; c++)
            {
                double factor = Input.Scale / Input.Std[c];
                ReadOnlySpan<float> tap = from.Slice((k * 3 + c) * WeightLayer.Taps, WeightLayer.Taps);
                Span<float> folded = to.AsSpan((k * 3 + Input.RgbOf(c)) * WeightLayer.Taps, WeightLayer.Taps);
                for (int i = 0; i < WeightLayer.Taps; i++) folded[i] = (float)(tap[i] * factor);
            }
        return to;
    }

    private void Check()
    {
        if (Layers.Length is 0 || Layers.Length > Vgg19.LayerNames.Length)
            throw new WeightException(File, $"holds {Layers.Length} layers, expected 1 to {Vgg19.LayerNames.Length}",
                "Convert it again from a VGG-19.");
        for (int i = 0; i < Layers.Length; i++)
        {
            WeightLayer layer = Layers[i];
            if (layer.Name != Vgg19.LayerNames[i])
                throw new WeightException(File, $"layer {i + 1} is {layer.Name}, expected {Vgg19.LayerNames[i]}",
                    "Layers must be VGG-19's, from conv1_1 on without a gap.");
            int c = i == 0 ? 3 : Layers[i - 1].K;
            if (layer.C != c)
                throw new WeightException(File,
                    $"{layer.Name} has filters [{layer.K},{layer.C},3,3], expected [{layer.K},{c},3,3] "
                    + (i == 0 ? "(a colour picture)" : $"after {Layers[i - 1]}"), "Convert it again from an undamaged VGG-19.");
        }
    }
}
