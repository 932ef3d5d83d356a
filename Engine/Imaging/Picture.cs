namespace GatysGpu.Engine.Imaging;

/// <summary>A picture in memory: three planes of sRGB-encoded samples.</summary>
public sealed class Picture
{
    /// <summary>Makes a black picture.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public Picture(int width, int height) : this(width, height, new float[checked(3L * width * height)]) { }

    /// <summary>Wraps samples without copying them.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="samples">[3, H, W], planes R, G, B, 0 to 255.</param>
    public Picture(int width, int height, float[] samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (samples.LongLength != 3L * width * height)
            throw new ArgumentException($"{width}×{height} pixels need {3L * width * height} samples, not {samples.LongLength}", nameof(samples));
        (Width, Height, Samples) = (width, height, samples);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>[3, H, W] row-major, planes R, G, B, 0 to 255 whatever the file's depth (16-bit samples are divided by 257).</summary>
    public float[] Samples { get; }

    /// <summary>One plane, [H, W] row-major.</summary>
    /// <param name="channel">0 red, 1 green, 2 blue.</param>
    public Span<float> Plane(int channel) => Samples.AsSpan(channel * Width * Height, Width * Height);
}
