namespace GatysGpu.Engine.Transfer;

/// <summary>The sizes that a transfer works at, small to large.</summary>
/// <remarks>Gatys et al. 2017, <i>Controlling Perceptual Factors in Neural Style Transfer</i>, Section 6: large forms are decided at a size at
/// which the network's receptive fields cover them, details afterwards.</remarks>
public static class Pyramid
{
    /// <summary>Longer sides of the scales: <paramref name="size"/>, half of it and so on, down to about <paramref name="first"/>.</summary>
    /// <param name="size">The last scale, at least 1.</param>
    /// <param name="first">About the first scale, at least 1.</param>
    public static IReadOnlyList<int> Scales(int size, int first)
    {
        List<int> scales = [size];
        for (double next = size / 2.0; next >= first * 0.75; next /= 2) scales.Insert(0, (int)Math.Round(next));
        return scales;
    }

    /// <summary>Iterations of each scale: <paramref name="last"/> at the last, half as many again at each one before.</summary>
    /// <param name="scales">Number of scales.</param>
    /// <param name="last">Iterations at the last scale.</param>
    public static IReadOnlyList<int> Iterations(int scales, int last) =>
        [.. Enumerable.Range(0, scales).Select(i => (int)Math.Round(last * Math.Pow(1.5, scales - 1 - i)))];
}
