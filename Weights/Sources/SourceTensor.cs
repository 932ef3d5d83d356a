namespace GatysGpu.Weights.Sources;

/// <summary>One named array of a published file, found but not read.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Shape">Its sizes, outermost first.</param>
/// <param name="Format">How its numbers are stored.</param>
/// <param name="Read">Writes all its values, row-major in <paramref name="Shape"/>, into a span of exactly their number.</param>
internal sealed record SourceTensor(string Name, long[] Shape, NumberFormat Format, Action<Span<float>> Read)
{
    /// <summary>For example <c>[64,3,3,3]</c>.</summary>
    public string ShapeText => Text(Shape);

    /// <summary>For example <c>[64,3,3,3]</c>.</summary>
    public static string Text(IEnumerable<long> shape) => $"[{string.Join(",", shape)}]";

    /// <summary>Product of the sizes, or null if one is negative or the product exceeds 2^31 − 1: no array of ours is
    /// longer.</summary>
    public static int? Volume(IEnumerable<long> shape)
    {
        long volume = 1;
        foreach (long size in shape)
        {
            if (size < 0 || size > int.MaxValue) return null;
            volume *= size;
            if (volume > int.MaxValue) return null;
        }
        return (int)volume;
    }
}
