namespace GatysGpu.Weights;

/// <summary>One convolution's weights: filters [K, C, R, S] and biases [K].</summary>
/// <remarks>K output channels, C input channels, R×S taps, rows first: tap (r, s) multiplies the input at (y + r − 1, x + s − 1).
/// Nothing is flipped: this is the correlation that all the frameworks call convolution.</remarks>
public sealed class WeightLayer
{
    private readonly FloatSource filters;
    private readonly FloatSource biases;

    /// <summary>A layer whose values are in memory.</summary>
    /// <param name="name">For example conv1_1.</param>
    /// <param name="k">K, output channels, above 0.</param>
    /// <param name="c">C, input channels, above 0.</param>
    /// <param name="filters">[K, C, 3, 3], row-major; not copied.</param>
    /// <param name="biases">[K]; not copied.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape.</exception>
    public WeightLayer(string name, int k, int c, ReadOnlyMemory<float> filters, ReadOnlyMemory<float> biases)
        : this(name, k, c, new FloatSource(filters), new FloatSource(biases), "float32") { }

    internal WeightLayer(string name, int k, int c, FloatSource filters, FloatSource biases, string storedAs)
    {
        if (k < 1 || c < 1 || (long)k * c * Taps > int.MaxValue)
            throw new ArgumentException($"{name}: shape [{k},{c},3,3], expected sizes above 0 and below 2^31 values");
        if (filters.Count != k * c * Taps)
            throw new ArgumentException($"{name}: filters [{k},{c},3,3] are {k * c * Taps} values, got {filters.Count}");
        if (biases.Count != k) throw new ArgumentException($"{name}: {k} output channels, got {biases.Count} biases");
        (Name, K, C, this.filters, this.biases, StoredAs) = (name, k, c, filters, biases, storedAs);
    }

    internal const int Taps = 9;

    /// <summary>Name, for example conv1_1.</summary>
    public string Name { get; }

    /// <summary>Output channels.</summary>
    public int K { get; }

    /// <summary>Input channels.</summary>
    public int C { get; }

    /// <summary>Filter rows: 3.</summary>
    public int R => 3;

    /// <summary>Filter columns: 3.</summary>
    public int S => 3;

    /// <summary>How the file stores the filters: float32, float16, bfloat16, float64, uint8 or uint16.</summary>
    public string StoredAs { get; }

    /// <summary>Filters [K, C, R, S], row-major, float32. Read at the first call, then kept; mapped where the file
    /// permits.</summary>
    /// <exception cref="WeightException">The values cannot be read, or their checksum in the file is another.</exception>
    /// <exception cref="ObjectDisposedException">The table that the layer came from has been disposed of.</exception>
    public ReadOnlyMemory<float> Filters => filters.Values;

    /// <summary>Biases [K], float32. Read at the first call, then kept; mapped where the file permits.</summary>
    /// <exception cref="WeightException">The values cannot be read, or their checksum in the file is another.</exception>
    /// <exception cref="ObjectDisposedException">The table that the layer came from has been disposed of.</exception>
    public ReadOnlyMemory<float> Biases => biases.Values;

    /// <summary>Copies the filters without keeping them: for programs that pass a network through little memory.</summary>
    /// <param name="destination">K·C·R·S elements. Overwritten.</param>
    public void CopyFilters(Span<float> destination) => filters.CopyTo(destination);

    /// <summary>Copies the biases without keeping them.</summary>
    /// <param name="destination">K elements. Overwritten.</param>
    public void CopyBiases(Span<float> destination) => biases.CopyTo(destination);

    /// <summary>For example <c>conv1_1 [64,3,3,3]</c>.</summary>
    public override string ToString() => $"{Name} [{K},{C},{R},{S}]";
}
