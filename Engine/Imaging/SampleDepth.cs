namespace GatysGpu.Engine.Imaging;

/// <summary>From a picture's samples, 0 to 255 with a fraction, to a file's whole numbers.</summary>
internal static class SampleDepth
{
    /// <summary>round(255 → 255), clamped: the nearest 8-bit value. NaN becomes 0.</summary>
    public static byte To8(float sample) => (byte)(Clamp(sample) + 0.5f);

    /// <summary>round(257·sample), clamped: the nearest 16-bit value, the inverse of value/257. NaN becomes 0.</summary>
    public static ushort To16(float sample) => (ushort)(Clamp(sample) * 257f + 0.5f);

    /// <summary>Refuses a depth that no format here has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is neither 8 nor 16.</exception>
    public static void Check(PictureWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.BitDepth is not (8 or 16))
            throw new ArgumentOutOfRangeException(nameof(options), options.BitDepth, "a picture is written with 8 or 16 bits a sample");
    }

    // Written so that NaN fails both comparisons and ends at 0.
    private static float Clamp(float sample) => sample >= 255f ? 255f : sample > 0f ? sample : 0f;
}
