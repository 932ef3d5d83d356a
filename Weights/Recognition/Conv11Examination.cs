namespace GatysGpu.Weights.Recognition;

/// <summary>How conv1_1's filters relate to those of the published VGG-19.</summary>
public enum FilterArrangement
{
    /// <summary>As published.</summary>
    AsPublished,

    /// <summary>Rows and columns exchanged: a converter's mistake, usual with MATLAB files.</summary>
    Transposed,

    /// <summary>Turned by 180°: kernels of a library that flips them, such as Theano.</summary>
    Flipped,
}

/// <summary>What conv1_1's filters tell about a network.</summary>
/// <remarks>
/// Each filter is compared with its published likeness under six hypotheses: channels B, G, R or R, G, B, and the three of
/// <see cref="FilterArrangement"/>. The measure is the median over the 64 filters of the correlation Σab/√(Σa²·Σb²), which
/// half precision, rescaling or a few damaged filters do not move; the right hypothesis has it at 1, all others below 0.8
/// (measured). Only the published training can be recognised: for another, nothing in the filters tells R from B or rows from
/// columns for sure, and this says so. What every trained network shows is that a filter looks alike in the three channels;
/// where it does not, the file was read in the wrong layout.
/// </remarks>
public sealed class Conv11Examination
{
    private const double Recognised = 0.95;

    // 0.69 in the published network; 0 with a spread of 1/√576 = 0.04 for numbers in a wrong order.
    private const double Plausible = 0.25;

    private Conv11Examination() { }

    /// <summary>Whether these are the filters of Simonyan and Zisserman's VGG-19, in whatever order.</summary>
    public bool IsPublished => Correlation >= Recognised;

    /// <summary>The median correlation under the best hypothesis, −1..1; NaN where conv1_1 has not 64 filters.</summary>
    public double Correlation { get; private init; } = double.NaN;

    /// <summary>Channel order under the best hypothesis; only meaningful if <see cref="IsPublished"/>.</summary>
    public ChannelOrder Order { get; private init; }

    /// <summary>Arrangement under the best hypothesis; only meaningful if <see cref="IsPublished"/>.</summary>
    public FilterArrangement Arrangement { get; private init; }

    /// <summary>The smallest correlation between two of the three channels over all filters, −1..1.</summary>
    public double ChannelLikeness { get; private init; }

    /// <summary>Whether the numbers look like filters at all: unlike those of a file that was read in the wrong layout.</summary>
    public bool LooksLikeFilters => ChannelLikeness >= Plausible;

    /// <summary>Examines filters [K, 3, 3, 3].</summary>
    /// <param name="layer">conv1_1; it is read, not kept.</param>
    public static Conv11Examination Examine(WeightLayer layer)
    {
        float[] filters = new float[layer.K * 3 * WeightLayer.Taps];
        layer.CopyFilters(filters);
        double likeness = Math.Min(Likeness(filters, 0, 1), Math.Min(Likeness(filters, 1, 2), Likeness(filters, 0, 2)));
        if (layer.K != PublishedConv11.K) return new Conv11Examination { ChannelLikeness = likeness };
        var best = (from order in Enum.GetValues<ChannelOrder>()
                    from arrangement in Enum.GetValues<FilterArrangement>()
                    let correlation = MedianCorrelation(filters, order, arrangement)
                    orderby correlation descending
                    select (correlation, order, arrangement)).First();
        return new Conv11Examination
        {
            ChannelLikeness = likeness, Correlation = best.correlation, Order = best.order, Arrangement = best.arrangement,
        };
    }

    private static double MedianCorrelation(float[] filters, ChannelOrder order, FilterArrangement arrangement)
    {
        double[] correlations = new double[PublishedConv11.K];
        for (int k = 0; k < correlations.Length; k++)
        {
            double ab = 0, aa = 0, bb = 0;
            for (int c = 0; c < 3; c++)
                for (int tap = 0; tap < WeightLayer.Taps; tap++)
                {
                    int published = arrangement switch
                    {
                        FilterArrangement.Transposed => tap % 3 * 3 + tap / 3,
                        FilterArrangement.Flipped => WeightLayer.Taps - 1 - tap,
                        _ => tap,
                    };
                    double a = filters[(k * 3 + c) * WeightLayer.Taps + tap];
                    double b = PublishedConv11.Filters[(k * 3 + (order == ChannelOrder.Bgr ? c : 2 - c)) * WeightLayer.Taps + published];
                    (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
                }
            // A filter of zeros, NaN or infinities is like nothing.
            correlations[k] = double.IsFinite(ab / Math.Sqrt(aa * bb)) ? ab / Math.Sqrt(aa * bb) : 0;
        }
        Array.Sort(correlations);
        return (correlations[31] + correlations[32]) / 2;
    }

    private static double Likeness(float[] filters, int first, int second)
    {
        double ab = 0, aa = 0, bb = 0;
        for (int k = 0; k < filters.Length / 27; k++)
            for (int tap = 0; tap < WeightLayer.Taps; tap++)
            {
                double a = filters[(k * 3 + first) * WeightLayer.Taps + tap], b = filters[(k * 3 + second) * WeightLayer.Taps + tap];
                (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
            }
        double likeness = ab / Math.Sqrt(aa * bb);
        return double.IsFinite(likeness) ? likeness : 0;
    }
}
