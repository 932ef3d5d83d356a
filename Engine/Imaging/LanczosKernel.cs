namespace GatysGpu.Engine.Imaging;

/// <summary>Along one axis: which input samples make each output sample, and with which weights.</summary>
/// <remarks>
/// Lanczos' window of three lobes, L(t) = sinc(t)·sinc(t/3) for |t| &lt; 3 and 0 beyond, sinc(t) = sin(πt)/(πt); C. E. Duchon, Lanczos
/// Filtering in One and Two Dimensions, Journal of Applied Meteorology 18 (1979). Output i lies at c = (i + ½)·s − ½ of the input,
/// s = input/output length, and weighs input j with L((j − c)/max(1, s)): shrinking stretches the kernel, so that what the output
/// cannot carry is removed first. Beyond the ends the outermost sample is repeated (its weights are summed onto it); the weights of
/// each output sum to 1.
/// </remarks>
internal sealed class LanczosKernel
{
    private const double Lobes = 3;

    private readonly int[] first;
    private readonly double[][] weights;

    /// <summary>Computes the weights.</summary>
    /// <param name="inputLength">Samples that there are, at least 1.</param>
    /// <param name="outputLength">Samples to make, at least 1.</param>
    public LanczosKernel(int inputLength, int outputLength)
    {
        (first, weights) = (new int[outputLength], new double[outputLength][]);
        double scale = (double)inputLength / outputLength, stretch = Math.Max(1, scale);
        for (int i = 0; i < outputLength; i++)
        {
            double centre = (i + 0.5) * scale - 0.5;
            (first[i], weights[i]) = inputLength == outputLength ? (i, [1.0]) : Window(centre, stretch, inputLength);
        }
    }

    /// <summary>The first input sample of an output sample.</summary>
    public int First(int output) => first[output];

    /// <summary>The weights of that input sample and those after it; all of them are inside the input. Their sum is 1.</summary>
    public ReadOnlySpan<double> Weights(int output) => weights[output];

    private static (int First, double[] Weights) Window(double centre, double stretch, int length)
    {
        // long: the window of a very long row made very short reaches beyond what an int holds.
        long low = (long)Math.Ceiling(centre - Lobes * stretch), high = (long)Math.Floor(centre + Lobes * stretch);
        int first = (int)Math.Clamp(low, 0, length - 1), last = (int)Math.Clamp(high, 0, length - 1);
        double[] window = new double[last - first + 1];
        double sum = 0;
        for (long j = low; j <= high; j++)
        {
            double weight = Lanczos((j - centre) / stretch);
            window[Math.Clamp(j, first, last) - first] += weight;
            sum += weight;
        }
        for (int k = 0; k < window.Length; k++) window[k] /= sum;
        return (first, window);
    }

    private static double Lanczos(double t)
    {
        if (Math.Abs(t) >= Lobes) return 0;
        if (Math.Abs(t) < 1e-9) return 1;
        double u = Math.PI * t;
        return Lobes * Math.Sin(u) * Math.Sin(u / Lobes) / (u * u);
    }
}
