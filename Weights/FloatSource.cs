namespace GatysGpu.Weights;

/// <summary>A run of float32 values that need not be in memory: held, mapped, or read and decoded when asked for.</summary>
/// <remarks>It lets one type, <see cref="WeightLayer"/>, serve the engine, which wants the values to stay, and the converter,
/// which must pass 80 MB through a few.</remarks>
internal sealed class FloatSource
{
    private readonly Action<Span<float>>? read;
    private readonly Func<ReadOnlyMemory<float>>? mapped;
    private ReadOnlyMemory<float> kept;
    private bool isKept;

    /// <summary>Values that are in memory already.</summary>
    public FloatSource(ReadOnlyMemory<float> values) => (Count, kept, isKept) = (values.Length, values, true);

    /// <summary>Values that <paramref name="read"/> writes into a span of exactly <paramref name="count"/> elements.</summary>
    public FloatSource(int count, Action<Span<float>> read) => (Count, this.read) = (count, read);

    /// <summary>Values in a mapped file; <paramref name="mapped"/> throws when the mapping is closed.</summary>
    public FloatSource(int count, Func<ReadOnlyMemory<float>> mapped) => (Count, this.mapped) = (count, mapped);

    /// <summary>How many values.</summary>
    public int Count { get; }

    /// <summary>The values, read at the first call and kept from then on.</summary>
    public ReadOnlyMemory<float> Values
    {
        get
        {
            if (mapped is not null) return mapped();
            if (isKept) return kept;
            float[] values = new float[Count];
            read!(values);
            (kept, isKept) = (values, true);
            return kept;
        }
    }

    /// <summary>Overwrites <paramref name="destination"/>, of <see cref="Count"/> elements, and keeps nothing.</summary>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != Count)
            throw new ArgumentException($"expected room for {Count} values, got {destination.Length}", nameof(destination));
        if (read is not null && !isKept) read(destination);
        else Values.Span.CopyTo(destination);
    }
}
