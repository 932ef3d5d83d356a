namespace GatysGpu.Weights;

/// <summary>In which order a network's first layer takes a pixel's colours.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb = 0,

    /// <summary>Blue, green, red, as OpenCV and therefore Caffe read pictures.</summary>
    Bgr = 1,
}

/// <summary>What a network was trained to see: x_c = (s·p_c − m_c) / σ_c, where p_c is a pixel's colour, 0..255.</summary>
/// <remarks>c runs in <see cref="Order"/>, for <see cref="Mean"/> and <see cref="Std"/> too. m and σ are on the scale that s
/// leads to. Feeding a network otherwise is the commonest cause of grey or blotchy results.</remarks>
public sealed class InputConvention : IEquatable<InputConvention>
{
    /// <summary>Order of the channels, and of <see cref="Mean"/> and <see cref="Std"/>.</summary>
    public ChannelOrder Order { get; }

    /// <summary>s: the factor for pixels 0..255; 1 or 1/255 in all published networks.</summary>
    public double Scale { get; }

    /// <summary>m: three means, on the scale after <see cref="Scale"/>.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>σ: three divisors, on the scale after <see cref="Scale"/>.</summary>
    public IReadOnlyList<double> Std { get; }

    /// <summary>A convention by its numbers.</summary>
    /// <param name="order">Order of the channels.</param>
    /// <param name="scale">s, finite and above 0.</param>
    /// <param name="mean">m, three finite values in <paramref name="order"/>.</param>
    /// <param name="std">σ, three finite values above 0 in <paramref name="order"/>.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public InputConvention(ChannelOrder order, double scale, IReadOnlyList<double> mean, IReadOnlyList<double> std)
    {
        if (order is not (ChannelOrder.Rgb or ChannelOrder.Bgr))
            throw new ArgumentException($"channel order {(int)order}, expected 0 (RGB) or 1 (BGR)", nameof(order));
        if (!(double.IsFinite(scale) && scale > 0))
            throw new ArgumentException($"scale {scale}, expected above 0", nameof(scale));
        if (mean.Count != 3 || !mean.All(double.IsFinite))
            throw new ArgumentException($"mean {string.Join(", ", mean)}, expected 3 finite values", nameof(mean));
        if (std.Count != 3 || !std.All(s => double.IsFinite(s) && s > 0))
            throw new ArgumentException($"standard deviation {string.Join(", ", std)}, expected 3 values above 0", nameof(std));
        (Order, Scale, Mean, Std) = (order, scale, [.. mean], [.. std]);
    }

    /// <summary>Simonyan and Zisserman's own training, kept by Caffe, Keras, Gatys and Johnson: BGR, 0..255, minus the
    /// mean.</summary>
    public static InputConvention Caffe { get; } = new(ChannelOrder.Bgr, 1, [103.939, 116.779, 123.68], [1, 1, 1]);

    /// <summary>torchvision's own training: RGB, 0..1, minus the mean, divided by the standard deviation.</summary>
    public static InputConvention Torchvision { get; } =
        new(ChannelOrder.Rgb, 1 / 255.0, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    /// <summary>MatConvNet's copy of the original training: RGB, 0..255, minus the mean.</summary>
    public static InputConvention MatConvNet { get; } = new(ChannelOrder.Rgb, 1, [123.68, 116.779, 103.939], [1, 1, 1]);

    /// <summary>The names that <see cref="Parse"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["caffe", "torchvision", "matconvnet"];

    /// <summary>One of <see cref="Names"/> for one of the three published conventions, otherwise null.</summary>
    public string? Name =>
        Equals(Caffe) ? "caffe" : Equals(Torchvision) ? "torchvision" : Equals(MatConvNet) ? "matconvnet" : null;

    /// <summary>A convention by its name, in any case.</summary>
    /// <exception cref="ArgumentException">The name is none of <see cref="Names"/>; the message lists them.</exception>
    public static InputConvention Parse(string name) => name.ToLowerInvariant() switch
    {
        "caffe" => Caffe,
        "torchvision" => Torchvision,
        "matconvnet" => MatConvNet,
        _ => throw new ArgumentException($"input convention '{name}' is unknown, expected one of {string.Join(", ", Names)}"),
    };

    /// <summary>Channel c of the network is which of R = 0, G = 1, B = 2.</summary>
    internal int RgbOf(int c) => Order == ChannelOrder.Rgb ? c : 2 - c;

    /// <summary>m/s in the order R, G, B: the colour, 0..255, that the network sees as zero.</summary>
    public float[] MeanRgb255()
    {
        float[] mean = new float[3];
        for (int c = 0; c < 3; c++) mean[RgbOf(c)] = (float)(Mean[c] / Scale);
        return mean;
    }

    /// <inheritdoc/>
    public bool Equals(InputConvention? other) => other is not null && Order == other.Order && Scale.Equals(other.Scale)
        && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as InputConvention);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Order, Scale, Mean[0], Mean[1], Mean[2], Std[0], Std[1], Std[2]);

    /// <summary>For example <c>BGR 0..255 minus 103.939, 116.779, 123.68</c>.</summary>
    public override string ToString()
    {
        string range = Scale == 1 ? "0..255" : Scale == 1 / 255.0 ? "0..1" : $"times {Scale}";
        string divisor = Std.All(s => s == 1) ? "" : $" divided by {string.Join(", ", Std)}";
        return $"{Order.ToString().ToUpperInvariant()} {range} minus {string.Join(", ", Mean)}{divisor}";
    }
}
