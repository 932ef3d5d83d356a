namespace GatysGpu.Engine.Imaging;

/// <summary>The quantisation steps that are written (T.81, annex K.1, scaled as the Independent JPEG Group's encoder does).</summary>
internal static class JpegQuantisation
{
    private static ReadOnlySpan<byte> AnnexKLuma =>
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static ReadOnlySpan<byte> AnnexKChroma =>
    [
        17, 18, 24, 47, 99, 99, 99, 99,
        18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99,
        47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ];

    /// <summary>Steps for one kind of component: annex K's at quality 50, half of them at 75, all 1 at 100.</summary>
    /// <param name="chroma">Which kind.</param>
    /// <param name="quality">1 to 100.</param>
    /// <returns>64 steps, 1 to 255, natural order.</returns>
    public static int[] Steps(bool chroma, int quality)
    {
        int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
        var steps = new int[64];
        for (int i = 0; i < 64; i++)
            steps[i] = Math.Clamp(((chroma ? AnnexKChroma[i] : AnnexKLuma[i]) * percent + 50) / 100, 1, 255);
        return steps;
    }
}
