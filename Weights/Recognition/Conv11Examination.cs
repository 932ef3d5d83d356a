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
/// half precision, rescaling or a few damaged filters do not move. Measured on the published filters: 1 when right, 0.66
/// with rows and columns exchanged, −0.27 turned by 180°, but 0.97 with R and B exchanged, because most filters are nearly
/// grey. Therefore the differences of the first and the third channel are correlated too, 1 when right and −1 when
/// exchanged, and the smaller of the two medians counts.
/// Only the published training can be recognised: for another, nothing in the filters tells R from B or rows from columns for
/// sure, and this says so. What every trained network should show is that a filter looks alike in the three channels; where it
/// does not, the file was read in the wrong layout.
/// </remarks>
public sealed class Conv11Examination
{
    // Far above all wrong hypotheses, below 8-bit copies of the right one.
    private const double Recognised = 0.9;

    // 0.69 in the published network; 0 with a spread of 1/√576 = 0.04 for numbers in a wrong order.
    private const double Plausible = 0.25;

    private Conv11Examination() { }

    /// <summary>Whether these are the filters of Simonyan and Zisserman's VGG-19, in whatever order.</summary>
    public bool IsPublished => Correlation >= Recognised;

    /// <summary>The smaller median correlation under the best hypothesis, −1..1; NaN where conv1_1 has not 64 filters.</summary>
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
                    let correlation = Math.Min(MedianCorrelation(filters, order, arrangement, ofDifference: false),
                        MedianCorrelation(filters, order, arrangement, ofDifference: true))
                    orderby correlation descending
                    select (correlation, order, arrangement)).First();
        return new Conv11Examination
        {
            ChannelLikeness = likeness, Correlation = best.correlation, Order = best.order, Arrangement = best.arrangement,
        };
    }

    // Of all three channels, or of the difference of the first and the third.
    private static double MedianCorrelation(float[] filters, ChannelOrder order, FilterArrangement arrangement, bool ofDifference)
    {
        double[] correlations = new double[PublishedConv11.K];
        for (int k = 0; k < correlations.Length; k++)
        {
            double ab = 0, aa = 0, bb = 0;
            for (int c = 0; c < (ofDifference ? 1 : 3); c++)
                for (int tap = 0; tap < WeightLayer.Taps; tap++)
                {
                    int published = arrangement switch
                    {
                        FilterArrangement.Transposed => tap % 3 * 3 + tap / 3,
                        FilterArrangement.Flipped => WeightLayer.Taps - 1 - tap,
                        _ => tap,
                    };
                    double a = Own(k, c, tap) - (ofDifference ? Own(k, 2, tap) : 0);
                    double b = Published(k, c, published) - (ofDifference ? Published(k, 2, published) : 0);
                    (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
                }
            // A filter of zeros, NaN or infinities is like nothing.
            correlations[k] = double.IsFinite(ab / Math.Sqrt(aa * bb)) ? ab / Math.Sqrt(aa * bb) : 0;
        }
        Array.Sort(correlations);
        return (correlations[31] + correlations[32]) / 2;

        double Own(int k, int c, int tap) => filters[(k * 3 + c) * WeightLayer.Taps + tap];
        double Published(int k, int c, int tap) =>
            PublishedConv11.Filters[(k * 3 + (order == ChannelOrder.Bgr ? c : 2 - c)) * WeightLayer.Taps + tap];
    }

    private static double Likeness(float[] filters, int first, int second)
    {
        double ab = 0, aa = 0, bb = 0;
        for (int k = 0; k < filters.Length / 27; k++)
            for (int tap = 0; tap < WeightLayer.Taps; tap++)
            {
                double a = filters[(k * 3 + first) * WeightLayer.Taps + tap],
                    b = filters[(k * 3 + second) * WeightLayer.Taps + tap];
                (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
            }
        double likeness = ab / Math.Sqrt(aa * bb);
        return double.IsFinite(likeness) ? likeness : 0;
    }
}
